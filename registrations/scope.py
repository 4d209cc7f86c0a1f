"""What a registration holds, as its policy says: its company, narrowed by product line, territory and industry (C1, C6)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from catalog.territories import Ground, grounds_of
from companies.relatives import families_of_each, relatives_of_each
from policies.models import RegistrationPolicy
from registrations.enums import Status
from registrations.models import Holding, Line, Registration

_LINES = "_ids_of_product_lines"


@dataclass(frozen=True)
class Scope:
    """Ids of all that is held; None stands for 'all of them'. Two scopes collide where they meet in every respect.
    `countries` are those of `territory` today, none for everywhere; `territories` are those that share one with it. `family`
    are the companies at which a scope shares one of `companies` with it: two subsidiaries collide in their parent."""

    companies: frozenset[int]
    product_lines: frozenset[int] | None
    territory: int | None
    territories: frozenset[int] | None
    industry: int | None
    family: frozenset[int]
    countries: frozenset[str] = frozenset()

    def holdings(self) -> Q:
        """The rows of Holding that collide with it: those that meet it, or say 'all' themselves. As the database's constraint
        does, it compares the countries that each was taken with: what a territory has lost since stays held."""
        found = Q(company__in=self.companies)
        if self.product_lines is not None:
            found &= Q(product_line__in=self.product_lines) | Q(product_line=None)
        if self.countries:
            found &= Q(countries__overlap=sorted(self.countries)) | Q(countries=[])
        if self.industry is not None:
            found &= Q(industry=self.industry) | Q(industry=None)
        return found

    def covers(self, holding: Holding) -> bool:
        """As `holdings` says it, for one that is at hand."""
        return (
            holding.company_id in self.companies
            and (self.product_lines is None or holding.product_line_id in (None, *self.product_lines))
            and (
                not self.countries
                or not holding.countries
                or not self.countries.isdisjoint(holding.countries)
            )
            and (self.industry is None or holding.industry_id in (None, self.industry))
        )

    def keeps_out(self, row: Registration) -> bool:
        """As `kept_out` says it, for one whose lines are at hand."""
        lines = [line.product_line_id for line in row.lines.all()]
        return self.meets(row.company_id, lines, row.territory_id, row.industry_id)

    def meets(
        self, company: int | None, product_lines: Iterable[int], territory: int | None, industry: int | None
    ) -> bool:
        """As `kept_out` says it, for what has these ids: a registration, or what may become one, such as a lead."""
        return (
            company in self.family
            and (self.product_lines is None or not self.product_lines.isdisjoint(product_lines))
            and (self.territories is None or territory in (None, *self.territories))
            and (self.industry is None or industry in (None, self.industry))
        )

    def kept_out(self) -> Q:
        """The registrations that could not have theirs beside it, those at another subsidiary of its parent included: whoever
        comes first goes first."""
        found = Q(company__in=self.family)
        if self.product_lines is not None:
            found &= Q(lines__product_line__in=self.product_lines)
        if self.territories is not None:
            found &= Q(territory__in=self.territories) | Q(territory=None)
        if self.industry is not None:
            found &= Q(industry=self.industry) | Q(industry=None)
        return found


@dataclass(frozen=True)
class Wanted:
    """What a deal, or what may become one, is about, as ids."""

    company: int
    product_lines: tuple[int, ...]
    territory: int | None
    industry: int | None


def scope_of(
    registration: Registration, policy: RegistrationPolicy, *, company_id: int | None = None
) -> Scope:
    """The scope under `policy` at the registration's company, or at `company_id`. What it does not say (no territory, no
    industry) narrows nothing."""
    return scopes_under(policy, [wanted_by(registration, company_id)])[0]


def wanted_by(registration: Registration, company_id: int | None = None) -> Wanted:
    """What the registration is about, at its company or at `company_id`."""
    return Wanted(
        company=company_id or registration.company_id or 0,
        product_lines=lines_of(registration),
        territory=registration.territory_id,
        industry=registration.industry_id,
    )


def lines_of(registration: Registration) -> tuple[int, ...]:
    """The ids of its product lines, ascending. Once it was submitted they stay, so each object asks for them once."""
    known: tuple[int, ...] | None = registration.__dict__.get(_LINES)
    if known is None:
        lines = registration.lines.order_by("product_line_id")
        known = tuple(lines.values_list("product_line_id", flat=True))
        if registration.status != Status.DRAFT:
            registration.__dict__[_LINES] = known
    return known


def know_lines(registrations: Collection[Registration]) -> None:
    """Asks for the product lines of all of them at once, for `lines_of`; none is a draft."""
    found: dict[int, list[int]] = {row.pk: [] for row in registrations if _LINES not in row.__dict__}
    rows = Line.objects.filter(registration__in=found).order_by("product_line_id")
    for registration, line in rows.values_list("registration", "product_line"):
        found[registration].append(line)
    for row in registrations:
        if row.pk in found:
            row.__dict__[_LINES] = tuple(found[row.pk])


def keep_lines(draft: Registration, lines: tuple[int, ...]) -> None:
    """Lets a draft keep what `lines_of` said: for as long as its row is locked."""
    draft.__dict__[_LINES] = lines


def scopes_under(policy: RegistrationPolicy, deals: Sequence[Wanted]) -> list[Scope]:
    """The scope of each under `policy`: as many queries for one as for many."""
    companies = {deal.company for deal in deals}
    relatives = relatives_of_each(companies) if policy.scope_family else {}
    families = families_of_each(companies) if policy.scope_family else {}
    narrowed = {deal.territory for deal in deals if deal.territory is not None and policy.scope_territory}
    grounds = grounds_of(narrowed) if narrowed else {}
    return [_scope(policy, deal, relatives, families, grounds) for deal in deals]


def _scope(
    policy: RegistrationPolicy,
    deal: Wanted,
    relatives: Mapping[int, list[int]],
    families: Mapping[int, list[int]],
    grounds: Mapping[int, Ground],
) -> Scope:
    narrowed = deal.territory if policy.scope_territory else None
    ground = grounds[narrowed] if narrowed is not None else None
    return Scope(
        companies=frozenset(relatives.get(deal.company, [deal.company])),
        product_lines=frozenset(deal.product_lines) if policy.scope_product_line else None,
        territory=narrowed,
        territories=ground.territories if ground else None,
        industry=deal.industry if policy.scope_industry else None,
        family=frozenset(families.get(deal.company, [deal.company])),
        countries=ground.countries if ground else frozenset(),
    )
