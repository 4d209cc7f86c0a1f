"""Leads given out, as the conflict check sees them (C5)."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.urls import reverse

from leads.enums import LeadStatus
from registrations.claims import Claim

KIND = "Lead given out"
# Each submission asks, and mostly nothing is found: the statement is put together here, once.
_WITH_SOMEBODY = """
SELECT l.code, l.company_id, l.company_name, l.website, l.country, l.territory_id, c.industry_id, p.id, p.name, g.at,
    ARRAY(SELECT of.productline_id FROM leads_lead_product_lines of WHERE of.lead_id = l.id),
    ARRAY(SELECT line.name FROM leads_lead_product_lines of JOIN catalog_productline line ON line.id = of.productline_id
        WHERE of.lead_id = l.id)
FROM leads_gift g JOIN leads_lead l ON l.id = g.lead_id JOIN companies_company c ON c.id = l.company_id
    JOIN partners_partner p ON p.id = g.partner_id
WHERE g.ended_at IS NULL AND l.status = %s AND l.company_id = ANY(%s::bigint[]) ORDER BY g.rank
"""


def claims_of(company_ids: Collection[int]) -> list[Claim]:
    """The leads that are with a firm now at one of these companies: one statement, whatever it finds.

    An accepted lead is a registration and is found as such; one in the pool is nobody's yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WITH_SOMEBODY, [LeadStatus.GIVEN.value, list(company_ids)])
        return [_claim(*row) for row in cursor.fetchall()]


def _claim(
    code: str,
    company: int,
    name: str,
    website: str,
    country: str,
    territory: int | None,
    industry: int | None,
    partner: int,
    partner_name: str,
    since: datetime,
    line_ids: list[int],
    line_names: list[str],
) -> Claim:
    return Claim(
        code=code,
        kind=KIND,
        company_id=company,
        partner_id=partner,
        partner=partner_name,
        since=since,
        product_lines=frozenset(line_ids),
        territory=territory,
        industry=industry,
        products=", ".join(sorted(line_names)),
        name=name,
        website=website,
        country=str(country or ""),
        url=reverse("leads:lead", args=[code]),
    )
