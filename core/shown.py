"""Dates, figures and sizes as text, in the reader's time zone: formatted once in Python, never in the cells of a list."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import formats, timezone


def day(value: date | datetime | None) -> str:
    """A day in the reader's format and time zone; '' for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return formats.date_format(value, "DATE_FORMAT")


def moment(value: datetime | None) -> str:
    """A day with its time; '' for none."""
    return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""


def number(value: Decimal | int) -> str:
    """With grouped thousands; two decimals only where they say something."""
    decimals = 0 if value == int(value) else 2
    return formats.number_format(value, decimals, force_grouping=True)


def size(count: int) -> str:
    """A file's size in words: '340 KB'. `count` is in bytes."""
    if count < 1024:
        return f"{count} bytes"
    if count < 1024 * 1024:
        return f"{round(count / 1024)} KB"
    return f"{count / (1024 * 1024):.1f} MB"


def days_until(moment_: datetime | None, now: datetime) -> int | None:
    """Whole days left, counted up, negative when past; None where there is no end."""
    if moment_ is None:
        return None
    return -int(-(moment_ - now).total_seconds() // 86400)


def days_to(last: date | None, now: datetime) -> int | None:
    """Days from the reader's today to a day, 0 on the day itself, negative when past; None where there is no end."""
    return None if last is None else (last - timezone.localtime(now).date()).days
