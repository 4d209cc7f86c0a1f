"""Firms that are not active yet."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "partner_onboarding"
SETTING = "onboarding_partners"
READS = ("onboarding_partners",)
_EFFECTS = {"review": Effect.REVIEW, "refused": Effect.REFUSED}


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """As the policy says, until the firm is active. Of suspended ones `standing` speaks."""
    effect = _EFFECTS.get(book.policy.onboarding_partners)
    if effect is None or facts.firm.status in ("active", "suspended", "ended"):
        return None
    words = "Your firm is still being onboarded."
    if effect is Effect.REFUSED:
        words = "Your firm is still being onboarded. It can register deals once that is done."
    return Finding(CODE, effect, words, book.record)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if policy.onboarding_partners == "refused":
        return Said(
            Kind.DONT, "Don't register deals before your firm's onboarding is done: they are refused."
        )
    if policy.onboarding_partners == "review":
        return Said(
            Kind.WE, "While your firm is being onboarded, a channel manager looks at each of your deals."
        )
    return Said(Kind.DO, "You can register deals while your firm is being onboarded, like any other partner.")
