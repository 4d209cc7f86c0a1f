"""A year of rights side by side: bars over months, in units that a drawing can use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from core.vendor_days import midnight, vendor_day
from policies.models import ExclusiveRight
from policies.rights import right_words
from policies.shown import period_words

MONTHS = 15  # three behind, the running one, eleven ahead
_BEHIND = 3
WIDTH = 1200


@dataclass(frozen=True)
class Bar:
    """One right: from `x` on, `width` wide, of WIDTH in all. `tone` is that of its state."""

    label: str
    partner: str
    url: str
    words: str
    x: int
    width: int
    tone: str


@dataclass(frozen=True)
class Month:
    """A column: its short name, where it begins, and the year where that changes."""

    name: str
    x: int
    year: str


@dataclass(frozen=True)
class Calendar:
    """Columns, bars, and where today stands."""

    months: list[Month]
    bars: list[Bar]
    today: int
    words: str


def calendar_of(rights: Iterable[ExclusiveRight], now: datetime) -> Calendar:
    """The rights that run at some time in the window around `now`, the one that begins first on top."""
    starts = _months(vendor_day(now))
    begin, end = midnight(starts[0]), midnight(starts[-1])
    span = (end - begin).total_seconds()

    def place(moment: datetime) -> int:
        return round(WIDTH * (min(max(moment, begin), end) - begin).total_seconds() / span)

    bars = []
    for right in sorted(rights, key=lambda right: (right.begins_at, right.pk)):
        if right.begins_at >= end or (right.ends_at is not None and right.ends_at <= begin):
            continue
        x, until = place(right.begins_at), place(right.ends_at or end)
        bars.append(
            Bar(
                label=right_words(right),
                partner=str(right.partner),
                url=reverse("policies:right", args=[right.code]),
                words=f"{period_words(right.begins_at, right.ends_at)}{'' if right.is_exclusive else ', not exclusive'}",
                x=x,
                width=max(until - x, 6),
                tone=_tone(right, now),
            )
        )
    months = [
        Month(f"{month:%b}", place(midnight(month)), f"{month:%Y}" if number == 0 or month.month == 1 else "")
        for number, month in enumerate(starts[:-1])
    ]
    return Calendar(months, bars, place(now), f"{starts[0]:%B %Y} to {starts[-2]:%B %Y}")


def _months(today: date) -> list[date]:
    """The first days of the window's months, and of the one after."""
    first = today.year * 12 + today.month - 1 - _BEHIND
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first + MONTHS + 1)]


def _tone(right: ExclusiveRight, now: datetime) -> str:
    if right.begins_at > now:
        return "wait"
    return "off" if right.ends_at is not None and right.ends_at <= now else "ok"
