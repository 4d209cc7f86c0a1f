"""The rule builder between the page and the rule: rows as a form sends them, changed by its buttons, ready to be drawn.

A form sends `match`, a `block` for each block (with `<block>-match`) and a `row` for each condition (with `<row>-block`,
`-field`, `-operator`, `-value`). Conditions outside blocks come first: the order says nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from partners.groups.checking import problem_of
from partners.groups.operators import Operator
from partners.groups.rules import MATCHES, MOST_CONDITIONS, Block, Condition, Rule
from partners.groups.words import Words

_MOST_BLOCKS = 10


@dataclass(frozen=True)
class Row:
    """A condition while it is built. `key` names it in the form, `block` the block it is in ('' for none)."""

    key: str
    block: str = ""
    field: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()
    error: str = ""

    def condition(self) -> Condition | None:
        """The condition, if a field and a comparison were chosen."""
        if not self.field or self.operator not in Operator.values:
            return None
        return Condition(self.field, Operator(self.operator), self.values)


@dataclass
class Draft:
    """A rule while it is built: `blocks` are keys with their match. `focus` is the row or block that the page goes to."""

    match: str = "all"
    rows: list[Row] = field(default_factory=list)
    blocks: dict[str, str] = field(default_factory=dict)
    focus: str = ""
    words: Words = field(default_factory=Words)

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= MOST_CONDITIONS

    def rows_in(self, block: str) -> list[Row]:
        """The rows of a block, or with '' those outside."""
        return [row for row in self.rows if row.block == block]

    def checked(self) -> "Draft":
        """The same with an error at each row that can't be asked."""
        return replace(self, rows=[replace(row, error=self._error(row)) for row in self.rows])

    @property
    def has_errors(self) -> bool:
        return any(row.error for row in self.rows)

    def complete(self) -> Rule:
        """The rule of all rows that can be asked; those still being written are left out."""
        good = [row for row in self.rows if row.field and not self._error(row)]
        items: list[Condition | Block] = [*_conditions(row for row in good if not row.block)]
        for key, match in self.blocks.items():
            inside = tuple(_conditions(row for row in good if row.block == key))
            if inside:
                items.append(Block(match, inside))
        return Rule(self.match, tuple(items))

    @property
    def unfinished(self) -> int:
        """How many rows `complete` leaves out."""
        return sum(1 for row in self.rows if not row.field or self._error(row))

    def _error(self, row: Row) -> str:
        condition = row.condition()
        if condition is None:
            return "Choose what to compare, or remove the condition."
        return problem_of(condition, self.words)


def draft_of(rule: Rule) -> Draft:
    """The rows of a rule: those outside blocks first."""
    draft = Draft(rule.match)
    for item in rule.items:
        if isinstance(item, Condition):
            _append(draft, item, "")
    for item in rule.items:
        if isinstance(item, Block):
            key = new_block(draft, item.match)
            for condition in item.items:
                _append(draft, condition, key)
    return draft


def new_block(draft: Draft, match: str) -> str:
    """Adds a block without rows; returns its key."""
    key = _free("b", draft.blocks)
    draft.blocks[key] = match if match in MATCHES else "any"
    return key


def new_row(draft: Draft, block: str) -> None:
    """Adds an empty row and goes to it."""
    row = Row(_free("r", [row.key for row in draft.rows]), block)
    draft.rows.append(row)
    draft.focus = row.key


def is_free(draft: Draft) -> bool:
    """Whether the rule has room for one more block."""
    return len(draft.blocks) < _MOST_BLOCKS and not draft.is_full


def _append(draft: Draft, condition: Condition, block: str) -> None:
    key = _free("r", [row.key for row in draft.rows])
    draft.rows.append(Row(key, block, condition.field, condition.operator.value, condition.values))


def _free(letter: str, taken: Iterable[str]) -> str:
    numbers = [int(key[1:]) for key in taken]
    return f"{letter}{max(numbers, default=0) + 1}"


def _conditions(rows: Iterable[Row]) -> list[Condition]:
    return [condition for row in rows if (condition := row.condition()) is not None]
