"""Figures of merit from outcomes. Shares are from 0 to 1, times in milliseconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from companies.measuring.outcomes import Outcome
from companies.measuring.thresholds import Thresholds


def figures(outcomes: Sequence[Outcome], thresholds: Thresholds) -> dict[str, Any]:
    """Everything that is told of a run: times always, the rest where the right answers are known."""
    told: dict[str, Any] = {"queries": len(outcomes), **times([o.milliseconds for o in outcomes])}
    known = [outcome for outcome in outcomes if outcome.kind is not None]
    if known:
        told |= merit(known) | at_verdicts(known)
        told["calibration_error"] = calibration_error(known)
        told["thresholds"] = {"same": thresholds.same, "review": thresholds.review}
        told["by_class"] = by_class(known, told["threshold"])
    return told


def times(milliseconds: Sequence[float]) -> dict[str, float]:
    """The median, and what 95 and 99 of 100 look-ups stay under."""
    ordered = sorted(milliseconds)
    if not ordered:
        return {}
    return {
        f"p{share}_ms": round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 3)
        for share in (50, 95, 99)
    }


def merit(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """F1 where it is best and its threshold, recall where precision is high, how often the right one is first."""
    present = sum(not outcome.absent for outcome in outcomes)
    curve = _curve(outcomes)
    best = max(curve, key=lambda point: point.f1, default=_Point(0.0, 0.0, 0.0))
    return {
        "present": present,
        "f1": round(best.f1, 4),
        "threshold": round(best.threshold, 4),
        "precision": round(best.precision, 4),
        "recall": round(best.recall, 4),
        "recall_at_95_precision": _recall_at(curve, 0.95),
        "recall_at_98_precision": _recall_at(curve, 0.98),
        "top_1": _share([outcome.place == 1 for outcome in outcomes if not outcome.absent]),
        "top_10": _share([1 <= outcome.place <= 10 for outcome in outcomes if not outcome.absent]),
    }


def at_verdicts(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Precision, recall and false alarms at the verdict 'same', and at 'review' or better."""
    told: dict[str, Any] = {}
    for name, verdicts in (("same", {"same"}), ("review", {"same", "review"})):
        said = [outcome for outcome in outcomes if outcome.verdict in verdicts]
        right = sum(outcome.place == 1 for outcome in said)
        told[f"precision_at_{name}"] = _share([outcome.place == 1 for outcome in said])
        told[f"recall_at_{name}"] = round(right / max(1, sum(not outcome.absent for outcome in outcomes)), 4)
        told[f"false_alarms_at_{name}"] = _share([o.verdict in verdicts for o in outcomes if o.absent])
    return told


def by_class(outcomes: Sequence[Outcome], threshold: float) -> dict[str, dict[str, Any]]:
    """For each class of queries: how many, how often the right one is first or among ten, and found at the threshold;
    for names that are not in the list, how often something was found all the same."""
    classes: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        classes[outcome.kind or ""].append(outcome)
    told: dict[str, dict[str, Any]] = {}
    for kind, members in sorted(classes.items()):
        present = [outcome for outcome in members if not outcome.absent]
        absent = [outcome for outcome in members if outcome.absent]
        told[kind] = {
            "queries": len(members),
            "top_1": _share([outcome.place == 1 for outcome in present]),
            "top_10": _share([1 <= outcome.place <= 10 for outcome in present]),
            "recall": _share([outcome.place == 1 and _reaches(outcome, threshold) for outcome in present]),
            "false_alarms": _share([_reaches(outcome, threshold) for outcome in absent]),
        }
    return told


def reliability(outcomes: Sequence[Outcome], bins: int = 10) -> list[dict[str, float]]:
    """Of the best candidates with a score in each tenth: how many, their mean score, and the share that is right."""
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for outcome in outcomes:
        if outcome.scores:
            groups[min(bins - 1, int(outcome.scores[0] * bins))].append((outcome.scores[0], outcome.hits[0]))
    return [
        {
            "count": len(group),
            "score": round(sum(score for score, _ in group) / len(group), 4),
            "right": round(sum(hit for _, hit in group) / len(group), 4),
        }
        for group in groups
        if group
    ]


def calibration_error(outcomes: Sequence[Outcome]) -> float | None:
    """The mean distance of score and share of right answers over the tenths, by how many fall there (ECE)."""
    tenths = reliability(outcomes)
    total = sum(tenth["count"] for tenth in tenths)
    if not total:
        return None
    return round(sum(t["count"] * abs(t["score"] - t["right"]) for t in tenths) / total, 4)


def precision_and_recall(outcomes: Sequence[Outcome]) -> list[tuple[float, float]]:
    """(recall, precision) at each threshold, from the highest on."""
    return [(point.recall, point.precision) for point in _curve(outcomes)]


class _Point:
    """One threshold on the way down from the surest answer."""

    __slots__ = ("f1", "precision", "recall", "threshold")

    def __init__(self, threshold: float, precision: float, recall: float) -> None:
        self.threshold, self.precision, self.recall = threshold, precision, recall
        self.f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _curve(outcomes: Sequence[Outcome]) -> list[_Point]:
    present = sum(not outcome.absent for outcome in outcomes)
    answered = sorted((o for o in outcomes if o.scores), key=lambda outcome: -outcome.score)
    points: list[_Point] = []
    right = 0
    for said, outcome in enumerate(answered, 1):
        right += outcome.place == 1
        last_of_its_score = said == len(answered) or answered[said].score < outcome.score
        if last_of_its_score:
            points.append(_Point(outcome.score, right / said, right / present if present else 0.0))
    return points


def _reaches(outcome: Outcome, threshold: float) -> bool:
    """Whether the best score is at the threshold or above, which comes rounded to four places."""
    return round(outcome.score, 4) >= threshold


def _recall_at(curve: Sequence[_Point], precision: float) -> float:
    return round(max((p.recall for p in curve if p.precision >= precision), default=0.0), 4)


def _share(seen: Sequence[bool]) -> float | None:
    return round(sum(seen) / len(seen), 4) if seen else None
