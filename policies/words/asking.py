"""Sentences about what partners enter and ask before they submit."""

from policies.models import RegistrationPolicy
from policies.saying import Kind, Said


def prechecks(policy: RegistrationPolicy, base: str) -> Said:
    number = policy.prechecks_per_day
    times = "once" if number == 1 else f"{number:,} times"
    text = f"Don't try out names: your firm can ask for the instant answer {times} in 24 hours."
    return Said(Kind.DONT, text)


def prechecks_of_a_person(policy: RegistrationPolicy, base: str) -> Said:
    number = policy.prechecks_per_person
    times = "once" if number == 1 else f"{number:,} times"
    return Said(Kind.WE, f"One person can ask {times} in 24 hours. What you type in one go counts once.")
