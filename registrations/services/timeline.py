"""Writing and verifying the hash chain of a registration's timeline."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from registrations.enums import Audience
from registrations.models import Registration, TimelineEntry


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
    last = registration.timeline.order_by("-number").only("number", "hash").first()
    entry = TimelineEntry(
        registration=registration,
        number=last.number + 1 if last else 1,
        at=at,
        actor=actor,
        kind=kind,
        audience=audience,
        data=data or {},
        previous_hash=last.hash if last else "",
    )
    entry.hash = digest(entry, registration.code)
    entry.save(force_insert=True)
    return entry


def digest(entry: TimelineEntry, code: str) -> str:
    """SHA-256 over the entry's content, the registration's code and the hash before it, as hexadecimal."""
    content = {
        "registration": code,
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "kind": entry.kind,
        "audience": entry.audience,
        "data": entry.data,
        "previous": entry.previous_hash,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(registration: Registration) -> TimelineEntry | int | None:
    """None if the chain is intact; the first entry that does not fit; or the number of a missing one."""
    previous, expected = "", 1
    entry: TimelineEntry
    for entry in registration.timeline.order_by("number"):
        if entry.number != expected:
            return expected
        if entry.previous_hash != previous or entry.hash != digest(entry, registration.code):
            return entry
        previous, expected = entry.hash, expected + 1
    return None
