"""Whether a lead's deadline counts: the clock decides, the portal's next look only tidies up. The days count from when the firm
was told, as those of an offer do: while its mail has not left there is no deadline."""

from datetime import datetime, timedelta

from core.errors import TooLate
from leads.enums import Way
from leads.models import Gift
from leads.services import notices
from leads.services.deadlines import answer_by
from registrations import shown

# A mail that leaves within this time has left at once.
AT_ONCE = timedelta(hours=1)


def closes_at(gift: Gift) -> datetime | None:
    """When the time to answer is really over: the promised deadline, or all the business days after its mail was handed to the
    mail server, if that was later; None while it has not left. What the firm claimed itself, or could not be told, ends as
    promised."""
    if gift.way == Way.POOL or notices.reaches_nobody(gift):
        return gift.answer_by
    told = notices.told_at(gift)
    if told is None:
        return None
    full = answer_by(gift.partner, told)
    return full if full > gift.answer_by + AT_ONCE else gift.answer_by


def is_over(gift: Gift, now: datetime) -> bool:
    """Whether the time to answer has passed: then the portal pulls it back, and nobody can answer it any more."""
    if gift.answer_by > now:
        return False
    ends = closes_at(gift)
    return ends is not None and ends <= now


def require_in_time(gift: Gift, now: datetime) -> None:
    """Raises TooLate where the time to answer has passed."""
    if is_over(gift, now):
        ended = closes_at(gift) or gift.answer_by
        raise TooLate(
            f"Your firm had until {shown.moment(ended)} to answer, so nothing was changed and the lead goes on to "
            "others. If you still want it, ask your channel manager."
        )
