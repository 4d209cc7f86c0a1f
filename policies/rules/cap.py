"""How many deals a firm of its tier has open at a time."""

from partners.enums import PartnerTier
from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "cap"
SETTING = ""  # one for each tier: `sentence_of`
READS = tuple(f"open_most_{tier}" for tier in PartnerTier.values)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """Refused where the firm's others are as many as its tier allows."""
    most = book.policy.open_most(facts.firm.tier)
    if most is None or facts.open_registrations < most:
        return None
    words = (
        f"A firm of your tier can have {most:,} {'deal' if most == 1 else 'deals'} open at a time, and yours has "
        f"{facts.open_registrations:,}. Close or release what you no longer work on, then register this one again."
    )
    return Finding(CODE, Effect.REFUSED, words, book.record)


def over(policy: RegistrationPolicy, tier: str, others: int) -> str:
    """That a firm with `others` open has more with one more than its tier allows, for whoever gives it a deal all the same; ''
    where it has not."""
    most = policy.open_most(tier)
    if most is None or others < most:
        return ""
    return f"With this one the firm has {others + 1:,} deals open; its tier allows {most:,} at a time."


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners of all tiers read of it."""
    return Said(
        Kind.DONT, "Don't hoard names: the number of deals that a firm has open is limited by its tier."
    )


def sentence_of(tier: PartnerTier, policy: RegistrationPolicy) -> Said:
    """What partners of the tier read of it."""
    most = policy.open_most(tier)
    if most is None:
        return Said(Kind.WE, f"{tier.label} partners can have any number of deals open.", has_effect=False)
    deals = "1 deal" if most == 1 else f"{most:,} deals"
    text = f"Don't hoard names: as a {tier.label} partner, keep no more than {deals} open at a time."
    return Said(Kind.DONT, text)
