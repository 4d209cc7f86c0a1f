"""News of the pool: the firms that can claim a lead as it is told hear that it is there (N1): together, and once a day at
most, however many leads come in. The mail leaves in each reader's day; who sleeps then, or can claim it later, finds in the
pool what is left."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from core.clock import Clock, database_clock
from core.mornings import EVENING, MORNING, zone_of
from leads.enums import LeadStatus
from leads.models import Lead
from leads.querysets import LeadQuerySet
from leads.services import notices
from leads.services.between import Between, batches_of_firms
from partners.models import Partner

# What is put into the pool one after the other, or a hundred at once, becomes one piece of news.
_GATHERED = timedelta(minutes=30)
# What has lain in the pool for longer is no news any more, such as after days without sweeps.
_NEWS = timedelta(days=7)
_NAMED = 5


def tell_pool_news(*, clock: Clock = database_clock, dry_run: bool = False) -> list[str]:
    """Tells what came into the pool and was not told yet, in the vendor's day; returns the codes. Each firm hears of those that
    it can claim, the first of them by name."""
    now = clock()
    local = now.astimezone(zone_of(settings.VENDOR_TIME_ZONE))
    today = datetime.combine(local.date(), MORNING, local.tzinfo)
    if not MORNING <= local.time() < EVENING or Lead.objects.filter(announced_at__gte=today).exists():
        return []
    with transaction.atomic():
        leads = list(_news(now).select_for_update(of=("self",)))
        oldest = leads[0].pooled_at if leads else None
        if oldest is None or oldest > now - _GATHERED:
            return []
        for firms in batches_of_firms():
            between = Between(leads, firms, at=now)
            for firm in firms:
                theirs = list(islice(_claimable(between, firm, leads), _NAMED + 1))
                if theirs:
                    notices.in_pool(firm, theirs[:_NAMED], more=len(theirs) > _NAMED, at=now)
        Lead.objects.filter(pk__in=[lead.pk for lead in leads]).update(announced_at=now)
        transaction.set_rollback(dry_run)
    return [lead.code for lead in leads]


def _news(now: datetime) -> LeadQuerySet:
    """What came into the pool, or came back into it, since firms were told; the oldest first."""
    untold = Q(announced_at=None) | Q(announced_at__lt=F("pooled_at"))
    rows: LeadQuerySet = Lead.objects.filter(untold, status=LeadStatus.POOLED, pooled_at__gt=now - _NEWS)
    return rows.order_by("pooled_at", "pk")


def _claimable(between: Between, firm: Partner, leads: list[Lead]) -> Iterator[Lead]:
    return (lead for lead in leads if between.may_claim(firm, lead))
