"""Deals too small to be registered."""

from decimal import Decimal

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said, amount

CODE = "below_minimum"
SETTING = "least_value"
READS = ("least_value",)


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """Refused below the smallest deal that is registered. A value that is not known yet is not too small."""
    if not is_too_small(facts.value_in_base, book.policy):
        return None
    least = amount(book.policy.least_value, "")
    return Finding(
        CODE,
        Effect.REFUSED,
        f"Deals below {least} in our own currency are not registered. You can sell them all the same.",
        book.record,
    )


def is_too_small(value_in_base: Decimal | None, policy: RegistrationPolicy) -> bool:
    """Whether a deal of this value, in the base currency, is refused to everybody; not while the value is not known."""
    return value_in_base is not None and value_in_base < policy.least_value


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if not policy.least_value:
        return Said(Kind.WE, "Deals of any size can be registered.", has_effect=False)
    text = f"Don't register deals below {amount(policy.least_value, base)}: you can sell them without."
    return Said(Kind.DONT, text)
