"""Writing and verifying the hash chain of a lead's history; the chain itself is core/chain.py."""

from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from core import chain
from leads.models import Lead, LeadEntry
from partners.models import Partner


def record(
    lead: Lead,
    kind: str,
    *,
    actor: User | None,
    at: datetime,
    partner: Partner | None = None,
    data: dict[str, Any] | None = None,
) -> LeadEntry:
    """Appends an entry; `partner` is the firm that may read it. The caller holds the lead's lock, so numbers have no
    gaps."""
    last = lead.timeline.order_by("-number").only("number", "hash").first()
    entry = LeadEntry(
        lead=lead,
        number=last.number + 1 if last else 1,
        at=at,
        actor=actor,
        partner=partner,
        kind=kind,
        data=data or {},
        previous_hash=last.hash if last else "",
    )
    entry.hash = digest(entry, lead.code)
    entry.save(force_insert=True)
    return entry


def digest(entry: LeadEntry, code: str) -> str:
    """The seal over the entry's content, the lead's code and the hash before it."""
    return chain.seal(
        {
            "lead": code,
            "number": entry.number,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": entry.actor_id,
            "partner": entry.partner_id,
            "kind": entry.kind,
            "data": entry.data,
            "previous": entry.previous_hash,
        }
    )


def first_broken(lead: Lead) -> LeadEntry | int | None:
    """None if the chain is intact; the first entry that does not fit; or the number of a missing one."""
    entries = lead.timeline.order_by("number")
    return chain.first_broken(entries, lambda entry: digest(entry, lead.code))
