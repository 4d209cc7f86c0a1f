"""What a change of a firm's status does to what apps further up keep of it: said beforehand, and done with the change.

Each app gives one Entry when it is ready (registrations: open registrations; leads: leads given out). This app doesn't know
who they are; partners/services/standing.py asks them before the change, for the page, and calls them with it.
"""

from collections.abc import Callable
from dataclasses import dataclass

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
class Entry:
    """What an app knows. `foresee(partner, change)` says what `carry_out` would do now, in a constant number of queries;
    `carry_out(partner, change, by=…, reason=…, clock=…)` does it inside the caller's transaction, after the firm's status is
    written, and returns how many records it changed by the consequence's key. Both must count the same rows."""

    name: str
    foresee: Callable[[Partner, StandingChange], list[Consequence]]
    carry_out: Callable[..., dict[str, int]]
    order: int = 100


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


def carry_out(
    partner: Partner, change: StandingChange, *, by: User | None, reason: str, clock: Clock
) -> dict[str, int]:
    """Does it, entry by entry; returns how many records changed, by key."""
    done: dict[str, int] = {}
    for entry in _entries:
        done |= entry.carry_out(partner, change, by=by, reason=reason, clock=clock)
    return {key: number for key, number in done.items() if number}
