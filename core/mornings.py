"""When mail reaches people: in their day, else in their next morning. Days are calendar days of the reader, so a change to
summer time or a leap day moves nothing."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MORNING = time(8)
EVENING = time(20)


def morning_of(day: date, zone: ZoneInfo) -> datetime:
    """8 o'clock of `day` in `zone`, in UTC."""
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def next_morning(moment: datetime, zone: ZoneInfo) -> datetime:
    """The first 8 o'clock of `zone` that is not before `moment`, in UTC."""
    day = moment.astimezone(zone).date()
    return next(at for days in (0, 1) if (at := morning_of(day + timedelta(days=days), zone)) >= moment)


def sending_time(now: datetime, zone: ZoneInfo, *, last: datetime | None = None) -> datetime:
    """`now` in the reader's day, else their next morning; `now` all the same where that morning would not come before
    `last`: quiet hours never push a warning past the end."""
    if MORNING <= now.astimezone(zone).time() < EVENING:
        return now
    morning = next_morning(now, zone)
    return now if last is not None and now < last <= morning else morning


def days_between(now: datetime, until: datetime, zone: ZoneInfo) -> int:
    """Calendar days of the reader from `now` to `until`, never below 0: what 'days left' says in a mail."""
    return max(0, (until.astimezone(zone).date() - now.astimezone(zone).date()).days)


def zone_of(name: str) -> ZoneInfo:
    """The time zone with an IANA name; UTC for one that is none, since no mail may fail for it."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
