"""Leads that lie in the pool though nobody can claim them any more: firms were suspended, left a program or a territory, lack
what the policy asks for, or have all had it. They stay, since a firm may come back; but whoever keeps them is told."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from core.clock import Clock, database_clock
from leads.enums import LeadStatus
from leads.models import Lead
from leads.services import notices, timeline
from leads.services.between import claimable_by_none
from leads.services.transitions import locked_row


def newly_out_of_reach(*, at: datetime, but: Collection[str] = ()) -> list[Lead]:
    """Those whose keepers have not been told, leaving out the codes `but`."""
    untold = Lead.objects.filter(status=LeadStatus.POOLED, out_of_reach_at=None).exclude(code__in=but)
    return claimable_by_none(untold.order_by("pk"), at=at)


def tell_out_of_reach(lead: Lead, *, clock: Clock = database_clock) -> bool:
    """Notes and tells it once; False where somebody can claim it again, or it has left the pool."""
    with transaction.atomic():
        locked, at = locked_row(lead.pk), clock()
        if locked.out_of_reach_at is not None or not claimable_by_none([locked], at=at):
            return False
        locked.out_of_reach_at = at
        locked.save(update_fields=["out_of_reach_at"])
        timeline.record(locked, "out_of_reach", actor=None, at=at)
        notices.out_of_reach(locked, at=at)
    return True


def forget_within_reach(*, at: datetime) -> int:
    """Those that somebody can claim again, or that left the pool: the next time their keepers are told again."""
    told = Lead.objects.exclude(out_of_reach_at=None)
    still = [lead.pk for lead in claimable_by_none(told, at=at)]
    return told.exclude(pk__in=still).update(out_of_reach_at=None)
