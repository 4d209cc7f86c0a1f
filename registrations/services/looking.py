"""Who has what open at the desk: a hint for the others, and the mark 'changed since you looked'. No lock, no guard:
the version check decides."""

from datetime import datetime, timedelta

from accounts.models import User
from core.clock import Clock, database_clock
from registrations.models import Look, Registration

# A page says every twenty seconds that it is open; who has said nothing for longer than two of those has left.
PRESENT = timedelta(seconds=45)


def note_look(registration: Registration, *, by: User, number: int, clock: Clock = database_clock) -> None:
    """Notes that `by` has it open now and has seen the timeline up to entry `number`."""
    Look.objects.bulk_create(
        [Look(user=by, registration=registration, number=number, at=clock())],
        update_conflicts=True,
        unique_fields=["registration", "user"],
        update_fields=["number", "at"],
    )


def others_looking(registration: Registration, *, besides: User, now: datetime) -> list[str]:
    """The names of those who have it open now, by name."""
    rows = Look.objects.filter(registration=registration, at__gt=now - PRESENT).exclude(user=besides)
    return sorted(str(row.user) for row in rows.select_related("user"))
