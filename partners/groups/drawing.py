"""What the templates of the rule builder get: rows with everything that there is to choose."""

from dataclasses import dataclass
from typing import Any

from partners.groups.builder import Draft, Row, is_free
from partners.groups.fields import Field, all_fields, field_of
from partners.groups.operators import Operator, Takes
from partners.groups.words import Words

_TYPES = {Takes.TEXT: "text", Takes.DATE: "date", Takes.DAYS: "number"}


@dataclass(frozen=True)
class Choice:
    """A value with its box."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class DrawnRow:
    """A row as the template draws it. `number` counts within its block; `takes` says which input stands there."""

    key: str
    block: str
    number: int
    fields: list[Choice]
    operators: list[Choice]
    field: str
    label: str
    takes: str
    input_type: str
    choices: list[Choice]
    value: str
    error: str
    focus: bool


def drawn(draft: Draft) -> dict[str, Any]:
    """The context of templates/partners/groups/_rule.html."""
    words = draft.words
    return {
        "match": draft.match,
        "rows": _rows(draft, "", words),
        "blocks": [
            {"key": key, "number": number, "match": match, "rows": _rows(draft, key, words)}
            for number, (key, match) in enumerate(draft.blocks.items(), start=1)
        ],
        "is_full": draft.is_full,
        "may_add_block": is_free(draft),
        "focus_add": draft.focus == "add",
    }


def _rows(draft: Draft, block: str, words: Words) -> list[DrawnRow]:
    return [_row(row, number, draft.focus, words) for number, row in enumerate(draft.rows_in(block), start=1)]


def _row(row: Row, number: int, focus: str, words: Words) -> DrawnRow:
    field = field_of(row.field)
    takes = Operator(row.operator).takes if field and row.operator in Operator.values else Takes.NOTHING
    fields = [Choice(one.code, one.label, one.code == row.field) for one in all_fields()]
    if field is None and row.field:
        fields.append(Choice(row.field, f"‘{row.field}’ (gone)", True))
    return DrawnRow(
        key=row.key,
        block=row.block,
        number=number,
        fields=fields,
        operators=[Choice(one.value, one.label, one == row.operator) for one in field.operators]
        if field
        else [],
        field=row.field,
        label=field.label if field else "",
        takes=takes.value,
        input_type=_TYPES.get(takes, ""),
        choices=_choices(field, row, words) if field and takes == Takes.CHOICES else [],
        value=row.values[0] if row.values and takes in _TYPES else "",
        error=row.error,
        focus=row.key == focus,
    )


def _choices(field: Field, row: Row, words: Words) -> list[Choice]:
    """What is offered, and what is chosen though it is not offered (any more)."""
    known = words.choices_of(field)
    offered = dict(words.offered_by(field))
    for value in row.values:
        offered.setdefault(value, known.get(value, f"‘{value}’ (gone)"))
    return [Choice(value, label, value in row.values) for value, label in offered.items()]
