"""Which version of the rules the index was written by, and who may write it now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from companies.matching.entries import VERSION
from core.errors import DomainError

# The ASCII codes of 'indx': any number does that nothing else in this database locks.
_WRITING = 0x696E6478
_PATIENCE = "25s"
# Where nothing was written yet every name has its mark, so the index is of any version. Entries that nothing is said about
# are of none: rules before the first.
_UNTOLD = "CASE WHEN EXISTS (SELECT FROM companies_nameentry) THEN 0 END"
_VERSION = f"""
WITH first AS (
    INSERT INTO companies_indexstate (id, version, names)
    SELECT 1, coalesce({_UNTOLD}, %s), 0
     WHERE NOT EXISTS (SELECT FROM companies_indexstate) ON CONFLICT DO NOTHING RETURNING version
)
SELECT version FROM companies_indexstate UNION ALL SELECT version FROM first
"""
# Names without an entry that are looked at one by one; with more of them there is no answer.
MOST_UNINDEXED = 500
# The state as three columns, to be part of any statement.
STATE = f"""
coalesce((SELECT version FROM companies_indexstate), {_UNTOLD}), (SELECT names FROM companies_indexstate),
(SELECT count(*) FROM (SELECT FROM companies_unindexedname LIMIT {MOST_UNINDEXED + 1}) AS marks)
"""


class IndexNotReady(DomainError):
    """The index is being rebuilt: an answer from it could be wrong, so there is none."""

    status = 503
    title = "The index of companies is being rebuilt"


class IndexBusy(DomainError):
    """Somebody else is writing the index and does not end soon."""

    status = 409
    title = "The index of companies is being written already"


def check_state(version: int | None, unindexed: int) -> bool:
    """Whether some names have no entry yet. Raises IndexNotReady where they are too many, or the version is another; None
    says that there is no index yet."""
    if version not in (None, VERSION) or unindexed > MOST_UNINDEXED:
        raise IndexNotReady("The index of companies is being rebuilt.")
    return unindexed > 0


def check_ready() -> bool:
    """As `check_state`, asking the database: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STATE}")
        version, _, unindexed = cursor.fetchone()
    return check_state(version, unindexed)


def may_write() -> bool:
    """Whether this transaction may write entries: no rebuild is on, and the index is of this code's version.

    A rebuild then waits for the end of this transaction. Where it may not, marks are left for whoever may.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [_WRITING])
        if not cursor.fetchone()[0]:
            return False
        # A statement of its own: it has to see what a rebuild committed just before the lock was free.
        cursor.execute(_VERSION, [VERSION])
        row = cursor.fetchone()
        return row is not None and bool(row[0] == VERSION)


def lock_writing(cursor: Any) -> None:
    """Waits until no transaction is writing entries, and keeps others from it until this one ends: they leave marks."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITING])


@contextmanager
def writing_alone() -> Iterator[None]:
    """As `lock_writing`, but for a block with transactions of its own. A connection that is lost lets go as well. Raises
    IndexBusy where another rebuild, or a transaction that writes entries, does not end soon."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
            cursor.execute("SELECT pg_advisory_lock(%s)", [_WRITING])
    except OperationalError as error:
        raise IndexBusy("Another run is writing the index. Start this one again when it is done.") from error
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_WRITING])
