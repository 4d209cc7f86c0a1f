"""Whether a rule can be asked: every field known, every value one that exists."""

from datetime import date

from core.errors import BadInput
from partners.groups.fields import Field, field_of
from partners.groups.operators import Takes
from partners.groups.rules import Condition, Rule, read_rule, rule_as_data
from partners.groups.words import Words

MOST_DAYS = 36_500


def check_rule(rule: Rule) -> None:
    """Raises BadInput with the first thing that is wrong with a rule."""
    read_rule(rule_as_data(rule))
    words = Words()
    for condition in rule.conditions():
        problem = problem_of(condition, words)
        if problem:
            raise BadInput(problem, field="rule")


def problem_of(condition: Condition, words: Words) -> str:
    """What is wrong with a condition, in a sentence; '' for a good one."""
    field = field_of(condition.field)
    if field is None:
        return "This field is not known any more. Choose another, or remove the condition."
    if condition.operator not in field.operators:
        return f"{field.label} can't be compared like this. Choose another comparison."
    return _problem_of_values(condition, field, words)


def _problem_of_values(condition: Condition, field: Field, words: Words) -> str:
    takes, values = condition.operator.takes, condition.values
    if takes == Takes.NOTHING:
        return "" if not values else "This comparison takes no value."
    if takes == Takes.CHOICES:
        if not values:
            return "Choose at least one value."
        known = words.choices_of(field)
        gone = [value for value in values if value not in known]
        return f"‘{gone[0]}’ does not exist any more. Take it out." if gone else ""
    value = values[0] if len(values) == 1 else ""
    if takes == Takes.TEXT:
        return "" if value else "Enter a text to compare with."
    if takes == Takes.DATE:
        return "" if _is_day(value) else "Choose a day."
    good = value.isascii() and value.isdigit() and len(value) < 6 and 1 <= int(value) <= MOST_DAYS
    return "" if good else f"Enter a number of days from 1 to {MOST_DAYS:,}."


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10
