"""What others' rights keep from a firm, now and later, in words that tell neither whose they are nor how many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from policies.binding import Right, runs
from policies.findings import Effect
from policies.reach import common, keeps_out, left_of, meet, outermost, stricter, within
from policies.rules.exclusive_right import scope_words
from policies.shown import day_words

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Reserved:
    """Another one's right that keeps the firm out, but for what the firm has rights to itself, `own`. `until`: from then on no
    right keeps it out of all of that as strictly; None without an end."""

    right: Right
    own: tuple[Right, ...]
    until: datetime | None

    @property
    def what(self) -> str:
        """'Gateways in DACH'."""
        own = ", but for what your firm has a right to itself" if self.own else ""
        return f"{scope_words(self.right)}{own}"

    @property
    def refused(self) -> bool:
        """Or only looked at."""
        return self.right.effect == Effect.REFUSED

    @property
    def words(self) -> str:
        """As it is at present."""
        head = "Not open to your firm" if self.refused else "Looked at by a channel manager"
        return f"{head} at present: {self.what}{self._until}."

    @property
    def words_ahead(self) -> str:
        """As it will be."""
        follows = "refused" if self.refused else "looked at by a channel manager"
        told = f"{self.what}: new registrations of your firm will be {follows}{self._until}."
        return f"{told} What is protected by then stays protected."

    @property
    def words_then(self) -> str:
        """As it will be on a day that was named before."""
        head = "not open to your firm" if self.refused else "looked at by a channel manager"
        return f"{head} then: {self.what}{self._until}"

    @property
    def _until(self) -> str:
        return f", until {day_words(self.until - _INSTANT)}" if self.until is not None else ""


def reserved_at(at: datetime, firm: int, others: Iterable[Right], rights: Sequence[Right]) -> list[Reserved]:
    """What of `others`, rights that bind the firm, keeps it out at `at`."""
    others = list(others)
    return [
        Reserved(right, tuple(left_of(right, firm, rights, at)), _until(right, at, firm, others, rights))
        for right in outermost(_keeping_out(at, firm, others, rights))
    ]


def _keeping_out(at: datetime, firm: int, others: Iterable[Right], rights: Sequence[Right]) -> list[Right]:
    return [right for right in others if runs(right, at) and keeps_out(right, firm, rights, at)]


def _until(
    right: Right, at: datetime, firm: int, others: Sequence[Right], rights: Sequence[Right]
) -> datetime | None:
    """Rights that follow one another to the same are one time, so that no day is told on which nothing opens."""
    moments = {moment for one in rights for moment in (one.from_at, one.until) if moment is not None}
    for moment in sorted(moment for moment in moments if moment > at):
        out = _keeping_out(moment, firm, others, rights)
        if not any(within(right, one) and stricter(one, right) for one in out):
            return moment
    return None


def reserved_later(
    now: datetime, firm: int, others: Sequence[Right], rights: Sequence[Right]
) -> list[tuple[datetime, Reserved]]:
    """What keeps the firm out from a later moment on and does not before: as others' rights begin, and as its own end beside
    them."""
    moments = {moment for right in rights for moment in (right.from_at, right.until) if moment is not None}
    found, before = [], reserved_at(now, firm, others, rights)
    for moment in sorted(moment for moment in moments if moment > now):
        then = reserved_at(moment, firm, others, rights)
        found += [(moment, one) for one in then if not any(_covers(was, one) for was in before)]
        before = then
    return found


def closed_with(
    own: Right, end: datetime, others: Sequence[Right], rights: Sequence[Right]
) -> list[Reserved]:
    """What of `others`, which run already, keeps the firm out of a part of its `own` right as that ends, and did not before. One
    that begins with the end is left out: it is announced for itself."""
    running = [right for right in others if meet(right, own) and right.from_at < end]
    before = reserved_at(end - _INSTANT, own.partner, running, rights)
    then = reserved_at(end, own.partner, running, rights)
    return [one for one in then if not any(_covers(was, one) for was in before)]


def _covers(was: Reserved, one: Reserved) -> bool:
    """Whether all of it was as closed before: one right that follows another to the same, or to more, is no change, where as
    much of it is left to the firm by its own."""
    left = [common(own, one.right) for own in was.own if meet(own, one.right)]
    same_own = all(any(within(part, still) for still in one.own) for part in left)
    return same_own and within(one.right, was.right) and stricter(was.right, one.right)
