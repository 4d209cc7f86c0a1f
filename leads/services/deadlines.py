"""Until when a firm has to answer: business days of the firm's own country."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from core.business_time import Calendar, add_business_days
from partners.models import Partner

# Business days before the deadline at which a silent firm is reminded.
_NEAR = 1


def calendar_of(partner: Partner) -> Calendar:
    """The firm's working days; an unreadable time zone counts as UTC."""
    try:
        zone = str(ZoneInfo(partner.time_zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = "UTC"
    return Calendar(str(partner.country or ""), zone)


def answer_by(partner: Partner, at: datetime) -> datetime:
    """The deadline of a lead given at `at`: settings.LEAD_ANSWER_BUSINESS_DAYS later."""
    return add_business_days(at, settings.LEAD_ANSWER_BUSINESS_DAYS, calendar_of(partner))


def is_near(deadline: datetime, partner: Partner, now: datetime) -> bool:
    """Whether the deadline comes within the next business day."""
    return now < deadline <= add_business_days(now, _NEAR, calendar_of(partner))
