"""The fields of a firm that the rule builder knows. Apps further up add theirs, such as programs, when they are ready.

A field turns an operator and values into one condition on firms (a Q for the database, never text of SQL), offers the
values to choose from, and says in words what a given firm has.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from partners.groups.operators import Operator, Takes
from partners.models import Partner

NOBODY = Q(pk__in=[])

Values = tuple[str, ...]
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """A field by its `code`, in the builder under `label`.

    `condition(operator, values, at)` is what holds for a firm at `at`; for what a firm has several of
    write Q(Exists(rows.filter(partner_id=OuterRef("pk")))): a join would bring firms twice, and one firm's rows are found by
    an index however many there are. `shown(firm, at)` is what the firm has, as the
    reader would say it, '' for nothing. `choices()` are the values that exist; `offered()`, where given, those that the
    builder shows. Fields of apps further up leave `order` as it is: they come after the firm's own."""

    code: str
    label: str
    operators: tuple[Operator, ...]
    condition: Callable[[Operator, Values, datetime], Q]
    shown: Callable[[Partner, datetime], str]
    choices: Callable[[], Choices] = list
    offered: Callable[[], Choices] | None = None
    order: int = 100


_fields: dict[str, Field] = {}


def add_field(field: Field) -> None:
    """Adds a field; an app does so when it is ready. Raises ValueError for a code that another field has."""
    if _fields.get(field.code, field) != field:
        raise ValueError(f"There are two fields of groups called {field.code}.")
    _fields[field.code] = field


def all_fields() -> list[Field]:
    """Every field, those of the firm itself first."""
    return sorted(_fields.values(), key=lambda field: (field.order, field.label))


def field_of(code: str) -> Field | None:
    """The field with this code; None for one that no app knows (any more)."""
    return _fields.get(code)


ONE_VALUE = (Operator.ANY_OF, Operator.NONE_OF)
ONE_OR_NO_VALUE = (*ONE_VALUE, Operator.IS_SET, Operator.IS_EMPTY)
MANY_VALUES = (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF, Operator.IS_SET, Operator.IS_EMPTY)


def choice_field(
    code: str,
    label: str,
    *,
    has: Callable[[Values, datetime], Q],
    shown: Callable[[Partner, datetime], str],
    choices: Callable[[], Choices],
    offered: Callable[[], Choices] | None = None,
    some: Callable[[datetime], Q] | None = None,
    operators: tuple[Operator, ...] = ONE_VALUE,
) -> Field:
    """A field with values from a list. `has(values, at)` holds for firms with at least one of them, `some(at)` for firms
    with any at all; 'none of', 'all of' and 'not given' are made of these two."""

    def condition(operator: Operator, values: Values, at: datetime) -> Q:
        if operator == Operator.NONE_OF:
            return ~has(values, at)
        if operator == Operator.ALL_OF:
            return all_of([has((value,), at) for value in values])
        if operator == Operator.IS_SET and some is not None:
            return some(at)
        if operator == Operator.IS_EMPTY and some is not None:
            return ~some(at)
        return has(values, at) if operator == Operator.ANY_OF else NOBODY

    return Field(code, label, operators, condition, shown, choices, offered)


def all_of(conditions: Sequence[Q]) -> Q:
    """What holds where all hold; nobody where there are none."""
    if not conditions:
        return NOBODY
    joined = conditions[0]
    for condition in conditions[1:]:
        joined &= condition
    return joined


def any_of(conditions: Sequence[Q]) -> Q:
    """What holds where one holds; nobody where there are none."""
    joined = NOBODY
    for condition in conditions:
        joined |= condition
    return joined


def is_whole(operator: Operator, values: Values) -> bool:
    """Whether an operator has as many values as it takes."""
    if operator.takes == Takes.NOTHING:
        return not values
    return bool(values) if operator.takes == Takes.CHOICES else len(values) == 1
