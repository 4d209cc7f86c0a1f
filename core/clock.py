"""Time. The database's clock decides, so that a server whose own clock is wrong changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection

Clock = Callable[[], datetime]


def database_clock() -> datetime:
    """The database's wall clock now, aware, UTC. Not the transaction's start: `clock_timestamp()` moves on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def fixed(moment: datetime) -> Clock:
    """A clock that stands still at `moment` (aware): for commands with --now, for imports and for tests."""
    if moment.tzinfo is None:
        raise ValueError("a clock needs an aware datetime")
    return lambda: moment
