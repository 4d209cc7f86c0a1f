"""A firm's leads: what waits for its answer, what it can claim, what it answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from core.http import render_page_or_partial
from core.paging import page_by_id
from leads.enums import GiftEnd
from leads.models import Gift, Lead
from leads.querysets import firm_of
from leads.services.between import refusals_for
from leads.views.access import WORK
from partners.standing_words import standing_word
from registrations import shown

# Leads in the pool that a page shows at once; the next ones come up as these are claimed.
_POOL = 50


@dataclass(frozen=True)
class Row:
    """A lead as a firm's list shows it. `days` are those left to answer; `refusals` are why the policy would refuse the firm's
    registration of it."""

    code: str
    url: str
    company: str
    place: str
    need: str
    lines: str
    value: str
    days: int | None = None
    until: datetime | None = None
    when: str = ""
    outcome: str = ""
    tone: str = ""
    registration: str = ""
    refusals: tuple[str, ...] = ()


@require_safe
@requires(WORK)
def ours(request: HttpRequest) -> HttpResponse:
    """Soonest deadline first; the pool newest first; then what was answered, page by page."""
    person: Any = request.user
    firm, now = firm_of(person), database_clock()
    if firm is None:
        context: dict[str, Any] = {"page_title": "Leads", "firmless": True}
        return render_page_or_partial(request, "leads/ours.html", "leads/_ours.html", context)
    waiting = Gift.objects.open().filter(partner=firm).select_related("lead__currency").order_by("answer_by")
    waiting = waiting.prefetch_related("lead__product_lines")
    pool = Lead.objects.claimable_by(firm).for_list().order_by("-pooled_at")
    seen = list(pool[:_POOL])
    refusals = refusals_for(firm, seen, at=now)
    ended = Gift.objects.filter(partner=firm, ended_at__isnull=False).select_related(
        "lead__currency", "lead__registration"
    )
    page = page_by_id(ended.prefetch_related("lead__product_lines"), request.GET.get("after", ""), size=10)
    context = {
        "page_title": "Leads",
        "standing": standing_word(person),
        "waiting": [_waiting(gift, now) for gift in waiting],
        "pool": [_row(lead, refusals=refusals[lead.pk]) for lead in seen],
        "pool_count": pool.count(),
        "ended": [_ended(gift) for gift in page.rows],
        "older": page.after,
        "first": not request.GET.get("after"),
        "days_to_answer": settings.LEAD_ANSWER_BUSINESS_DAYS,
    }
    return render_page_or_partial(request, "leads/ours.html", "leads/_ours.html", context)


def _row(lead: Lead, **more: Any) -> Row:
    country = str(getattr(lead.country, "name", ""))
    return Row(
        code=lead.code,
        url=reverse("leads:lead", args=[lead.code]),
        company=lead.company_name,
        place=", ".join(part for part in (lead.city, country) if part),
        need=lead.need,
        lines=", ".join(line.name for line in lead.product_lines.all()),
        value=shown.money(lead.value, lead.currency),
        **more,
    )


def _waiting(gift: Gift, now: datetime) -> Row:
    return _row(gift.lead, days=shown.days_until(gift.answer_by, now), until=gift.answer_by)


_OUTCOMES = {
    GiftEnd.ACCEPTED: ("Accepted", "ok"),
    GiftEnd.DECLINED: ("Declined", "off"),
    GiftEnd.PULLED_BACK: ("Deadline passed", "stop"),
    GiftEnd.TAKEN_BACK: ("Taken back by us", "off"),
}


def _ended(gift: Gift) -> Row:
    outcome, tone = _OUTCOMES[GiftEnd(gift.end)]
    deal = gift.lead.registration if gift.end == GiftEnd.ACCEPTED else None
    return _row(
        gift.lead,
        when=shown.day(gift.ended_at),
        outcome=outcome,
        tone=tone,
        registration=deal.code if deal else "",
    )
