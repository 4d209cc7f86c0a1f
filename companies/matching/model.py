"""The fitted model: boosted trees as data, read without any library. `make fit-matching` fits it: decision 14."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from companies.matching.features import FEATURES

_FILE = Path(__file__).parent / "data" / "model.json"

# Names that are the same after normalising start from here at least, however little they tell.
_SAME_NAME = 3.0
_CORE = FEATURES.index("same.core")

# One node: the feature's place, the threshold (at or below: left), the places of left and right, the value so far.
# A leaf has itself as both sides.
Node = tuple[int, float, int, int, float]


@dataclass(frozen=True, slots=True)
class Model:
    """Trees, their sum as a function, and how it is turned into log-odds: `scale` times the sum plus `shift`;
    `rivals` is what other companies that fit cost, `size` what each power of ten above 10,000 names adds, `pair`
    what a pair brought by a person starts with."""

    trees: tuple[tuple[Node, ...], ...]
    summed: Callable[[Sequence[float]], float]
    scale: float
    shift: float
    rivals: float
    size: float
    pair: float

    def log_odds(self, values: Sequence[float]) -> float:
        """What the features of two names say, in log-odds."""
        return _at_least(values, self.scale * self.summed(values) + self.shift)

    def contributions(self, values: Sequence[float]) -> tuple[float, list[float]]:
        """Where the log-odds come from: what every comparison starts with, and what each feature adds on the way
        down the trees (Saabas 2014). Together they are `log_odds`."""
        base = 0.0
        added = [0.0] * len(FEATURES)
        for tree in self.trees:
            place = 0
            base += tree[0][4]
            while True:
                feature, threshold, left, right, value = tree[place]
                if left == place:
                    break
                place = left if values[feature] <= threshold else right
                added[feature] += tree[place][4] - value
        start, parts = self.scale * base + self.shift, [self.scale * value for value in added]
        reached = start + sum(parts)
        parts[_CORE] += _at_least(values, reached) - reached
        return start, parts


def _as_function(trees: tuple[tuple[Node, ...], ...]) -> Callable[[Sequence[float]], float]:
    """The trees as one Python function: eight times as fast as walking through them, and a look-up asks it a dozen times.

    Its source is made of numbers only, each read as a float or an int by `_node`.
    """
    source = [
        f"def summed(values):\n ({', '.join(f'v{n}' for n in range(len(FEATURES)))},) = values\n total = 0.0"
    ]
    for tree in trees:
        _write(source, tree, 0, " ")
    made: dict[str, Callable[[Sequence[float]], float]] = {}
    exec("\n".join([*source, " return total"]), made)
    return made["summed"]


def _write(source: list[str], tree: tuple[Node, ...], place: int, indent: str) -> None:
    feature, threshold, left, right, value = tree[place]
    if left == place:
        source.append(f"{indent}total += {value!r}")
        return
    source.append(f"{indent}if v{feature} <= {threshold!r}:")
    _write(source, tree, left, indent + " ")
    source.append(f"{indent}else:")
    _write(source, tree, right, indent + " ")


def _at_least(values: Sequence[float], log_odds: float) -> float:
    return max(log_odds, _SAME_NAME) if values[_CORE] else log_odds


@cache
def model() -> Model:
    """The model in data/model.json. Raises ValueError where it was fitted to other features."""
    stored = json.loads(_FILE.read_text(encoding="utf-8"))
    if tuple(stored["features"]) != FEATURES:
        raise ValueError("data/model.json was fitted to other features: run the fitting script again.")
    trees = tuple(tuple(_node(node) for node in tree) for tree in stored["trees"])
    constants = (stored[name] for name in ("scale", "shift", "rivals", "size", "pair"))
    return Model(trees, _as_function(trees), *constants)


def _node(node: list[float]) -> Node:
    feature, threshold, left, right, value = node
    return int(feature), float(threshold), int(left), int(right), float(value)
