"""A group's rule as data: conditions joined by 'all' or 'any', with blocks of conditions one level deep.

The JSON is {"version": 1, "match": "all", "items": [condition or block, …]}; a condition is {"field", "operator", "values"},
a block {"match", "items"} with conditions only. `read_rule` is the schema: nothing else is ever stored or compiled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.errors import BadInput
from partners.groups.operators import Operator

VERSION = 1
MATCHES = ("all", "any")
MOST_CONDITIONS = 30
_MOST_VALUES = 300
_LONGEST_VALUE = 200


@dataclass(frozen=True)
class Condition:
    """One field compared with values. The field's code may be one that no app knows (any more): then it holds for nobody."""

    field: str
    operator: Operator
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """Conditions inside a rule, joined by `match`."""

    match: str
    items: tuple[Condition, ...]


@dataclass(frozen=True)
class Rule:
    """A whole rule. One without items holds for nobody: its group is picked by hand."""

    match: str = "all"
    items: tuple[Condition | Block, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items)

    def conditions(self) -> Iterator[Condition]:
        """All conditions, those in blocks included, in order."""
        for item in self.items:
            if isinstance(item, Block):
                yield from item.items
            else:
                yield item


def read_rule(data: Any) -> Rule:
    """The rule that `data` (from JSON) says. Raises BadInput for anything that is not one."""
    if data == {}:
        return Rule()
    if not isinstance(data, dict) or set(data) != {"version", "match", "items"}:
        raise BadInput("A rule has a version, a match and items, and nothing else.")
    if data["version"] != VERSION:
        raise BadInput(f"Rules of version {data['version']!r} are not known here.")
    items = tuple(
        _block(item) if isinstance(item, dict) and "match" in item else _condition(item)
        for item in _list(data["items"])
    )
    rule = Rule(_match(data["match"]), items)
    if sum(1 for _ in rule.conditions()) > MOST_CONDITIONS:
        raise BadInput(f"A rule has at most {MOST_CONDITIONS} conditions.")
    return rule


def rule_as_data(rule: Rule) -> dict[str, Any]:
    """The rule as JSON can hold it; `read_rule` gives it back."""
    items = [
        {"match": item.match, "items": [_as_data(condition) for condition in item.items]}
        if isinstance(item, Block)
        else _as_data(item)
        for item in rule.items
    ]
    return {"version": VERSION, "match": rule.match, "items": items}


def _as_data(condition: Condition) -> dict[str, Any]:
    return {
        "field": condition.field,
        "operator": condition.operator.value,
        "values": list(condition.values),
    }


def _block(data: dict[str, Any]) -> Block:
    if set(data) != {"match", "items"}:
        raise BadInput("A block has a match and items, and nothing else.")
    items = tuple(_condition(item) for item in _list(data["items"]))
    if not items:
        raise BadInput("A block needs at least one condition.")
    return Block(_match(data["match"]), items)


def _condition(data: Any) -> Condition:
    if not isinstance(data, dict) or set(data) != {"field", "operator", "values"}:
        raise BadInput("A condition has a field, an operator and values, and nothing else.")
    field, operator, values = data["field"], data["operator"], _list(data["values"])
    if not isinstance(field, str) or not field or len(field) > 60:
        raise BadInput("A condition names the field that it is about.")
    if operator not in Operator.values:
        raise BadInput(f"There is no comparison {operator!r}.")
    if len(values) > _MOST_VALUES:
        raise BadInput(f"A condition has at most {_MOST_VALUES} values.")
    if not all(isinstance(value, str) and _is_storable(value) for value in values):
        raise BadInput(f"A value is a text of 1 to {_LONGEST_VALUE} characters.")
    return Condition(field, Operator(operator), tuple(values))


def _is_storable(value: str) -> bool:
    """PostgreSQL's JSON takes neither NUL nor half of a pair."""
    return 0 < len(value) <= _LONGEST_VALUE and value.isprintable()


def _match(data: Any) -> str:
    if data not in MATCHES:
        raise BadInput("Conditions are joined by 'all' or by 'any'.")
    return str(data)


def _list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise BadInput("Items and values are lists.")
    return data
