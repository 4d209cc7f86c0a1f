"""Holding back all mail of a piece of work: so that it can still be undone, or since its readers sleep.

What is written inside `hold_mail` waits its seconds, whoever writes it: a decision's own mail and those of all that
follows from it. The messages are kept by id, for cancel_message. What is written inside `by_calendar` waits for the
reader's day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.mornings import sending_time, zone_of


@dataclass
class Held:
    """A hold: for how many seconds, and the ids of the messages that were written under it."""

    seconds: int
    messages: list[int] = field(default_factory=list)


_current: ContextVar[Held | None] = ContextVar("held", default=None)
_calendar: ContextVar[tuple[datetime, datetime | None] | None] = ContextVar("by calendar", default=None)


@contextmanager
def hold_mail(seconds: int) -> Iterator[Held]:
    """Holds back every message written inside for `seconds`. A hold inside another belongs to the outer one."""
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    held = Held(seconds)
    token = _current.set(held)
    try:
        yield held
    finally:
        _current.reset(token)


def current() -> Held | None:
    """The hold that stands now, if any."""
    return _current.get()


@contextmanager
def by_calendar(now: datetime, *, last: datetime | None = None) -> Iterator[None]:
    """What is done inside at `now` is done by the portal, because of a date: nobody waits at a screen for its mail. It
    leaves in each reader's day, else in their next morning, but before `last` if it can; unless it says itself when."""
    token = _calendar.set((now, last))
    try:
        yield
    finally:
        _calendar.reset(token)


def wait_for_day(time_zone: str) -> timedelta:
    """How long mail written now waits for the day of a reader in `time_zone`; not at all outside `by_calendar`."""
    calendar = _calendar.get()
    if calendar is None:
        return timedelta(0)
    now, last = calendar
    return sending_time(now, zone_of(time_zone), last=last) - now
