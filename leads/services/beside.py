"""What stands at the company of a lead besides it, for the same products: deals, and other leads that firms have. 'The same' is
what could not be registered beside it under the policy in force: at its company or, where that holds a family together, in it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value

from core.clock import database_clock
from leads.enums import LeadStatus
from leads.models import Lead
from leads.services.claims import claims_of
from policies.models import RegistrationPolicy
from registrations.claims import Claim
from registrations.foreseen import Deal
from registrations.models import Registration
from registrations.scope import Scope, scopes_under


def deal_of(lead: Lead) -> Deal:
    """What a registration of the lead would be about, as far as the lead says."""
    return deals_of([lead])[lead.pk]


def deals_of(leads: Collection[Lead]) -> dict[int, Deal]:
    """The same of several, by the lead's id: one query where company and currency are at hand."""
    lines: dict[int, list[int]] = {lead.pk: [] for lead in leads}
    rows = Lead.product_lines.through.objects.filter(lead__in=leads).order_by("productline_id")
    for lead_id, line in rows.values_list("lead_id", "productline_id"):
        lines[lead_id].append(line)
    return {
        lead.pk: Deal(
            company=lead.company_id,
            product_lines=tuple(lines[lead.pk]),
            territory=lead.territory_id,
            industry=lead.company.industry_id,
            country=str(lead.country or ""),
            value_in_base=None if lead.value is None else lead.value * lead.currency.rate_to_base,
        )
        for lead in leads
    }


def scope_of_lead(lead: Lead) -> Scope:
    """What a registration of the lead would hold."""
    return scopes_under(_policy(), [deal_of(lead)])[0]


def own_deal(lead: Lead, partner: int) -> Registration | None:
    """The open registration of the firm that a registration of the lead would be for the second time; None where it has none."""
    own = Registration.objects.open().filter(scope_of_lead(lead).kept_out(), partner=partner)
    return own.order_by("rank").first()


def given_out(lead: Lead, scope: Scope, *, but_to: int | None) -> Claim | None:
    """Another lead for the same, that another firm than `but_to` has now."""
    claims = claims_of(scope.family)
    return next(
        (one for one in claims if one.partner_id != but_to and one.code != lead.code and _meets(scope, one)),
        None,
    )


def open_leads_at(companies: Collection[int]) -> dict[int, list[tuple[str, frozenset[int]]]]:
    """By company the codes of the leads there that are neither closed nor registrations yet, with their product lines: one
    query."""
    waiting = (LeadStatus.NEW, LeadStatus.POOLED, LeadStatus.GIVEN)
    rows = Lead.objects.filter(company__in=companies, status__in=waiting).order_by("pk")
    lines = ArrayAgg("product_lines", filter=Q(product_lines__isnull=False), default=Value([]))
    found: dict[int, list[tuple[str, frozenset[int]]]] = defaultdict(list)
    for company, code, ids in rows.annotate(lines=lines).values_list("company", "code", "lines"):
        found[company].append((code, frozenset(ids)))
    return found


@dataclass(frozen=True)
class Own:
    """What these firms have themselves beside these leads: pairs of ids, lead and firm."""

    deals: frozenset[tuple[int, int]]
    leads: frozenset[tuple[int, int]]


def own_of(leads: Sequence[Lead], deals: dict[int, Deal], partners: Collection[int]) -> Own:
    """As many queries for one firm and lead as for many."""
    scopes = dict(zip(deals, scopes_under(_policy(), list(deals.values())) if deals else [], strict=True))
    companies = frozenset[int]().union(*(scope.family for scope in scopes.values()))
    rows = Registration.objects.open().filter(company__in=companies, partner__in=partners).order_by()
    stand = list(rows.values_list("partner", "company", "lines__product_line", "territory", "industry"))
    claims = [one for one in claims_of(companies) if one.partner_id in partners]
    return Own(
        frozenset(
            (lead, partner)
            for lead, scope in scopes.items()
            for partner, company, line, territory, industry in stand
            if scope.meets(company, [line], territory, industry)
        ),
        frozenset(
            (lead.pk, one.partner_id)
            for lead in leads
            for one in claims
            if one.code != lead.code and _meets(scopes[lead.pk], one)
        ),
    )


def _meets(scope: Scope, claim: Claim) -> bool:
    return scope.meets(claim.company_id, claim.product_lines, claim.territory, claim.industry)


def _policy() -> RegistrationPolicy:
    return RegistrationPolicy.objects.in_force(database_clock())
