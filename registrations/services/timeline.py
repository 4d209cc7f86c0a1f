"""Writing and verifying the hash chain of a registration's timeline."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db.models import Q

from accounts.models import User
from core import chain
from registrations.enums import Audience, Status
from registrations.models import Registration, TimelineEntry, TimelineHead


@dataclass(frozen=True)
class Event:
    """What an entry of a timeline says, and of which registration."""

    registration: Registration
    kind: str
    audience: Audience = Audience.BOTH
    data: dict[str, Any] = field(default_factory=dict)


def record(
    registration: Registration,
    kind: str,
    *,
    actor: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
    audience: Audience = Audience.BOTH,
) -> TimelineEntry:
    """Appends an entry. The caller holds the registration's row lock, so numbers have no gaps."""
    (entry,) = record_all([Event(registration, kind, audience, data or {})], actor=actor, at=at)
    return entry


def record_all(events: Sequence[Event], *, actor: User | None, at: datetime) -> list[TimelineEntry]:
    """Appends an entry for each event, in their order. The caller holds the row locks of all their registrations."""
    last = _last_of({event.registration.pk for event in events})
    entries = []
    for event in events:
        number, previous = last.get(event.registration.pk, (0, ""))
        entry = TimelineEntry(
            registration=event.registration,
            number=number + 1,
            at=at,
            actor=actor,
            kind=event.kind,
            audience=event.audience,
            data=event.data,
            previous_hash=previous,
        )
        entry.hash = digest(entry, event.registration.code)
        last[event.registration.pk] = (entry.number, entry.hash)
        entries.append(entry)
    TimelineEntry.objects.bulk_create(entries)
    return entries


def _last_of(registrations: set[int]) -> dict[int, tuple[int, str]]:
    """Number and hash of the last entry of each, for those that have one."""
    entries = TimelineEntry.objects.filter(registration__in=registrations)
    last = entries.order_by("registration", "-number").distinct("registration")
    rows = last.values_list("registration", "number", "hash")
    return {registration: (number, sealed) for registration, number, sealed in rows}


def sealed_content(entry: TimelineEntry, code: str) -> dict[str, Any]:
    """What the hash of an entry is taken over: plain JSON values, the registration's code and the hash before it."""
    return {
        "registration": code,
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "kind": entry.kind,
        "audience": entry.audience,
        "data": entry.data,
        "previous": entry.previous_hash,
    }


def digest(entry: TimelineEntry, code: str) -> str:
    """SHA-256 over the entry's content, the registration's code and the hash before it, as hexadecimal."""
    return chain.seal(sealed_content(entry, code))


def first_broken(
    registration: Registration, entries: Sequence[TimelineEntry] | None = None
) -> TimelineEntry | int | None:
    """None if the chain is intact; the first entry that does not fit; or the number of a missing one. `entries` are the
    registration's in their order, where they are at hand."""
    if entries is None:
        entries = list(registration.timeline.order_by("number"))
    head = TimelineHead.objects.filter(registration=registration).first()
    return _first_broken(registration.code, entries, head)


def chains(
    registrations: Iterable[int] | None = None,
) -> Iterator[tuple[str, int, TimelineEntry | int | None]]:
    """Every chain: code, number of entries, and the first broken one as in `first_broken`. All registrations, or those
    with these ids. Reads in portions, however many entries there are. A submitted registration without any entry is
    told as one whose entry 1 is missing; one whose last change of status is not the status it has, as one whose next
    entry is."""
    rows = TimelineEntry.objects.select_related("registration__timeline_head")
    rows = rows.order_by("registration_id", "number")
    written = Q(submitted_at__isnull=False) | Q(timeline_head__isnull=False)
    without = Registration.objects.filter(written, timeline=None)
    if registrations is not None:
        ids = list(registrations)
        rows, without = rows.filter(registration__in=ids), without.filter(pk__in=ids)
    for _, group in groupby(rows.iterator(chunk_size=2000), key=lambda entry: entry.registration_id):
        entries = list(group)
        registration = entries[0].registration
        head = getattr(registration, "timeline_head", None)
        broken = _first_broken(registration.code, entries, head)
        if broken is None and _stops_short(entries):
            broken = len(entries) + 1
        yield registration.code, len(entries), broken
    for code in without.values_list("code", flat=True):
        yield code, 0, 1


def _first_broken(
    code: str, entries: Sequence[TimelineEntry], head: TimelineHead | None
) -> TimelineEntry | int | None:
    return chain.first_broken_to_the_end(entries, head, lambda entry: digest(entry, code))


def _stops_short(entries: list[TimelineEntry]) -> bool:
    """Whether the status was changed without an entry."""
    changes = (entry.data["to"] for entry in reversed(entries) if {"from", "to"} <= entry.data.keys())
    return next(changes, Status.DRAFT) != entries[-1].registration.status
