"""What came to a record in the very moment in which it became part of another one goes after the rest."""

from datetime import datetime

from django.db import transaction

from core.clock import Clock, database_clock
from partners.models import PartnerMerge
from partners.services.merging.merge import carry, lock


def carry_strays(*, since: datetime, clock: Clock = database_clock) -> int:
    """A sweep over the merges made after `since`: moves rows that were written while the merge was, or just after, by
    somebody who still saw the old firm; returns how many."""
    moved = 0
    for merge in PartnerMerge.objects.filter(at__gte=since, undone_at=None).order_by("pk"):
        with transaction.atomic():
            gone, into = lock(merge.gone, merge.survivor)
            locked = (
                PartnerMerge.objects.select_for_update(of=("self",)).select_related("by").get(pk=merge.pk)
            )
            if locked.undone_at is None:
                moved += carry(locked, gone, into, at=clock())
    return moved
