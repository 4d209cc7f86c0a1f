"""'May I register this?', asked of the engine about a firm's own deal: no rivals, no names (L1)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from catalog.models import Territory
from partners.models import Partner
from policies.facts import Facts
from policies.firms import firm_of
from policies.outcome import Outcome, decide
from policies.rulebook import Rulebook, rulebook_at

# How many deals a firm has open is known further up.
_counts: list[Callable[[int], int]] = []
_LARGEST = Decimal(10) ** 12


@dataclass(frozen=True)
class May:
    """What the engine says, and what else it might, by what was not told: the words of each such finding."""

    outcome: Outcome
    depends_on: list[str]


def provide_open_deals(count: Callable[[int], int]) -> None:
    """Adds who counts a firm's open registrations; an app does so when it is ready."""
    if count not in _counts:
        _counts.append(count)


def open_deals(partner_id: int) -> int:
    """How many registrations of the firm are open."""
    return sum(count(partner_id) for count in _counts)


def may_register(
    partner: Partner,
    *,
    product_lines: list[int],
    country: str,
    industry: int | None,
    value: Decimal | None,
    tender: bool,
    now: datetime,
) -> May:
    """What the engine says of such a deal as far as the rules go: no rivals, no names, nothing of what others have.

    `value` is in the base currency. The firm's own limit of open deals counts; what it let expire does not, since that is
    about a company.
    """
    areas = Territory.objects.filter(countries__contains=[country]).values_list("pk", flat=True)
    facts = Facts(
        at=now,
        firm=firm_of(partner, now),
        product_lines=tuple(product_lines),
        areas=tuple(areas),
        industry=industry,
        country=country,
        value_in_base=value,
        tender=tender,
        open_registrations=open_deals(partner.pk),
    )
    book = rulebook_at(now)
    outcome = decide(facts, book)
    return May(outcome, _depends_on(facts, outcome, book))


def _depends_on(facts: Facts, outcome: Outcome, book: Rulebook) -> list[str]:
    """Asked again with a value where none was told, and without a contact, of which the question does not know."""
    others = [replace(facts, contact_stated=False)]
    if facts.value_in_base is None:
        others += [replace(facts, value_in_base=value) for value in (Decimal(0), _LARGEST)]
    known = {finding.rule for finding in outcome.every}
    found = [
        finding.words
        for other in others
        for finding in decide(other, book).findings
        if finding.rule not in known
    ]
    return list(dict.fromkeys(found))
