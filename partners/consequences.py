"""What a change of a firm's status does to what apps further up keep of it: said beforehand, and done with the change.

Each app gives one Entry when it is ready (registrations: open registrations; leads: leads given out). This app doesn't know
who they are; partners/services/standing.py asks them before the change, for the page, and calls them with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core.clock import Clock
from partners.enums import StandingChange
from partners.models import Partner


@dataclass(frozen=True)
class Consequence:
    """One sentence of what follows: `label` ('4 protected registrations are revoked'), how many records it is about, the
    address of their list, and `note` for what becomes of them. `changes` is false for what stays as it is."""

    key: str
    label: str
    count: int
    url: str = ""
    note: str = ""
    changes: bool = True


@dataclass(frozen=True)
class Ended:
    """One record that ended with the partnership, as its people read it: which, and what became of it. `group` is the
    heading that it stands under."""

    group: str
    title: str
    note: str


@dataclass(frozen=True)
class Entry:
    """What an app knows. `foresee(partner, change)` says what `carry_out` would do now, in a constant number of queries;
    `carry_out(partner, change, by=…, reason=…, clock=…)` does it inside the caller's transaction, after the firm's status is
    written, and returns how many records it changed by the consequence's key. Both must count the same rows.

    Where there may be thousands, the app is `bounded`: its `carry_out` takes `most`, too, ends at most so many, and is
    called again in later transactions. `ended(partner, since)` says who is to read what ended with the partnership from
    that moment on: one mail a person carries all of it, so `carry_out` writes none to the firm's own people."""

    name: str
    foresee: Callable[[Partner, StandingChange], list[Consequence]]
    carry_out: Callable[..., dict[str, int]]
    order: int = 100
    bounded: bool = False
    ended: Callable[[Partner, datetime], list[tuple[User, Ended]]] | None = None


_entries: list[Entry] = []


def provide(entry: Entry) -> None:
    """Adds an entry; an app does so when it is ready. Those with a lower `order` come first."""
    if all(known.name != entry.name for known in _entries):
        _entries.append(entry)
        _entries.sort(key=lambda known: (known.order, known.name))


def foresee(partner: Partner, change: StandingChange) -> list[Consequence]:
    """What `change` would do to this firm's records now; consequences of nothing are left out."""
    found = [consequence for entry in _entries for consequence in entry.foresee(partner, change)]
    return [consequence for consequence in found if consequence.count]


def left_to_do(partner: Partner, change: StandingChange) -> list[Consequence]:
    """Those that would change something now."""
    return [consequence for consequence in foresee(partner, change) if consequence.changes]


def carry_out(
    partner: Partner,
    change: StandingChange,
    *,
    by: User | None,
    reason: str,
    clock: Clock,
    most: int | None = None,
) -> dict[str, int]:
    """Does it, entry by entry; returns how many records changed, by key. With `most` the bounded entries change no more
    than that together; what is left is for the next call."""
    done: dict[str, int] = {}
    for entry in _entries:
        bound = {"most": most} if entry.bounded else {}
        changed = entry.carry_out(partner, change, by=by, reason=reason, clock=clock, **bound)
        if most is not None and entry.bounded:
            most = max(most - sum(changed.values()), 0)
        done |= changed
    return {key: number for key, number in done.items() if number}


def ended_since(partner: Partner, since: datetime) -> list[tuple[User, Ended]]:
    """Who is to read that which record ended with the partnership since a moment, entry by entry."""
    return [row for entry in _entries if entry.ended is not None for row in entry.ended(partner, since)]
