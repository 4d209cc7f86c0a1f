"""The fitted model: boosted trees as data, read without any library. `make fit-matching` fits it: decision 14."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from companies.matching.features import FEATURES

_FILE = Path(__file__).parent / "data" / "model.json"

# Names that are the same after normalising start from here at least, however little they tell; but for those whose legal
# forms are of different countries.
_SAME_NAME = 3.0
_CORE, _FOREIGN = FEATURES.index("same.core"), FEATURES.index("form.foreign")

# One node: the feature's place, the threshold (at or below: left), the places of left and right, the value so far.
# A leaf has itself as both sides.
Node = tuple[int, float, int, int, float]


@dataclass(frozen=True, slots=True)
class Model:
    """Trees, their sum and each feature's part in it as functions, and how that is turned into log-odds: `scale`
    times the sum plus `shift`; `rivals` is what other companies that fit cost, `size` what each power of ten above
    10,000 names adds, both 0 where no list was searched."""

    trees: tuple[tuple[Node, ...], ...]
    summed: Callable[[Sequence[float]], float]
    told_apart: Callable[[Sequence[float]], Sequence[float]]
    scale: float
    shift: float
    rivals: float
    size: float

    def log_odds(self, values: Sequence[float]) -> float:
        """What the features of two names say, in log-odds."""
        return _at_least(values, self.scale * self.summed(values) + self.shift)

    def contributions(self, values: Sequence[float]) -> tuple[float, list[float]]:
        """Where the log-odds come from: what every comparison starts with, and what each feature adds on the way
        down the trees (Saabas 2014). Together they are `log_odds`."""
        start = self.scale * sum(tree[0][4] for tree in self.trees) + self.shift
        parts = [self.scale * value for value in self.told_apart(values)]
        reached = start + sum(parts)
        parts[_CORE] += _at_least(values, reached) - reached
        return start, parts


# A part of the path to a leaf: the feature that was asked there, and by how much the answer changed the sum.
_Steps = tuple[tuple[int, float], ...]


def _summed(trees: tuple[tuple[Node, ...], ...]) -> Callable[[Sequence[float]], float]:
    """The trees' sum as one Python function: eight times as fast as walking through them, and a look-up asks it a dozen
    times."""
    return _compiled(trees, ["total = 0.0"], "total", lambda value, steps: [f"total += {value!r}"])


def _told_apart(trees: tuple[tuple[Node, ...], ...]) -> Callable[[Sequence[float]], Sequence[float]]:
    """What each feature adds to the trees' sum, as one Python function."""
    every = range(len(FEATURES))

    def at_leaf(value: float, steps: _Steps) -> list[str]:
        return [f"a{feature} += {added!r}" for feature, added in steps] or ["pass"]

    return _compiled(trees, [f"a{n} = 0.0" for n in every], "".join(f"a{n}, " for n in every), at_leaf)


def _compiled(
    trees: tuple[tuple[Node, ...], ...],
    start: list[str],
    answer: str,
    at_leaf: Callable[[float, _Steps], list[str]],
) -> Callable[[Sequence[float]], Any]:
    """A function of the features' values that does at each tree's leaf what `at_leaf` says.

    Its source is made of numbers only, each read as a float or an int by `_node`.
    """
    source = ["def asked(values):", f" ({', '.join(f'v{n}' for n in range(len(FEATURES)))},) = values"]
    source += [f" {line}" for line in start]

    def write(tree: tuple[Node, ...], place: int, indent: str, steps: _Steps) -> None:
        feature, threshold, left, right, value = tree[place]
        if left == place:
            source.extend(indent + line for line in at_leaf(value, steps))
            return
        for side, word in ((left, f"if v{feature} <= {threshold!r}:"), (right, "else:")):
            source.append(indent + word)
            write(tree, side, indent + " ", (*steps, (feature, tree[side][4] - value)))

    for tree in trees:
        write(tree, 0, " ", ())
    made: dict[str, Callable[[Sequence[float]], Any]] = {}
    exec("\n".join([*source, f" return {answer}"]), made)
    return made["asked"]


def _at_least(values: Sequence[float], log_odds: float) -> float:
    return max(log_odds, _SAME_NAME) if values[_CORE] and not values[_FOREIGN] else log_odds


@cache
def list_model() -> Model:
    """For the candidates that a search brings out of a list. Raises ValueError where it was fitted to other features."""
    return _stored("lists")


@cache
def pair_model() -> Model:
    """For two names that somebody puts side by side: those look alike far more often than what a search brings, and the
    ones that differ do so in a trifle. Raises ValueError as `list_model`."""
    return _stored("pairs")


def _stored(name: str) -> Model:
    stored = json.loads(_FILE.read_text(encoding="utf-8"))
    if tuple(stored["features"]) != FEATURES:
        raise ValueError("data/model.json was fitted to other features: run the fitting script again.")
    one = stored[name]
    trees = tuple(tuple(_node(node) for node in tree) for tree in one["trees"])
    constants = (one.get(constant, 0.0) for constant in ("scale", "shift", "rivals", "size"))
    return Model(trees, _summed(trees), _told_apart(trees), *constants)


def _node(node: list[float]) -> Node:
    feature, threshold, left, right, value = node
    return int(feature), float(threshold), int(left), int(right), float(value)
