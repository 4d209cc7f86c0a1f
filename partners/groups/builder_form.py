"""Reading the rule builder's form, and doing what its buttons say: add, remove, look again."""

import re

from django.http import QueryDict

from partners.groups.builder import Draft, Row, is_free, new_block, new_row
from partners.groups.fields import field_of
from partners.groups.operators import Operator, Takes
from partners.groups.rules import MATCHES, MOST_CONDITIONS

_KEY = re.compile(r"[rb][0-9]{1,4}")
_MOST_VALUES = 300
_LONGEST = 200


def read_draft(sent: QueryDict) -> Draft:
    """The rows that were sent, as far as they can be read; what can't is as if it had not been sent."""
    draft = Draft(_match(sent.get("match", ""), "all"))
    for key in _keys(sent, "block"):
        draft.blocks[key] = _match(sent.get(f"{key}-match", ""), "any")
    for key in _keys(sent, "row")[:MOST_CONDITIONS]:
        draft.rows.append(_row(sent, key, draft))
    return draft


def act(draft: Draft, order: str) -> Draft:
    """The draft after a button: 'add', 'add:<block>', 'block', 'remove:<row or block>'; anything else changes nothing."""
    verb, _, key = order.partition(":")
    if verb == "add" and not draft.is_full and (not key or key in draft.blocks):
        new_row(draft, key)
    elif verb == "block" and is_free(draft):
        new_row(draft, new_block(draft, "all" if draft.match == "any" else "any"))
    elif verb == "remove":
        _remove(draft, key)
    return draft


def _remove(draft: Draft, key: str) -> None:
    """Takes a row or a block away, and goes to what stood before it. A block without rows goes, too."""
    order = [row.key for row in draft.rows]
    if key in draft.blocks:
        draft.rows = [row for row in draft.rows if row.block != key]
        draft.focus = "add"
    elif key in order:
        block = next(row.block for row in draft.rows if row.key == key)
        beside = [row.key for row in draft.rows if row.block == block]
        place = beside.index(key)
        draft.rows = [row for row in draft.rows if row.key != key]
        draft.focus = beside[place - 1] if place else (beside[1] if len(beside) > 1 else "add")
    used = {row.block for row in draft.rows}
    draft.blocks = {name: match for name, match in draft.blocks.items() if name in used}


def _row(sent: QueryDict, key: str, draft: Draft) -> Row:
    block = sent.get(f"{key}-block", "")
    field = field_of(sent.get(f"{key}-field", ""))
    if field is None:
        return Row(key, block if block in draft.blocks else "", sent.get(f"{key}-field", "")[:60])
    was_field, was_operator = sent.get(f"{key}-was", field.code), sent.get(f"{key}-operator", "")
    operator = was_operator if was_field == field.code else ""
    if operator not in field.operators:
        operator = field.operators[0].value
    values = _values(sent, key) if was_field == field.code else ()
    takes = Operator(operator).takes
    if takes == Takes.NOTHING:
        values = ()
    elif takes != Takes.CHOICES:
        # A date keeps its place when 'before' becomes 'on or after'; a text is no date.
        values = values[:1]
    return Row(key, block if block in draft.blocks else "", field.code, operator, values)


def _values(sent: QueryDict, key: str) -> tuple[str, ...]:
    cleaned = (_clean(value) for value in sent.getlist(f"{key}-value")[:_MOST_VALUES])
    return tuple(dict.fromkeys(value for value in cleaned if value))


def _clean(value: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in value)
    return " ".join(shown.split())[:_LONGEST]


def _keys(sent: QueryDict, name: str) -> list[str]:
    return [key for key in dict.fromkeys(sent.getlist(name)) if _KEY.fullmatch(key)]


def _match(value: str, otherwise: str) -> str:
    return value if value in MATCHES else otherwise
