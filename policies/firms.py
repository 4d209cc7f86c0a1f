"""Partners as the rules see them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from core.clock import database_clock
from partners.certificates.obtaining import Training, without_paper
from partners.certificates.valid import valid_certificates
from partners.enums import PartnerStatus
from partners.groups.membership import group_codes
from partners.models import Partner
from partners.querysets import PartnerQuerySet
from policies.facts import Firm, Way

# Those who register deals, now or soon: prospects are not partners yet, suspended and ended ones are not any more.
SELLING = (PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE)


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
    works_in: dict[int, dict[int, list[str]]] = defaultdict(dict)
    for partner, territory, codes in Partner.territories.through.objects.filter(partner__in=ids).values_list(
        "partner_id", "territory_id", "territory__countries"
    ):
        works_in[partner][territory] = codes
    certificates, groups = valid_certificates(ids, at), group_codes(ids, at)
    # What opens to a firm later can't be taken yet.
    ways = without_paper(rows, min(at, database_clock()))
    return {
        partner.pk: Firm(
            id=partner.pk,
            kind=partner.kind,
            tier=partner.tier,
            status=partner.status,
            country=str(partner.country or ""),
            territories=tuple(sorted(works_in[partner.pk])),
            countries=_countries(works_in[partner.pk].values()),
            certificates=tuple(sorted(certificates[partner.pk])),
            groups=tuple(sorted(groups[partner.pk])),
            ways=tuple(_ways(ways[partner.pk], certificates[partner.pk])),
        )
        for partner in rows
    }


def _ways(found: Mapping[str, Training | None], held: Collection[str]) -> Iterator[Way]:
    for code, training in sorted(found.items()):
        if code not in held:
            yield Way(code, training.name, training.url) if training else Way(code)


def _countries(territories: Collection[list[str]]) -> tuple[str, ...]:
    """Those of all the territories; none where one of them has none and so is everywhere."""
    return tuple(sorted({code for codes in territories for code in codes})) if all(territories) else ()
