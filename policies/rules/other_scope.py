"""Rivals at what may be the same company, all of them outside what the deal would hold."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.overlap import likely, overlaps
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "other_lines"
SETTING = "review_other_scope"
READS = (
    *("review_other_scope", "review_score"),
    *("scope_product_line", "scope_territory", "scope_industry", "scope_family"),
)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """A person takes a look, where the policy wants that."""
    rivals = likely(facts, book.policy)
    if not book.policy.review_other_scope or not rivals:
        return None
    if any(overlaps(facts, rival, book.policy) for rival in rivals):
        return None
    words = "A similar company is registered outside this deal's scope; a channel manager takes a look."
    return Finding(CODE, Effect.REVIEW, words, book.record)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    narrowed = policy.scope_product_line or policy.scope_territory or policy.scope_industry
    text = "Another registration of the company that stays outside that scope is no obstacle."
    if policy.review_other_scope:
        text = "If the company is registered outside that scope, a channel manager takes a look first."
    return Said(Kind.WE, text, has_effect=narrowed)
