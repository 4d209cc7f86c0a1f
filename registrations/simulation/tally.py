"""Counting: from where to where, by which finding, how many and for how much."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from policies.outcome import Landing


@dataclass(frozen=True)
class Cell:
    """How many registrations, and their value in the base currency."""

    number: int = 0
    value: Decimal = Decimal(0)

    def plus(self, other: "Cell") -> "Cell":
        return Cell(self.number + other.number, self.value + other.value)


Key = tuple[str, str, str]  # before, after, the deciding rule ('' for no change)


@dataclass
class Tally:
    """What a simulation has found so far. `unsettled` cases are in no cell."""

    looked_at: int = 0
    reconstructed: int = 0
    unsettled: int = 0
    cells: dict[Key, Cell] = field(default_factory=dict)

    def count(self, before: str, after: str, rule: str, value: Decimal) -> None:
        """Adds one registration."""
        key = (before, after, rule)
        self.cells[key] = self.cells.get(key, Cell()).plus(Cell(1, value))

    def cells_as_json(self) -> dict[str, list[Any]]:
        """As the row keeps them."""
        return {">".join(key): [cell.number, str(cell.value)] for key, cell in sorted(self.cells.items())}


def cells_from_json(kept: Mapping[str, list[Any]]) -> dict[Key, Cell]:
    """The cells that a row keeps."""
    found = {}
    for text, (number, value) in kept.items():
        before, after, rule = text.split(">", 2)
        found[before, after, rule] = Cell(number, Decimal(value))
    return found


def matrix(cells: Mapping[Key, Cell]) -> dict[tuple[Landing, Landing], Cell]:
    """(before, after) → how many; every pair of landings is there."""
    found = {(before, after): Cell() for before in Landing for after in Landing}
    for (before, after, _), cell in cells.items():
        pair = (Landing(before), Landing(after))
        found[pair] = found[pair].plus(cell)
    return found


def moved(cells: Mapping[Key, Cell]) -> Cell:
    """All that would have landed elsewhere."""
    total = Cell()
    for (before, after, _), cell in cells.items():
        if before != after:
            total = total.plus(cell)
    return total


def by_rule(cells: Mapping[Key, Cell]) -> dict[str, int]:
    """How many each finding moves, the most first."""
    found: dict[str, int] = {}
    for (before, after, rule), cell in cells.items():
        if before != after:
            found[rule] = found.get(rule, 0) + cell.number
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
