"""A chain of hashes over the entries of a timeline: what was written once cannot be changed without being found out.

Apps keep their own entries and say what belongs to an entry's content; the sealing and the walk along the chain are here.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar


class Entry(Protocol):
    """What every entry of a chain carries. `number` counts from 1 without gaps."""

    number: int
    previous_hash: str
    hash: str


class Head(Protocol):
    """The database's own note of a chain's last entry."""

    number: int
    hash: str


E = TypeVar("E", bound=Entry)


def seal(content: dict[str, Any]) -> str:
    """SHA-256 over `content` (plain JSON values, the hash before it among them), as hexadecimal."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(entries: Iterable[E], digest: Callable[[E], str]) -> E | int | None:
    """None if the chain is intact; the first entry that does not fit; or the number of a missing one.

    `entries` come in order of their numbers; `digest` says what an entry's hash should be.
    """
    previous, expected = "", 1
    for entry in entries:
        if entry.number != expected:
            return expected
        if entry.previous_hash != previous or entry.hash != digest(entry):
            return entry
        previous, expected = entry.hash, expected + 1
    return None


def first_broken_to_the_end(
    entries: Sequence[E], head: Head | None, digest: Callable[[E], str]
) -> E | int | None:
    """The same, of a chain whose end the database noted: entries cut off there, put in past it or written anew are found."""
    broken = first_broken(entries, digest)
    if broken is not None or (head is None and not entries):
        return broken
    noted = head.number if head else 0
    if head is None or noted > len(entries):
        return len(entries) + 1
    if noted < len(entries):
        return entries[noted]
    return None if entries[-1].hash == head.hash else entries[-1]
