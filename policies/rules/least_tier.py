"""From which tier on a firm registers deals."""

from partners.enums import PartnerTier
from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "partner_tier"
SETTING = "least_tier"
READS = ("least_tier",)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """Refused below the policy's lowest tier. A tier that is not known stands below all."""
    least = book.policy.least_tier
    if rank(facts.firm.tier) >= rank(least):
        return None
    words = f"Deals can be registered from the tier {PartnerTier(least).label} on."
    return Finding(CODE, Effect.REFUSED, words, book.record)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if rank(policy.least_tier) == 0:
        return Said(Kind.WE, "Partners of all tiers can register deals.", has_effect=False)
    return Said(
        Kind.WE, f"Partners from the tier {PartnerTier(policy.least_tier).label} on can register deals."
    )


def rank(tier: str) -> int:
    """The tier's place, 0 for the lowest and for none."""
    return PartnerTier.values.index(tier) if tier in PartnerTier.values else 0
