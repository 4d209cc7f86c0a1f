"""What a firm's page says about merges: where this record went, what came to it, and the way back."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core.clock import database_clock
from core.shown import moment
from partners.models import Partner, PartnerMerge
from partners.page_parts import Part
from partners.services.merging import UNDO_HOURS, may_undo
from partners.services.merging.merge import EDIT


def part(partner: Partner, reader: User) -> list[Part]:
    """A part of the page for the vendor, where this record has anything to do with a merge: one query."""
    merges = PartnerMerge.objects.filter(Q(gone=partner) | Q(survivor=partner))
    rows = list(merges.select_related("gone", "survivor", "by", "undone_by"))
    if not rows:
        return []
    now = database_clock()
    shown = [_row(merge, partner, may=reader.may(EDIT) and may_undo(merge, now)) for merge in rows]
    context = {"merges": shown}
    return [
        Part(
            "merges",
            "Merged records",
            count=len(rows),
            icon="git-merge",
            order=5,
            template="partners/merging/_merges.html",
            context=context,
        )
    ]


def _row(merge: PartnerMerge, partner: Partner, *, may: bool) -> dict[str, Any]:
    other = merge.survivor if merge.gone_id == partner.pk else merge.gone
    return {
        "went": merge.gone_id == partner.pk,
        "other": other.name,
        "url": reverse("partners:partner", args=[other.code]),
        "at": moment(merge.at),
        "by": str(merge.by),
        "reason": merge.reason,
        "undone_at": moment(merge.undone_at),
        "undone_by": str(merge.undone_by or ""),
        "kept": [f"{kept['count']} of {kept['label'].lower()}" for kept in merge.kept],
        "undo_url": reverse("partners:undo_merge", args=[merge.code]) if may else "",
        "until": moment(merge.at + timedelta(hours=UNDO_HOURS)),
    }
