"""A policy that has everything looked at."""

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said

CODE = "all"
SETTING = "auto_approve"
READS = ("auto_approve",)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """A person looks at each."""
    if book.policy.auto_approve:
        return None
    return Finding(
        CODE, Effect.REVIEW, "The policy has every registration looked at by a channel manager.", book.record
    )


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if policy.auto_approve:
        return Said(Kind.WE, "A registration that nothing stands against is approved at once.")
    return Said(Kind.WE, "Every registration is looked at by a channel manager.")
