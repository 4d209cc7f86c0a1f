"""Too many companies with a name like this one."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "crowd"
SETTING = ""
READS = ("review_score",)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """A person finds the right one."""
    if not facts.crowd and not 0 < facts.next_like >= book.policy.review_score:
        return None
    return Finding(
        CODE,
        Effect.REVIEW,
        "Many companies have a name like this one; a channel manager finds the right one.",
        book.record,
    )


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    return Said(
        Kind.WE,
        "If many companies have a name like the one you enter, a channel manager finds the right one.",
    )
