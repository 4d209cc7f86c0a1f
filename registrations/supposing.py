"""What would be if a registration ended. A page says beforehand what a decision will do: inside `ended` the functions that
will decide then read as if it were over already, so that there is no second copy of their rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_over: ContextVar[frozenset[int]] = ContextVar("registrations supposed to be over", default=frozenset())


@contextmanager
def ended(registration: int) -> Iterator[None]:
    """Inside, the registration with this id holds and wants nothing."""
    token = _over.set(_over.get() | {registration})
    try:
        yield
    finally:
        _over.reset(token)


def over() -> frozenset[int]:
    """The ids of the registrations that are supposed to be over."""
    return _over.get()
