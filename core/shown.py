"""Dates, figures and sizes as text, in the reader's time zone: formatted once in Python, never in the cells of a list."""

import unicodedata
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


def unbroken(text: str) -> str:
    """The same on one line: for a day within the words of a choice, which no style holds together."""
    return text.replace(" ", "\u00a0")


def moment(value: datetime | None) -> str:
    """A day with its time; '' for none."""
    return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""


def number(value: Decimal | int) -> str:
    """With grouped thousands; two decimals only where they say something."""
    decimals = 0 if value == int(value) else 2
    return formats.number_format(value, decimals, force_grouping=True)


def percent(value: Decimal | float) -> str:
    """A percentage, the same way everywhere: '67%', with one decimal where that says something: '42.5%'."""
    return f"{value:.1f}".removesuffix(".0") + "%"


def share(part: int, whole: int) -> int:
    """Whole percent, rounded; 100 only for all of them, 0 only for none. Nothing of nothing is 0."""
    if not 0 < part < whole:
        return 100 if whole and part >= whole else 0
    return min(99, max(1, (200 * part + whole) // (2 * whole)))


def sentence(words: str) -> str:
    """The words with a full stop, unless they end with one: 'It is the same company as Apex Corp.'"""
    return words if words.endswith(".") else f"{words}."


def listed(*parts: str) -> str:
    """What there is of the parts, with commas between; words that run from right to left don't turn the rest round."""
    return ", ".join(f"\u2068{part}\u2069" if _runs_left(part) else part for part in parts if part)


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text)


def size(count: int) -> str:
    """A file's size in words: '340 KB'. `count` is in bytes."""
    if count < 1024:
        return f"{count} bytes"
    if count < 1024 * 1024:
        return f"{round(count / 1024)} KB"
    return f"{count / (1024 * 1024):.1f} MB"


def days_until(moment_: datetime | None, now: datetime) -> int | None:
    """Days of the reader's calendar until the day of a moment, as mail counts them: 0 on the day itself, negative once the
    moment is past; None where there is no end."""
    if moment_ is None:
        return None
    days = (timezone.localtime(moment_).date() - timezone.localtime(now).date()).days
    return days if moment_ > now else min(days, -1)


def days_to(last: date | None, now: datetime) -> int | None:
    """Days from the reader's today to a day, 0 on the day itself, negative when past; None where there is no end."""
    return None if last is None else (last - timezone.localtime(now).date()).days
