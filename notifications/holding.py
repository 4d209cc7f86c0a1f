"""Holding back all mail of a piece of work, so that the work can still be undone.

What is written inside `hold_mail` waits its seconds, whoever writes it: a decision's own mail and those of all that
follows from it. The messages are kept by id, for cancel_message.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Held:
    """A hold: for how many seconds, and the ids of the messages that were written under it."""

    seconds: int
    messages: list[int] = field(default_factory=list)


_current: ContextVar[Held | None] = ContextVar("held", default=None)


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
