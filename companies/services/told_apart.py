"""'Different' that merges hand on: if A is not X and A is part of B, then B is not X. It holds as long as one of these does."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from companies.enums import VerdictKind
from companies.models import Company, Verdict
from companies.services.carrying import verdicts_to_carry
from companies.services.handed_on import parts_of


def hand_on(part: Company, survivor: Company, verdict: Verdict, *, by: User | None, moment: datetime) -> None:
    """What `part` was declared different from is different from `survivor`, too."""
    for row in verdicts_to_carry(part, survivor):
        other = row.other(part).pk
        Verdict.objects.create(
            low_id=min(survivor.pk, other),
            high_id=max(survivor.pk, other),
            verdict=VerdictKind.DIFFERENT,
            by=by,
            reason=row.reason,
            at=moment,
            carried_by=verdict,
        )


def handing_on(row: Verdict) -> Verdict | None:
    """The standing merge that hands a 'different' on to its pair: the one that did, else the oldest that does so as well."""
    merges = [
        merge
        for company, beside in ((row.low, row.high), (row.high, row.low))
        for part, merge in parts_of(company)
        if Verdict.objects.active().different().between(part.pk, beside.pk).exists()
    ]
    merges.sort(key=lambda merge: (merge.pk != row.carried_by_id, merge.pk))
    return merges[0] if merges else None


def drop_unsaid(one: int, other: int, *, by: User | None, moment: datetime) -> list[Verdict]:
    """Takes back what merges had handed on about these two companies and none hands on any more, and what was handed on from
    that in turn. Returns those. What another merge hands on as well is from that one."""
    carried = Verdict.objects.active().different().filter(carried_by__isnull=False)
    either = Q(low__in=(one, other)) | Q(high__in=(one, other))
    waiting = list(carried.filter(either).select_related("low", "high"))
    dropped = dict[int, Verdict]()
    while waiting:
        row = waiting.pop()
        merge = handing_on(row)
        if merge is not None:
            Verdict.objects.filter(pk=row.pk).update(carried_by=merge)
        elif row.pk not in dropped:
            row.undone_at, row.undone_by = moment, by
            row.save(update_fields=["undone_at", "undone_by"])
            dropped[row.pk] = row
            for into, beside in (
                (row.low.merged_into_id, row.high_id),
                (row.high.merged_into_id, row.low_id),
            ):
                if into is not None:
                    waiting += carried.between(into, beside).select_related("low", "high")
    return list(dropped.values())
