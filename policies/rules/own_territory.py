"""Deals outside the territories that a firm works in."""

from policies.by_country import ByCountry, Standing
from policies.facts import Facts, Firm
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "outside_territory"
SETTING = "outside_territory"
READS = ("outside_territory",)
_EFFECTS = {"review": Effect.REVIEW, "refused": Effect.REFUSED}
_STANDINGS = {"review": Standing.REVIEW, "refused": Standing.REFUSED}


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """Where the firm has territories and the deal lies in none of them: as the policy says. The company's country decides,
    whatever territory was stated, and where no territory of the catalogue has it, too; only where no country is known, the
    countries of the stated territory do. Where nothing is known, it does not speak."""
    effect = _EFFECTS.get(book.policy.outside_territory)
    if effect is None or facts.firm.works_everywhere:
        return None
    if facts.country:
        areas = facts.areas
    elif facts.territory is not None:
        areas = (facts.territory, *facts.territories_met)
    else:
        return None
    if not set(areas).isdisjoint(facts.firm.territories):
        return None
    return Finding(
        CODE, effect, "The company is outside the territories that your firm works in.", book.record
    )


def by_country(firm: Firm, policy: RegistrationPolicy) -> ByCountry:
    """What the version makes of the firm's deals by the customer's country: the rule above, asked about all at once."""
    outside = _STANDINGS.get(policy.outside_territory)
    if outside is None or firm.works_everywhere:
        return ByCountry()
    return ByCountry(outside).but_in(firm.countries or (), Standing.OPEN)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if policy.outside_territory == "refused":
        return Said(Kind.DONT, "Don't register companies outside your firm's territories: they are refused.")
    if policy.outside_territory == "review":
        return Said(Kind.WE, "A company outside your firm's territories is looked at by a channel manager.")
    return Said(Kind.WE, "You can register companies outside your firm's territories, too.", has_effect=False)
