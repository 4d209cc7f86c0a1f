"""A rival that may be of the same company, within what the deal would hold."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.overlap import likely, overlaps
from policies.rulebook import Rulebook
from policies.saying import Kind, Said, percent

CODE = "similar"
SETTING = "review_score"
READS = (
    "review_score",
    *("scope_product_line", "scope_territory", "scope_industry", "scope_family"),
)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """A person compares the two."""
    if not any(overlaps(facts, rival, book.policy) for rival in likely(facts, book.policy)):
        return None
    words = "A similar company is registered or claimed; a channel manager compares the two."
    return Finding(CODE, Effect.REVIEW, words, book.record)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    text = (
        "If the company looks like one that is registered or claimed already, a channel manager compares the two. "
        f"That begins at {percent(policy.review_score)} likelihood."
    )
    return Said(Kind.WE, text)
