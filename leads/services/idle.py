"""Leads that lie in the pool though firms could claim them: whoever keeps them hears of it, and gives them another way (R15)."""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.absences import roster
from accounts.models import User
from core.clock import Clock, database_clock
from leads.enums import LeadStatus
from leads.models import Lead
from leads.services import notices, timeline
from leads.services.keepers import keepers_of


def tell_idle(*, clock: Clock = database_clock, dry_run: bool = False) -> list[str]:
    """Tells of those that nobody has claimed for settings.LEAD_POOL_DAYS, and again each time that these have passed: one mail to
    each keeper, with all of theirs. Returns the codes. What nobody can claim is told by `reach`."""
    now = clock()
    long_ago = now - timedelta(days=settings.LEAD_POOL_DAYS)
    untold = Q(idle_told_at=None) | Q(idle_told_at__lte=long_ago)
    idle = Lead.objects.filter(
        untold, status=LeadStatus.POOLED, pooled_at__lte=long_ago, out_of_reach_at=None
    )
    with transaction.atomic():
        leads = list(idle.select_for_update(of=("self",)).order_by("pooled_at", "pk"))
        kept: dict[User, list[Lead]] = defaultdict(list)
        present = roster(now)
        for lead in leads:
            timeline.record(lead, "idle", actor=None, at=now)
            for person in keepers_of(lead, present):
                kept[person].append(lead)
        for person, theirs in kept.items():
            notices.idle(person, theirs, at=now)
        Lead.objects.filter(pk__in=[lead.pk for lead in leads]).update(idle_told_at=now)
        transaction.set_rollback(dry_run)
    return [lead.code for lead in leads]
