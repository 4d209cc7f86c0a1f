"""What the rules would say if firms registered deals that are known already, such as leads (R15): for many firms and many deals
at once. It is for those above who choose whom to offer a deal to."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max

from catalog.models import Territory
from companies.relatives import relatives_of_each
from partners.models import Partner
from policies.facts import Facts
from policies.firms import firms_of
from policies.outcome import Landing, decide
from policies.rulebook import rulebook_at
from registrations.models import Registration
from registrations.scope import Wanted


@dataclass(frozen=True)
class Deal(Wanted):
    """What would be registered; `value_in_base` is in the base currency, None while it is not known."""

    country: str
    value_in_base: Decimal | None


class Foreseen:
    """What binds at `at`, and what is known of these firms and deals: gathered in a constant number of queries, then asked
    without any. Rivals are not looked for, since none of them makes the rules refuse."""

    def __init__(self, partners: Collection[Partner], deals: Collection[Deal], *, at: datetime) -> None:
        ids = [partner.pk for partner in partners]
        self._at = at
        self._book = rulebook_at(at)
        self._firms = firms_of(partners, at)
        self._countries = list(Territory.objects.order_by("pk").values_list("pk", "countries"))
        self._open = dict(
            Registration.objects.open()
            .filter(partner__in=ids)
            .order_by()
            .values_list("partner")
            .annotate(Count("pk"))
        )
        self._families = relatives_of_each({deal.company for deal in deals})
        self._expired = _expired(ids, {one for family in self._families.values() for one in family})

    def refusals(self, partner: Partner, deal: Deal) -> tuple[str, ...]:
        """Why a registration of the deal by the firm would be refused, each reason in words for its people; empty where it
        would not be. What is looked at or waits in line is not refused."""
        outcome = decide(self._facts(partner.pk, deal), self._book)
        if outcome.landing != Landing.REFUSED:
            return ()
        return tuple(finding.words for finding in outcome.findings)

    def _facts(self, partner: int, deal: Deal) -> Facts:
        """As `registrations.facts` gathers them at a submission, without rivals; what a firm says only then speaks for it."""
        expired = self._expired[partner]
        family = [
            expired[one] for one in self._families[deal.company] if one != deal.company and one in expired
        ]
        return Facts(
            at=self._at,
            firm=self._firms[partner],
            product_lines=deal.product_lines,
            territory=deal.territory,
            areas=tuple(pk for pk, countries in self._countries if deal.country in countries),
            industry=deal.industry,
            country=deal.country,
            value_in_base=deal.value_in_base,
            open_registrations=self._open.get(partner, 0),
            let_expire_at=expired.get(deal.company),
            let_expire_family=max(family, default=None),
        )


def _expired(partners: Collection[int], companies: Collection[int]) -> dict[int, dict[int, datetime]]:
    """When each firm last let protection of each company run out: one query."""
    rows = Registration.objects.let_expire().filter(partner__in=partners, company__in=companies).order_by()
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    for partner, company, at in rows.values_list("partner", "company").annotate(Max("closed_at")):
        found[partner][company] = at
    return found
