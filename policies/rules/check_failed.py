"""A conflict check that could not be finished is never "no conflict" (R4)."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "check_failed"
SETTING = ""
READS = ()


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """A person looks."""
    if not facts.check_failed:
        return None
    return Finding(
        CODE,
        Effect.REVIEW,
        "The conflict check could not be completed, so a person looks at it.",
        book.record,
    )


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    return Said(
        Kind.WE,
        "If the check for other registrations cannot be completed, a channel manager looks at the deal.",
    )
