"""The rules of the engine, one a file. Their order is the one in which findings of the same effect are told."""

from policies.rules import (
    cap,
    check_failed,
    cooling_off,
    crowd,
    decided_before,
    everything,
    exclusive_right,
    firm_kind,
    held,
    least_tier,
    least_value,
    no_contact,
    onboarding,
    other_scope,
    own_territory,
    product_authorisation,
    required_fields,
    similar,
    standing,
    tender,
    value,
)
from policies.rules.rule import PolicyRule as PolicyRule
from policies.rules.rule import Rule as Rule

# Those of the registration policy: each has a sentence of its own for partners.
POLICY_RULES: tuple[PolicyRule, ...] = (
    required_fields,
    standing,
    firm_kind,
    least_tier,
    tender,
    least_value,
    cap,
    cooling_off,
    held,
    check_failed,
    similar,
    other_scope,
    crowd,
    decided_before,
    onboarding,
    own_territory,
    no_contact,
    value,
    everything,
)
# The settings that decide where a registration lands; all others are about what is before and after that.
DECIDING = frozenset(setting for rule in POLICY_RULES for setting in rule.READS)
_LAST_OF_THE_DOOR = POLICY_RULES.index(least_value) + 1
RULES: tuple[Rule, ...] = (
    *POLICY_RULES[:_LAST_OF_THE_DOOR],
    product_authorisation,
    exclusive_right,
    *POLICY_RULES[_LAST_OF_THE_DOOR:],
)
