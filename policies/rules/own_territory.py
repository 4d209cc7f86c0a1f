"""Deals outside the territories that a firm works in."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "outside_territory"
SETTING = "outside_territory"
READS = ("outside_territory",)
_EFFECTS = {"review": Effect.REVIEW, "refused": Effect.REFUSED}


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """Where the firm has territories and the deal lies in none of them: as the policy says. It lies in those of the
    company's country, whatever territory was stated; in that one where none has the country. Where nobody knows in which
    it lies, it does not speak."""
    effect = _EFFECTS.get(book.policy.outside_territory)
    if effect is None or not facts.firm.territories:
        return None
    areas = facts.areas or ((facts.territory,) if facts.territory is not None else ())
    if not areas or not set(areas).isdisjoint(facts.firm.territories):
        return None
    return Finding(
        CODE, effect, "The company is outside the territories that your firm works in.", book.record
    )


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if policy.outside_territory == "refused":
        return Said(Kind.DONT, "Don't register companies outside your firm's territories: they are refused.")
    if policy.outside_territory == "review":
        return Said(Kind.WE, "A company outside your firm's territories is looked at by a channel manager.")
    return Said(Kind.WE, "You can register companies outside your firm's territories, too.", has_effect=False)
