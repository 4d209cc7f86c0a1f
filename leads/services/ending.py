"""Ending a gift: the firm answered, let it pass, or lost it."""

from datetime import datetime

from accounts.models import User
from leads.enums import GiftEnd
from leads.models import Gift
from leads.services import notices
from registrations.services.claims import end_claim


def end_gift(gift: Gift, how: GiftEnd, *, by: User | None, at: datetime, text: str = "") -> None:
    """Ends a gift that the firm did not answer; its claim on the company ends with it. The lead is locked."""
    gift.text = text
    end(gift, how, by=by, at=at)
    end_claim(gift.lead.code, at=at)


def end(gift: Gift, how: GiftEnd, *, by: User | None, at: datetime) -> None:
    """Ends a gift. What still waits to be said about it is never sent."""
    gift.end, gift.ended_at, gift.ended_by = how, at, by
    gift.save(update_fields=["end", "ended_at", "ended_by", "reason", "text"])
    notices.take_back(gift)
