"""The ladder before the end of a certificate. Functions of dates and the firm's time zone.

Warnings stand at 8 in the firm's morning, counted in calendar days, so a leap day or a change to summer time moves nothing.
The end itself is a moment: the vendor's midnight after the last day.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.mornings import morning_of
from core.vendor_days import midnight

# Days before the last day on which the firm is warned.
WARNED_DAYS = (60, 30, 7)
LAPSED = 0
_DAY = timedelta(days=1)


def end_of(valid_to: date) -> datetime:
    """The first moment at which a certificate no longer holds."""
    return midnight(valid_to + _DAY)


def due(valid_to: date, zone: ZoneInfo, now: datetime) -> list[int]:
    """The milestones that have come by `now`, the newest last: days before the end, LAPSED for the end itself."""
    found = [days for days in WARNED_DAYS if morning_of(valid_to - timedelta(days=days), zone) <= now]
    return [*found, LAPSED] if end_of(valid_to) <= now else found
