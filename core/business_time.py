"""Time as people at work count it: business days and business hours, less weekends and public holidays.

Holidays and weekends come from the `holidays` library by country, so a Friday in Riyadh is a day off and a bridge day in
Berlin is not. Days are days of the calendar's time zone; hours are real hours within opening times, so that a change to
summer time neither adds nor takes one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings

# A country whose library data say that nobody works for that long would keep a loop busy for ever.
_MOST_DAYS = 3660


@dataclass(frozen=True)
class Calendar:
    """Where and when somebody works. `country` is ISO 3166-1 alpha-2; unknown or empty means Monday to Friday without
    public holidays. `opens` and `closes` are wall-clock times of one day, the first before the second."""

    country: str = ""
    time_zone: str = "UTC"
    opens: time = time(9)
    closes: time = time(17)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("a working day begins before it ends")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone; raises ZoneInfoNotFoundError for a name that is none."""
        return ZoneInfo(self.time_zone)

    @property
    def day_length(self) -> timedelta:
        """How long a working day is by the wall clock."""
        day = date(2000, 1, 3)
        return datetime.combine(day, self.closes) - datetime.combine(day, self.opens)

    def is_working(self, day: date) -> bool:
        """Whether people work on `day`."""
        return _is_working(self.country, day)

    def window(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing of `day` as moments in UTC."""
        zone = self.zone
        return (
            datetime.combine(day, self.opens, zone).astimezone(UTC),
            datetime.combine(day, self.closes, zone).astimezone(UTC),
        )


def vendor_calendar() -> Calendar:
    """The vendor's: settings VENDOR_COUNTRY, VENDOR_TIME_ZONE, VENDOR_HOURS ('09:00-17:00')."""
    opens, _, closes = settings.VENDOR_HOURS.partition("-")
    return Calendar(
        settings.VENDOR_COUNTRY,
        settings.VENDOR_TIME_ZONE,
        time.fromisoformat(opens.strip()),
        time.fromisoformat(closes.strip()),
    )


def add_business_days(start: datetime, days: int, calendar: Calendar) -> datetime:
    """`start` (aware) plus `days` working days at the same time by the wall clock. From a Saturday, one day leads to
    Monday. A wall-clock time that a change to summer time skips becomes the one an hour later. UTC."""
    local = start.astimezone(calendar.zone)
    day, left = local.date(), days
    for _ in range(_MOST_DAYS):
        if left <= 0:
            break
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    moved = local if days <= 0 else datetime.combine(day, local.timetz())
    return moved.astimezone(UTC)


def add_business_hours(start: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """The moment (UTC) at which `length` of opening hours has passed since `start` (aware); never before `start`."""
    moment, left = start.astimezone(UTC), length
    day = moment.astimezone(calendar.zone).date()
    for _ in range(_MOST_DAYS):
        if left <= timedelta(0):
            break
        if calendar.is_working(day):
            opens, closes = calendar.window(day)
            begun = max(moment, opens)
            if begun < closes:
                if begun + left <= closes:
                    return begun + left
                left -= closes - begun
        day += timedelta(days=1)
    return moment


def business_time_between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much opening time lies between two aware moments; negative when `end` comes first."""
    if end < start:
        return -business_time_between(end, start, calendar)
    begin, finish = start.astimezone(UTC), end.astimezone(UTC)
    day, last = begin.astimezone(calendar.zone).date(), finish.astimezone(calendar.zone).date()
    passed = timedelta(0)
    for _ in range(_MOST_DAYS):
        if day > last:
            break
        if calendar.is_working(day):
            opens, closes = calendar.window(day)
            passed += max(timedelta(0), min(finish, closes) - max(begin, opens))
        day += timedelta(days=1)
    return passed


@lru_cache(maxsize=64)
def _holidays(country: str) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country) if country else holidays.HolidayBase()
    except NotImplementedError:
        return holidays.HolidayBase()


@lru_cache(maxsize=8192)
def _is_working(country: str, day: date) -> bool:
    return bool(_holidays(country).is_working_day(day))
