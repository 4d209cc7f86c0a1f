"""The facts that the policy's rules look at, gathered in one place: for a registration, and for a question before one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from companies.matching import CompanyQuery
from partners.models import Partner
from policies.facts import Facts
from policies.firms import firm_of
from policies.rules.required_fields import FIELDS
from registrations.conflicts import Findings
from registrations.enums import OPEN
from registrations.models import Registration
from registrations.scope import lines_of

_OPEN = [status.value for status in OPEN]
_KNOWN = """
SELECT (SELECT array_agg(id ORDER BY id) FROM catalog_territory WHERE countries @> ARRAY[%s]::varchar[]),
    (SELECT count(*) FROM registrations_registration WHERE partner_id = %s AND status = ANY(%s) AND id <> %s),
    (SELECT closed_at FROM registrations_registration WHERE partner_id = %s AND company_id = ANY(%s::bigint[])
        AND status = 'expired' AND protected_from IS NOT NULL ORDER BY closed_at DESC LIMIT 1)
"""

# Whether it was chosen is known without fetching what.
_COLUMNS = {"industry": "industry_id", "territory": "territory_id"}


def facts_of(
    registration: Registration, *, at: datetime, found: Findings | None = None, submitting: bool = False
) -> Facts:
    """What is known of a registration at `at`, with what the conflict check found. Of a draft what it lacks is unknown,
    which speaks for the partner, until it is `submitting`. Counts are exact under the registry lock, which all
    submissions take."""
    found = found or Findings()
    value = registration.value
    country = str(registration.country or "")
    product_lines = lines_of(registration)
    known = known_of(
        registration.partner_id, [registration.company_id or 0], country=country, but=registration.pk
    )
    return Facts(
        at=at,
        firm=firm_of(registration.partner, at),
        product_lines=product_lines,
        territory=registration.territory_id,
        areas=known.areas,
        industry=registration.industry_id,
        country=country,
        value_in_base=None if value is None else value * registration.currency.rate_to_base,
        tender=registration.tender,
        contact_stated=bool(registration.contact_made),
        open_registrations=known.open_registrations,
        let_expire_at=known.let_expire_at,
        rivals=found.rivals,
        crowd=found.crowd,
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
    least `same_from` likely the one asked about. As many queries whatever is found."""
    known = known_of(partner.pk, found.surely(same_from), country=query.country or "")
    return Facts(
        at=at,
        firm=firm_of(partner, at),
        country=query.country or "",
        areas=known.areas,
        value_in_base=value_in_base,
        open_registrations=known.open_registrations,
        let_expire_at=known.let_expire_at,
        rivals=found.rivals,
        crowd=found.crowd,
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


@dataclass(frozen=True)
class Known:
    """What the database says of a firm and of where a deal lies.

    `areas` are the ids of the territories that have the country. `open_registrations` are the firm's. `let_expire_at` is
    when it last let protection of one of the companies run out, None if it never did; an offer that lapsed does not count,
    since it was never protected.
    """

    areas: tuple[int, ...]
    open_registrations: int
    let_expire_at: datetime | None


def known_of(partner_id: int, companies: list[int], *, country: str = "", but: int | None = None) -> Known:
    """One statement, whatever is found. `but` is a registration that is not counted."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [country, partner_id, _OPEN, but or 0, partner_id, companies])
        areas, number, expired = cursor.fetchone()
    return Known(tuple(areas or ()), number, expired)
