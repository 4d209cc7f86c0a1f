"""Large deals."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said, amount

CODE = "value"
SETTING = "auto_approve_below"
READS = ("auto_approve_below",)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """A person looks at a deal of the limit and more. A value that is not known yet is not too large."""
    limit = book.policy.auto_approve_below
    if facts.value_in_base is None or facts.value_in_base < limit:
        return None
    return Finding(
        CODE,
        Effect.REVIEW,
        f"Deals of {amount(limit, '')} and more in our own currency are looked at by a channel manager.",
        book.record,
    )


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    limit = amount(policy.auto_approve_below, base)
    text = f"Deals of {limit} and more are looked at by a channel manager."
    if not policy.auto_approve:
        text = f"The limit of {limit} has no effect while every registration is looked at."
    return Said(Kind.WE, text, has_effect=policy.auto_approve)
