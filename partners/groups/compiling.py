"""A rule as one condition on firms, for the database."""

from datetime import datetime

from django.db.models import Q

from partners.groups.fields import NOBODY, all_of, any_of, field_of, is_whole
from partners.groups.rules import Block, Condition, Rule


def rule_q(rule: Rule, at: datetime) -> Q:
    """What holds for the firms that the rule takes in at `at`; nobody for a rule without conditions."""
    return _joined(rule.match, [item_q(item, at) for item in rule.items])


def item_q(item: Condition | Block, at: datetime) -> Q:
    """What holds where one condition or block holds."""
    if isinstance(item, Block):
        return _joined(item.match, [condition_q(condition, at) for condition in item.items])
    return condition_q(item, at)


def condition_q(condition: Condition, at: datetime) -> Q:
    """What holds where a condition holds: nobody for a field, comparison or number of values that is not known, so that
    an app taken out closes doors rather than opening them."""
    field = field_of(condition.field)
    if field is None or condition.operator not in field.operators:
        return NOBODY
    if not is_whole(condition.operator, condition.values):
        return NOBODY
    return field.condition(condition.operator, condition.values, at)


def _joined(match: str, conditions: list[Q]) -> Q:
    return any_of(conditions) if match == "any" else all_of(conditions)
