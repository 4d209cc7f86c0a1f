"""The vendor's days. What begins and ends by the day (rights, requirements, certificates, agreements) does so at midnight
where the vendor works, so that it opens and closes on the days that are printed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def vendor_zone() -> ZoneInfo:
    """Where the vendor's days begin."""
    return ZoneInfo(settings.VENDOR_TIME_ZONE)


def vendor_day(moment: datetime) -> date:
    """The vendor's day that a moment lies in."""
    return moment.astimezone(vendor_zone()).date()


def last_day(end: datetime) -> date:
    """The last day of something that ends at `end`, which is not part of it."""
    return vendor_day(end - timedelta(microseconds=1))


def midnight(day: date) -> datetime:
    """The beginning of a day of the vendor's."""
    return datetime.combine(day, time(), vendor_zone())
