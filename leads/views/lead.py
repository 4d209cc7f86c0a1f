"""One lead, for the vendor and for the firm that has it, may claim it, or had it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_countries import countries

from accounts.access import requires
from core.clock import database_clock
from leads import words, workflow
from leads.enums import LeadStatus
from leads.models import Gift, Lead, LeadEntry
from leads.querysets import firm_of
from leads.services.between import claimable_by_none, refusals_for
from leads.services.held import holder_beside, holder_by_another_name, is_given_elsewhere, kept_beside
from leads.services.in_time import is_over
from leads.services.keeping import open_at
from leads.views.access import VIEW_ALL, WORK, crumbs, holding_of, in_reach
from registrations import shown
from registrations.models import Registration
from registrations.views.facts import Fact
from registrations.workflow import label_for


@require_safe
@requires(VIEW_ALL, WORK)
def lead(request: HttpRequest, code: str) -> HttpResponse:
    """Need, company, contact as far as the reader may see it, and what happened."""
    found = in_reach(request, code)
    person: Any = request.user
    if person.may(VIEW_ALL):
        return _for_vendor(request, found, person)
    return _for_firm(request, found, person)


def _for_vendor(request: HttpRequest, found: Lead, person: Any) -> HttpResponse:
    gift, now = holding_of(found), database_clock()
    context = {
        **_common(request, found, person),
        "label": found.get_status_display(),
        "actions": workflow.actions_for(person, found, gift),
        "gift": gift,
        "way": words.WAYS.get(gift.way, "") if gift else "",  # type: ignore[call-overload]
        "days": shown.days_until(gift.answer_by, now) if gift else None,
        "answer_by": shown.moment(gift.answer_by) if gift else "",
        "contact": contact_of(found),
        "ours": [Fact("Source", found.source), Fact("Note", found.note)],
        "gifts": _gifts(found),
        "beside": _beside(found, person),
        "onward": found.get_onward_display() if gift else "",
        "holder": holder_beside(found, gift.partner) if gift else None,
        "kept": kept_beside(found, gift.partner) if gift else None,
        "perhaps": holder_by_another_name(found, gift.partner) if gift else None,
        "stuck": bool(claimable_by_none([found], at=now)),
    }
    return render(request, "leads/lead.html", context)


def _for_firm(request: HttpRequest, found: Lead, person: Any) -> HttpResponse:
    firm, gift, now = firm_of(person), holding_of(found), database_clock()
    assert firm is not None  # in_reach finds nothing without one
    mine = gift is not None and gift.partner_id == firm.pk
    accepted = found.gifts.filter(partner=firm, end="accepted").exists()
    pooled = (
        found.status == LeadStatus.POOLED and Lead.objects.claimable_by(firm).filter(pk=found.pk).exists()
    )
    last = found.gifts.filter(partner=firm).first()
    own = Registration.objects.visible_to(person).filter(pk=found.registration_id or 0) if accepted else None
    context = {
        **_common(request, found, person),
        "label": workflow.partner_label(found.status, has_it=mine or accepted or pooled),
        "tone": workflow.tone_of(found.status) if mine or accepted or pooled else "off",
        "mine": mine,
        "over": gift is not None and mine and is_over(gift, now),
        "pooled": pooled,
        "held": gift is not None and mine and is_given_elsewhere(found, firm),
        "refusals": refusals_for(firm, [found], at=now)[found.pk] if mine or pooled else (),
        "accepted": accepted,
        "registration": own.first() if own is not None else None,
        "last": last,
        "ended": shown.day(last.ended_at) if last and last.ended_at else "",
        "days": shown.days_until(gift.answer_by, now) if gift and mine else None,
        "gift": gift if mine else None,
        "answer_by": shown.moment(gift.answer_by) if gift and mine else "",
        "given": shown.moment(gift.at) if gift and mine else "",
        "contact": contact_of(found) if mine or accepted else [],
        "manager": firm.manager.name if firm.manager else "your channel manager",
    }
    return render(request, "leads/lead_firm.html", context)


def _common(request: HttpRequest, found: Lead, person: Any) -> dict[str, Any]:
    entries = LeadEntry.objects.visible_to(person).filter(lead=found)
    return {
        "page_title": found.company_name,
        "breadcrumbs": crumbs(request, found),
        "lead": found,
        "tone": workflow.tone_of(found.status),
        "value": shown.money(found.value, found.currency),
        "facts": facts_of(found, vendor=person.is_vendor),
        "company": company_of(found),
        "timeline": words.tell(entries.select_related("actor__role", "partner"), vendor=person.is_vendor),
    }


def facts_of(found: Lead, *, vendor: bool) -> list[Fact]:
    """What is wanted, as labelled text; for which program's firms it is kept, for the vendor alone."""
    return [
        Fact("Need", found.need),
        Fact("Product lines", ", ".join(line.name for line in found.product_lines.all()), own=False),
        Fact("Value", shown.money(found.value, found.currency), own=False),
        Fact("Territory", str(found.territory or ""), own=False),
        *([Fact("For firms of", found.program.name)] if found.program and vendor else []),
    ]


def company_of(found: Lead) -> list[Fact]:
    """Who the company is."""
    link = (
        f"https://{found.website}"
        if found.website and all(c.isalnum() or c in ".-" for c in found.website)
        else ""
    )
    place = " ".join(part for part in (found.postcode, found.city) if part)
    return [
        Fact("Legal name", found.company_name),
        Fact("Website", found.website, link=link),
        Fact("Country", countries.name(str(found.country)), own=False),
        Fact("City", place),
    ]


def contact_of(found: Lead) -> list[Fact]:
    """Whom to call."""
    return [
        Fact("Name", found.contact_name),
        Fact("Role", found.contact_title),
        Fact(
            "E-mail", found.contact_email, link=f"mailto:{found.contact_email}" if found.contact_email else ""
        ),
        Fact("Telephone", found.contact_phone),
    ]


def _gifts(found: Lead) -> list[dict[str, Any]]:
    """Every firm that has or had it, the latest first."""
    rows = found.gifts.select_related("partner", "by", "ended_by")
    return [_gift(row) for row in rows]


def _gift(gift: Gift) -> dict[str, Any]:
    reason = gift.get_reason_display()
    return {
        "partner": gift.partner.name,
        "url": reverse("partners:partner", args=[gift.partner.code]),
        "way": words.WAYS.get(gift.way, ""),  # type: ignore[call-overload]
        "at": shown.day(gift.at),
        "end": gift.get_end_display() or "Waiting for its answer",
        "ended": shown.day(gift.ended_at),
        "why": ": ".join(part for part in (reason, gift.text) if part),
    }


def _beside(found: Lead, person: Any) -> list[dict[str, str]]:
    """What else there is at the company: open registrations, other leads."""
    deals = Registration.objects.visible_to(person).open().filter(company=found.company_id)
    rows = [
        {
            "title": f"{deal.partner.name}: {deal.deal_name or deal.company_name}",
            "url": reverse("registrations:registration", args=[deal.code]),
            "status": deal.status,
            "label": label_for(deal.status, vendor=True),
            "tone": "",
        }
        for deal in deals.exclude(pk=found.registration_id or 0)
        .select_related("partner")
        .order_by("rank")[:10]
    ]
    rows += [
        {
            "title": f"Lead {other.code}: {other.need[:80]}",
            "url": reverse("leads:lead", args=[other.code]),
            "status": "",
            "label": other.get_status_display(),
            "tone": workflow.tone_of(other.status),
        }
        for other in open_at(found.company, but=found)
    ]
    return rows
