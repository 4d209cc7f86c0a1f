"""Writing and verifying the hash chain of a lead's history; the chain itself is core/chain.py."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from accounts.models import User
from core import chain
from leads.enums import LeadStatus
from leads.models import Lead, LeadEntry
from leads.querysets import LeadEntryQuerySet
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


def sealed_content(entry: LeadEntry, code: str) -> dict[str, Any]:
    """What the hash of an entry is taken over: plain JSON values, the lead's code and the hash before it."""
    return {
        "lead": code,
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "partner": entry.partner_id,
        "kind": entry.kind,
        "data": entry.data,
        "previous": entry.previous_hash,
    }


def digest(entry: LeadEntry, code: str) -> str:
    """The seal over the entry's content, the lead's code and the hash before it."""
    return chain.seal(sealed_content(entry, code))


def first_broken(lead: Lead) -> LeadEntry | int | None:
    """None if the chain is intact; the first entry that does not fit; or the number of a missing one."""
    return broken_in(list(with_ends(LeadEntry.objects.filter(lead=lead))))


def with_ends(entries: LeadEntryQuerySet) -> LeadEntryQuerySet:
    """Lead by lead in their order, with what `broken_in` looks at: one statement, so that what is written meanwhile is
    not taken for a break."""
    return entries.select_related("lead__timeline_head").order_by("lead_id", "number")


def broken_in(entries: Sequence[LeadEntry]) -> LeadEntry | int | None:
    """The same for all entries of one lead, from `with_ends`. A status that was changed without an entry is told as a next
    entry that is missing."""
    if not entries:
        return 1
    lead = entries[0].lead
    head = getattr(lead, "timeline_head", None)
    broken = chain.first_broken_to_the_end(entries, head, lambda entry: digest(entry, lead.code))
    return len(entries) + 1 if broken is None and _stops_short(entries, lead.status) else broken


def chains(code: str | None = None) -> Iterator[tuple[str, int, LeadEntry | int | None]]:
    """Every lead's chain, or the one with this code: code, number of entries, the first broken one. Reads in portions."""
    leads = Lead.objects.filter(code=code) if code else Lead.objects.all()
    rows = with_ends(LeadEntry.objects.filter(lead__in=leads) if code else LeadEntry.objects.all())
    for _, group in groupby(rows.iterator(chunk_size=2000), key=lambda entry: entry.lead_id):
        entries = list(group)
        yield entries[0].lead.code, len(entries), broken_in(entries)
    for without in leads.filter(timeline=None).values_list("code", flat=True):
        yield without, 0, 1


def _stops_short(entries: Sequence[LeadEntry], status: str) -> bool:
    changes = (entry.data["to"] for entry in reversed(entries) if "to" in entry.data)
    return next(changes, LeadStatus.NEW) != status
