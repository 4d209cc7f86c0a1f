"""Sentences about what partners enter and ask before they submit."""

from policies.enums import RequiredField
from policies.models import RegistrationPolicy
from policies.saying import Kind, Said, joined


def prechecks(policy: RegistrationPolicy, base: str) -> Said:
    number = policy.prechecks_per_day
    times = "once" if number == 1 else f"{number:,} times"
    text = f"Don't try out names: your firm can ask for the instant answer {times} in 24 hours."
    return Said(Kind.DONT, text)


def prechecks_of_a_person(policy: RegistrationPolicy, base: str) -> Said:
    number = policy.prechecks_per_person
    times = "once" if number == 1 else f"{number:,} times"
    return Said(Kind.WE, f"One person can ask {times} in 24 hours. What you type in one go counts once.")


def required(policy: RegistrationPolicy, base: str) -> Said:
    """Besides what the engine itself cannot do without."""
    always = "the company's name, its country, the value of the deal and a product line"
    if not policy.required_fields:
        return Said(Kind.DO, f"Fill in {always}. Everything else can come later.")
    labels = [str(field.label) for field in RequiredField if field in policy.required_fields]
    return Said(Kind.DO, f"Fill in {always}; and before you submit also {joined(labels)}.")
