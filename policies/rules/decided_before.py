"""What a person decided against is not approved by the portal alone when it is registered again."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "decided_before"
SETTING = ""
READS = ("review_score",)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """A person looks where one refused the firm this company, or took it back, and none has given it since; and where it is
    likely enough the same company under another name."""
    if not any(score >= book.policy.review_score for score, _ in facts.turned_down):
        return None
    words = (
        "A channel manager decided against your firm's last registration of this company, or of one with a name like it, so "
        "one looks at this, too."
    )
    return Finding(CODE, Effect.REVIEW, words, book.record)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    return Said(
        Kind.WE,
        "If a channel manager refused or took back your firm's registration of a company, one looks at the next.",
    )
