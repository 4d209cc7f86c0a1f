"""Which kinds of firms register deals."""

from partners.enums import PartnerKind
from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said, joined

CODE = "partner_kind"
SETTING = "registering_kinds"
READS = ("registering_kinds",)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """Refused where the policy names kinds, and the firm's is not among them."""
    kinds = book.policy.registering_kinds
    if not kinds or facts.firm.kind in kinds:
        return None
    words = f"Only partners of these kinds can register deals: {named(kinds)}."
    return Finding(CODE, Effect.REFUSED, words, book.record)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if not policy.registering_kinds:
        return Said(Kind.WE, "Partners of all kinds can register deals.", has_effect=False)
    return Said(Kind.WE, f"Partners of these kinds can register deals: {named(policy.registering_kinds)}.")


def named(kinds: list[str]) -> str:
    """The kinds in words, in the order of the closed list."""
    return joined([str(kind.label) for kind in PartnerKind if kind in kinds])
