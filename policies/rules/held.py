"""The waitlist: another registration surely holds what this one wants."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.overlap import keeps_out
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "held"
SETTING = "waitlist_same"
READS = (
    *("waitlist_same", "same_score", "review_score"),
    *("scope_product_line", "scope_territory", "scope_industry", "scope_family"),
)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """In line behind the holder where the policy says so. A check that failed is for a person."""
    if not book.policy.waitlist_same or facts.check_failed:
        return None
    if not any(keeps_out(facts, rival, book.policy) for rival in facts.rivals):
        return None
    words = "This opportunity is registered already; it waits in line, first come, first served."
    return Finding(CODE, Effect.WAITLIST, words, book.record)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if policy.waitlist_same:
        text = (
            "If another registration holds the very same company, yours joins the waitlist by itself: "
            "first come, first served."
        )
        return Said(Kind.WE, text)
    return Said(Kind.WE, "Nobody is put on the waitlist by the portal alone: a channel manager decides that.")
