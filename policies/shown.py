"""Days of the policies as text. Rights, requirements and texts begin and end at midnight where the vendor works."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats


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


def day_words(moment: datetime | None) -> str:
    """'31 Mar 2027'; '' for none."""
    return formats.date_format(vendor_day(moment), "DATE_FORMAT") if moment else ""


def period_words(begins: datetime, ends: datetime | None) -> str:
    """'1 Jan 2027 – 31 Mar 2027', 'from 1 Jan 2027'."""
    if ends is None:
        return f"from {day_words(begins)}"
    return f"{day_words(begins)} – {formats.date_format(last_day(ends), 'DATE_FORMAT')}"
