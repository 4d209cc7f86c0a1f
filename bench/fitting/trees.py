"""The trees and their calibration. LightGBM is needed for fitting only: the portal reads the trees as data."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
from rapidfuzz import fuzz

from bench.fitting.examples import Example
from companies.matching.features import FEATURES
from companies.matching.score import ALL_BUT_EQUAL

_FOLDS, _ROUNDS = 5, 120
_PARAMETERS = {
    "objective": "binary",
    "num_leaves": 31,
    "learning_rate": 0.13,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "seed": 1,
    "deterministic": True,
    "num_threads": 1,
    "verbose": -1,
}
_UP = {"shared.less", "shared.more", "letters.joined", "letters.typed", "letters.begin", "form.same"}
_UP |= {
    "same.core",
    "same.joined",
    "same.words",
    "same.known",
    "initials.length",
    "initials.plain",
    "letters.sound",
}
_DOWN = {
    "alone.less",
    "alone.more",
    "alone.sum_less",
    "alone.sum_more",
    "alone.telling",
    "slips.sum",
    "slips.seen",
}
_DOWN |= {
    "numbers.differ",
    "numbers.missing",
    "numbers.single",
    "form.differs",
    "form.foreign",
    "initials.other",
}
_CONSTRAINTS = [(feature in _UP) - (feature in _DOWN) for feature in FEATURES]
_JOINED = FEATURES.index("same.joined")
# What a pair weighs beside a query's candidate: nothing much for lists, and nearly all for pairs.
IN_LISTS, IN_PAIRS = 1.0, 40.0

Pairs = list[tuple[bool, tuple[float, ...]]]


def fit(found: list[Example], golden: Pairs, weight: float) -> Any:
    """Boosted trees over every candidate of every example, and the golden pairs with `weight` each; evidence never turns
    against its direction."""
    rows = [(row, right, one.weight) for one in found for row, right in zip(one.seen, one.right, strict=True)]
    rows += [(row, same, weight) for same, row in golden]
    values, labels, weights = zip(*rows, strict=True)
    data = lightgbm.Dataset(np.array(values), np.array(labels, dtype=float), weight=np.array(weights))
    return lightgbm.train(_PARAMETERS | {"monotone_constraints": _CONSTRAINTS}, data, _ROUNDS)


def told(model: Any, rows: list[tuple[float, ...]]) -> Any:
    """What the trees say, in log-odds."""
    return model.predict(np.array(rows), raw_score=True) if rows else np.array([])


def rivals(one: Example, said: Any) -> Any:
    """For each candidate the weight of the others that fit, as companies.matching.score has it but for the limit."""
    odds = np.exp(np.minimum(said, 30))
    out = np.zeros(len(said))
    for place, joined in enumerate(one.joined):
        if not one.seen[place][_JOINED]:
            others = (
                min(odds[place], odds[n])
                for n, other in enumerate(one.joined)
                if fuzz.ratio(joined, other) < ALL_BUT_EQUAL
            )
            out[place] = np.log1p(sum(others))
    return out


def for_lists(found: list[Example], golden: Pairs) -> dict[str, float]:
    """Scale, shift, and what rivals and the list's size are worth; on folds not fitted on.

    Only the best candidate of a query counts, since that is the score that people and policy act on; brands and initials,
    which no score of a name can settle, are left out.
    """
    rows, labels = [], []
    for fold in range(_FOLDS):
        held = [one for one in found if one.real and one.seen and one.settles and one.fold(_FOLDS) == fold]
        model = fit([one for one in found if one.fold(_FOLDS) != fold], _without(golden, fold), IN_LISTS)
        for one in held:
            said = told(model, one.seen)
            best = int(np.argmax(said))
            size = (np.log10(one.size) - 4) * (not one.seen[best][_JOINED])
            rows.append((said[best], rivals(one, said)[best], size, 1.0))
            labels.append(one.right[best])
    scale, cost, size, shift = _logistic(np.array(rows), np.array(labels, dtype=float))
    return _rounded({"scale": scale, "shift": shift, "rivals": -cost, "size": size})


def for_pairs(found: list[Example], golden: Pairs) -> dict[str, float]:
    """Scale and shift for two names side by side, on golden pairs in folds not fitted on: as many are the same as not."""
    rows, labels = [], []
    for fold in range(_FOLDS):
        kept = golden[fold::_FOLDS]
        model = fit([one for one in found if one.fold(_FOLDS) != fold], _without(golden, fold), IN_PAIRS)
        rows += [(value, 1.0) for value in told(model, [row for _, row in kept])]
        labels += [same for same, _ in kept]
    scale, shift = _logistic(np.array(rows), np.array(labels, dtype=float))
    return _rounded({"scale": scale, "shift": shift})


def _without(golden: Pairs, fold: int) -> Pairs:
    return [pair for n, pair in enumerate(golden) if n % _FOLDS != fold]


def _rounded(constants: dict[str, float]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in constants.items()}


def _logistic(rows: Any, labels: Any) -> Any:
    """Logistic regression by Newton's steps."""
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (labels - chance) - 1e-3 * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + 1e-3 * np.eye(rows.shape[1])
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def as_data(model: Any) -> list[list[list[float]]]:
    """The trees as lists of [feature, threshold, left, right, value], a leaf pointing at itself."""

    def walk(node: dict[str, Any], nodes: list[list[float]]) -> int:
        at = len(nodes)
        nodes.append([])
        if "split_feature" not in node:
            nodes[at] = [0, 0, at, at, round(node["leaf_value"], 5)]
        else:
            left, right = walk(node["left_child"], nodes), walk(node["right_child"], nodes)
            threshold = float(f"{node['threshold']:.6g}")
            nodes[at] = [node["split_feature"], threshold, left, right, round(node["internal_value"], 5)]
        return at

    trees: list[list[list[float]]] = []
    for tree in model.dump_model()["tree_info"]:
        nodes: list[list[float]] = []
        walk(tree["tree_structure"], nodes)
        trees.append(nodes)
    return trees
