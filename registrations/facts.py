"""The facts that the policy's rules look at, gathered in one place: for a registration, and for a question before one."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max

from catalog.models import Territory
from catalog.territories import meeting
from companies.matching import CompanyQuery
from companies.relatives import relatives_of
from partners.models import Partner
from policies.facts import Facts
from policies.firms import firm_of
from policies.rules.required_fields import FIELDS
from registrations import supposing
from registrations.conflicts import Findings
from registrations.enums import Action
from registrations.models import Decision, Registration
from registrations.scope import lines_of

_NOES = (Action.REFUSE, Action.REVOKE, Action.CUSTOMER_LETTER)
_YESES = (
    *(Action.ASSIGN, Action.WAITLIST, Action.GRANT_APPEAL, Action.TAKE_OVER, Action.SHARE),
    Action.REOPEN,  # no yes, but the no before it counts no more
)
# Whether it was chosen is known without fetching what.
_COLUMNS = {"industry": "industry_id", "territory": "territory_id"}


def facts_of(
    registration: Registration, *, at: datetime, found: Findings | None = None, submitting: bool = False
) -> Facts:
    """What is known of a registration at `at`, with what the conflict check found. Of a draft what it lacks is unknown,
    which speaks for the partner, until it is `submitting`. Counts are exact under the registry lock, which all
    submissions take."""
    value = registration.value
    country = str(registration.country or "")
    product_lines = lines_of(registration)
    company = registration.company_id or 0
    family = set(relatives_of(company)) - {company} if found is None and company else set()
    found = found or Findings(family=frozenset(family))
    expired = _expired(registration.partner_id, {company, *found.companies, *found.family})
    return Facts(
        at=at,
        firm=firm_of(registration.partner, at),
        product_lines=product_lines,
        territory=registration.territory_id,
        territories_met=tuple(sorted(meeting(registration.territory_id) or ())),
        areas=areas_of(country),
        industry=registration.industry_id,
        country=country,
        value_in_base=None if value is None else value * registration.currency.rate_to_base,
        tender=registration.tender,
        contact_stated=bool(registration.contact_made),
        open_registrations=open_of(registration.partner_id, but=registration.pk),
        let_expire_at=expired.get(company),
        let_expire_family=_last(expired, found.family),
        let_expire_like=_like(expired, found, but=[company]),
        turned_down=_turned_down(registration.partner_id, {**found.companies, company: 1.0}),
        rivals=found.rivals,
        crowd=found.crowd,
        next_like=found.next_like,
        gathered_from=found.gathered_from,
        check_failed=found.failed,
        left_empty=left_empty(registration, bool(product_lines)) if submitting else (),
    )


def facts_asked(
    query: CompanyQuery,
    partner: Partner,
    *,
    value_in_base: Decimal | None,
    at: datetime,
    found: Findings,
    same_from: float,
) -> Facts:
    """What is known before anything is registered. The firm's own expired registrations count where the company is at
    least `same_from` likely the one asked about; of others it is told how likely they are. As many queries whatever is found."""
    sure, expired = found.surely(same_from), _expired(partner.pk, found.companies)
    return Facts(
        at=at,
        firm=firm_of(partner, at),
        country=query.country or "",
        areas=areas_of(query.country or ""),
        value_in_base=value_in_base,
        open_registrations=open_of(partner.pk),
        let_expire_at=_last(expired, sure),
        let_expire_family=_last(expired, found.family),
        let_expire_like=_like(expired, found, but=sure),
        turned_down=_turned_down(partner.pk, found.companies),
        rivals=found.rivals,
        crowd=found.crowd,
        next_like=found.next_like,
        gathered_from=found.gathered_from,
        check_failed=found.failed,
    )


def left_empty(registration: Registration, has_lines: bool) -> tuple[str, ...]:
    """Which of the fields that a policy can ask for say nothing, by their names there."""
    empty = [
        name
        for name in FIELDS
        if name != "lines" and getattr(registration, _COLUMNS.get(name, name)) in (None, "")
    ]
    return tuple(empty if has_lines else [*empty, "lines"])


def areas_of(country: str) -> tuple[int, ...]:
    """The ids of the territories that have the company's country, whatever territory was stated."""
    found = Territory.objects.filter(countries__contains=[country or "?"]).order_by("pk")
    return tuple(found.values_list("pk", flat=True))


def open_of(partner_id: int, *, but: int | None = None) -> int:
    """How many registrations of the firm are open, leaving one out."""
    left_out = {but or 0, *supposing.over()}
    return Registration.objects.open().filter(partner=partner_id).exclude(pk__in=left_out).count()


def protected_by_version(partner_id: int) -> dict[int, int]:
    """How many deals of the firm each version of the policy protects, by the version's number."""
    rows = Registration.objects.protected().filter(partner=partner_id, policy__isnull=False).order_by()
    return dict(
        rows.values("policy__version").annotate(deals=Count("pk")).values_list("policy__version", "deals")
    )


def let_expire_at(partner_id: int, companies: list[int]) -> datetime | None:
    """When the firm last let protection of one of these companies run out; None if it never did."""
    return max(_expired(partner_id, companies).values(), default=None)


def _expired(partner_id: int, companies: Iterable[int]) -> dict[int, datetime]:
    """When the firm last let protection run out, by company: one query."""
    rows = Registration.objects.let_expire().filter(partner=partner_id, company__in=list(companies) or [0])
    return dict(rows.order_by().values_list("company").annotate(Max("closed_at")))


def _turned_down(partner_id: int, companies: dict[int, float]) -> tuple[tuple[float, datetime], ...]:
    """Those of the companies, with how likely each is the one asked about, where the last that a person decided about a
    registration of the firm was a no, and when: one query."""
    rows = Decision.objects.filter(
        registration__partner=partner_id,
        registration__company__in=list(companies) or [0],
        action__in=[*_NOES, *_YESES],
        by__isnull=False,
        undone_at=None,
    )
    last = rows.order_by("registration__company", "-at", "-id").distinct("registration__company")
    told = last.values_list("registration__company", "action", "at")
    return tuple((companies[company], at) for company, action, at in told if action in _NOES)


def _last(expired: dict[int, datetime], companies: Iterable[int]) -> datetime | None:
    return max((expired[one] for one in companies if one in expired), default=None)


def _like(
    expired: dict[int, datetime], found: Findings, *, but: Iterable[int]
) -> tuple[tuple[float, datetime], ...]:
    """How likely each company that the firm let expire is the one asked about, and when that was."""
    rest = sorted(expired.keys() & found.companies.keys() - set(but))
    return tuple((found.companies[company], expired[company]) for company in rest)
