"""Whether a lead's deadline counts: the clock decides, the portal's next look only tidies up. It does not count where the firm
was never told."""

from datetime import datetime

from core.errors import TooLate
from leads.enums import Way
from leads.models import Gift
from leads.services import notices
from registrations import shown


def was_reached(gift: Gift, now: datetime) -> bool:
    """Whether the firm was told of the lead: it claimed it itself, a mail was handed over long enough ago, or every mail was
    given up for good."""
    return gift.way == Way.POOL or notices.was_told(gift, now) or notices.is_undeliverable(gift)


def is_over(gift: Gift, now: datetime) -> bool:
    """Whether the time to answer has passed: then the portal pulls it back, and nobody can answer it any more."""
    return gift.answer_by <= now and was_reached(gift, now)


def require_in_time(gift: Gift, now: datetime) -> None:
    """Raises TooLate where the time to answer has passed."""
    if is_over(gift, now):
        raise TooLate(
            f"Your firm had until {shown.moment(gift.answer_by)} to answer, so nothing was changed and the lead goes on to "
            "others. If you still want it, ask your channel manager."
        )
