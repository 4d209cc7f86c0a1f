"""Leads given out, as the conflict check sees them (C5)."""

from collections.abc import Collection

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value
from django.urls import reverse

from leads.enums import LeadStatus
from leads.models import Gift
from registrations.claims import Claim

KIND = "Lead given out"


def claims_of(company_ids: Collection[int]) -> list[Claim]:
    """The leads that are with a firm now at one of these companies: one statement, whatever it finds.

    An accepted lead is a registration and is found as such; one in the pool is nobody's yet.
    """
    lines = "lead__product_lines"
    gifts = (
        Gift.objects.open()
        .filter(lead__company__in=company_ids, lead__status=LeadStatus.GIVEN)
        .select_related("lead__company", "partner")
        .annotate(
            line_ids=ArrayAgg(f"{lines}__id", filter=Q(**{f"{lines}__isnull": False}), default=Value([])),
            line_names=ArrayAgg(f"{lines}__name", filter=Q(**{f"{lines}__isnull": False}), default=Value([])),
        )
        .order_by("rank")
    )
    return [_claim(gift) for gift in gifts]


def _claim(gift: Gift) -> Claim:
    lead = gift.lead
    return Claim(
        code=lead.code,
        kind=KIND,
        company_id=lead.company_id,
        partner_id=gift.partner_id,
        partner=gift.partner.name,
        since=gift.at,
        rank=gift.rank,
        product_lines=frozenset(gift.line_ids),  # type: ignore[attr-defined]
        territory=lead.territory_id,
        industry=lead.company.industry_id,
        products=", ".join(sorted(gift.line_names)),  # type: ignore[attr-defined]
        name=lead.company_name,
        website=lead.website,
        country=str(lead.country or ""),
        url=reverse("leads:lead", args=[lead.code]),
    )
