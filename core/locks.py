"""Locks of the database that belong to no row."""

from django.db import connection
from django.db.transaction import TransactionManagementError


def wait_in_line(number: int) -> None:
    """Waits until no other transaction holds the lock of that number, and holds it to the end of this one. Taking it twice does
    no harm. At READ COMMITTED, the portal's isolation level, the statements that follow see everything committed until then.

    A number stands for one thing in this database: the ASCII codes of four letters that name it. Raises
    TransactionManagementError outside a transaction, where the lock would be gone at once.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A lock of a transaction needs one")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
