"""A lead whose deal a person gave to another firm while it was out: its firm is told."""

from datetime import datetime

from leads.models import Gift
from leads.services import notices


def tell_passed(code: str, *, reason: str, occasion: str, at: datetime) -> None:
    """The firm that has the lead with this code learns that the deal went to another registration, and the `reason`; never to
    whom. Whoever ends a gift holds its company, as the caller does, so this needs no lock of its own. At what only may be the
    same company the caller doesn't: who answers in that very moment may read of it all the same."""
    gift = Gift.objects.open().select_related("lead", "partner").filter(lead__code=code).first()
    if gift is not None:
        notices.given_past(gift, reason=reason, occasion=occasion, at=at)
