"""Leads that lie in the pool though nobody can claim them any more: firms were suspended, left a program or a territory, or
have all had it. They stay, since a firm may come back; but whoever keeps them is told."""

from django.db import transaction

from core.clock import Clock, database_clock
from leads.enums import LeadStatus
from leads.models import Lead
from leads.querysets import LeadQuerySet
from leads.services import notices, timeline
from leads.services.transitions import locked_row


def newly_out_of_reach() -> LeadQuerySet:
    """Those whose keepers have not been told."""
    leads: LeadQuerySet = Lead.objects.filter(out_of_reach_at=None)
    return leads.out_of_reach()


def tell_out_of_reach(lead: Lead, *, clock: Clock = database_clock) -> bool:
    """Notes and tells it once; False where somebody can claim it again, or it has left the pool."""
    with transaction.atomic():
        locked = locked_row(lead.pk)
        if not newly_out_of_reach().filter(pk=locked.pk).exists():
            return False
        locked.out_of_reach_at = at = clock()
        locked.save(update_fields=["out_of_reach_at"])
        timeline.record(locked, "out_of_reach", actor=None, at=at)
        notices.out_of_reach(locked, at=at)
    return True


def forget_within_reach() -> int:
    """Those that somebody can claim again, or that left the pool: the next time their keepers are told again."""
    told: LeadQuerySet = Lead.objects.exclude(out_of_reach_at=None)
    back = told.exclude(pk__in=told.filter(status=LeadStatus.POOLED).out_of_reach().values("pk"))
    return back.update(out_of_reach_at=None)
