"""Rules in words. Names of values are looked up once for everything that one page says."""

from datetime import date

from django.utils import formats

from partners.groups.fields import Field, field_of
from partners.groups.operators import Operator, Takes
from partners.groups.rules import Block, Condition, Rule


class Words:
    """What conditions are called; each field's values are asked of the database at most once."""

    def __init__(self) -> None:
        self._choices: dict[str, dict[str, str]] = {}
        self._offered: dict[str, dict[str, str]] = {}

    def choices_of(self, field: Field) -> dict[str, str]:
        """The values of a field and their names."""
        if field.code not in self._choices:
            self._choices[field.code] = dict(field.choices())
        return self._choices[field.code]

    def offered_by(self, field: Field) -> dict[str, str]:
        """The values of a field that the builder shows, and their names."""
        if field.offered is None:
            return self.choices_of(field)
        if field.code not in self._offered:
            self._offered[field.code] = dict(field.offered())
        return self._offered[field.code]

    def of_condition(self, condition: Condition) -> str:
        """'Tier is one of Gold, Platinum'."""
        field = field_of(condition.field)
        if field is None:
            return f"‘{condition.field}’, which is not known here any more"
        value = self._value(field, condition)
        takes = condition.operator.takes
        if takes == Takes.DAYS:
            words = "less than" if condition.operator == Operator.WITHIN_DAYS else "more than"
            return f"{field.label} {words} {value} {'day' if value == '1' else 'days'} ago"
        if takes == Takes.CHOICES and len(condition.values) == 1:
            short = {"any_of": "is", "none_of": "is not", "all_of": "has"}[condition.operator.value]
            return f"{field.label} {short} {value}"
        return f"{field.label} {condition.operator.label} {value}".rstrip()

    def of_rule(self, rule: Rule) -> str:
        """The whole rule as one sentence; '' for a rule without conditions."""
        return _joined(rule.match, [self.of_item(item) for item in rule.items])

    def of_item(self, item: Condition | Block) -> str:
        """A condition, or a block of them in brackets."""
        if isinstance(item, Condition):
            return self.of_condition(item)
        inner = _joined(item.match, [self.of_condition(condition) for condition in item.items])
        return inner if len(item.items) == 1 else f"({inner})"

    def _value(self, field: Field, condition: Condition) -> str:
        takes = condition.operator.takes
        if takes != Takes.CHOICES:
            value = ", ".join(condition.values)
            return f"‘{value}’" if takes == Takes.TEXT else _day(value) if takes == Takes.DATE else value
        names = self.choices_of(field)
        return ", ".join(names.get(value, f"‘{value}’ (gone)") for value in condition.values)


def _day(value: str) -> str:
    try:
        return formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
    except ValueError:
        return value


def _joined(match: str, parts: list[str]) -> str:
    return f"; {'or' if match == 'any' else 'and'} ".join(parts)
