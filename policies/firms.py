"""Partners as the rules see them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from partners.certificates.valid import valid_certificates
from partners.enums import PartnerStatus
from partners.groups.membership import group_codes
from partners.models import Partner
from partners.querysets import PartnerQuerySet
from policies.facts import Firm

# Those who register deals, now or soon: prospects are not partners yet, suspended and ended ones are not any more.
SELLING = (PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE)

_ABOUT = """
SELECT (SELECT json_object_agg(partner_id, works_in) FROM (
        SELECT partner_id, array_agg(territory_id) AS works_in FROM partners_partner_territories
        WHERE partner_id = ANY(%s::bigint[]) GROUP BY partner_id) AS by_firm),
    EXISTS (SELECT FROM partners_certificate WHERE partner_id = ANY(%s::bigint[])),
    EXISTS (SELECT FROM partners_group)
"""


def selling_firms() -> PartnerQuerySet:
    """The firms that the policies are about, by name."""
    return Partner.objects.filter(status__in=SELLING).order_by("name")


def as_firms(partners: Iterable[Partner], at: datetime) -> list[tuple[Partner, Firm]]:
    """Each partner with how the rules see it, in the same order."""
    rows = list(partners)
    found = firms_of(rows, at)
    return [(partner, found[partner.pk]) for partner in rows]


def firm_of(partner: Partner, at: datetime) -> Firm:
    """The firm at `at`: a constant number of queries. Kind, tier, status and territories are those of now."""
    return firms_of([partner], at)[partner.pk]


def firms_of(partners: Iterable[Partner], at: datetime) -> dict[int, Firm]:
    """Firms by id; the number of queries does not grow with them."""
    rows = list(partners)
    ids = [partner.pk for partner in rows]
    works_in, certified, grouped = _about(ids)
    nothing: dict[int, frozenset[str]] = dict.fromkeys(ids, frozenset())
    certificates = valid_certificates(ids, at) if certified else nothing
    groups = group_codes(ids, at) if grouped else nothing
    return {
        partner.pk: Firm(
            id=partner.pk,
            kind=partner.kind,
            tier=partner.tier,
            status=partner.status,
            country=str(partner.country or ""),
            territories=tuple(sorted(works_in.get(partner.pk, ()))),
            certificates=tuple(sorted(certificates[partner.pk])),
            groups=tuple(sorted(groups[partner.pk])),
        )
        for partner in rows
    }


def _about(ids: list[int]) -> tuple[dict[int, list[int]], bool, bool]:
    """The ids of the territories that each firm works in, whether one of the firms has certificates at all, and whether
    there are groups: one statement, which spares most firms the others."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, [ids, ids])
        works_in, certified, grouped = cursor.fetchone()
    return {int(firm): territories for firm, territories in (works_in or {}).items()}, certified, grouped
