"""Public tenders."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "tender"
SETTING = "refuse_public_tender"
READS = ("refuse_public_tender",)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """Refused where the policy says so."""
    if not (facts.tender and book.policy.refuse_public_tender):
        return None
    return Finding(CODE, Effect.REFUSED, "Public tenders cannot be registered.", book.record)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if policy.refuse_public_tender:
        return Said(Kind.DONT, "Don't register public tenders: they are refused.")
    return Said(Kind.DO, "Public tenders can be registered. Tick the box that says it is one.")
