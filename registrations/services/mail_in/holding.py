"""Mail that comes in while a decision about its registration can still be undone: it waits for what becomes of that."""

from datetime import datetime, timedelta

from registrations.models import Decision, IncomingMail, Registration
from registrations.services.bulk import HELD_SECONDS
from registrations.services.transitions import held_together


class NotYet(Exception):
    """The mail, or for one of its addresses, has to come again at the next look. `rows` are the lines in the log of what was
    dealt with."""

    def __init__(self, rows: list[IncomingMail]):
        super().__init__("a decision can still be undone")
        self.rows = rows


def can_be_undone(registration: Registration, now: datetime) -> bool:
    """Whether the mail of a decision that changed this registration, or may have, is still held back."""
    # No hold is longer than that of many decisions at once.
    since = now - timedelta(seconds=HELD_SECONDS)
    made = Decision.objects.filter(
        registration__company__in=held_together(registration.company_id or 0),
        at__gt=since,
        undo__isnull=False,
        undone_at=None,
    )
    return any(
        now <= decision.at + timedelta(seconds=decision.undo.get("held", HELD_SECONDS))
        and registration.pk in {decision.registration_id, *(told["id"] for told in decision.undo["deals"])}
        for decision in made
        if decision.undo
    )
