"""Which word of one name meets which of the other, and what stays alone."""

from __future__ import annotations

from dataclasses import dataclass

from companies.matching.closeness import closeness
from companies.matching.normalise import Name, Word
from companies.matching.weights import Weigher

_LEAST_CLOSE = 0.44


@dataclass(frozen=True, slots=True)
class Pairing:
    """Words that meet: one on each side, or two against one written together."""

    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    closeness: float
    weight: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairings of two names and the weights of all words on both sides."""

    pairings: tuple[Pairing, ...]
    ours_alone: tuple[int, ...]
    theirs_alone: tuple[int, ...]
    ours_weights: tuple[float, ...]
    theirs_weights: tuple[float, ...]

    @property
    def coverage(self) -> float:
        """The share of both names' weight that meets, 0 to 1."""
        total = sum(self.ours_weights) + sum(self.theirs_weights)
        met = sum(
            pair.closeness
            * (
                sum(self.ours_weights[i] for i in pair.ours)
                + sum(self.theirs_weights[i] for i in pair.theirs)
            )
            for pair in self.pairings
        )
        return met / total if total else 0.0


def align(ours: Name, theirs: Name, weigher: Weigher) -> Alignment:
    """The best pairs first, each word once; symmetric but for the sides' names."""
    ours_weights = tuple(weigher.weight(word.text) for word in ours.words)
    theirs_weights = tuple(weigher.weight(word.text) for word in theirs.words)
    found = _pairs(ours.words, theirs.words, ours_weights, theirs_weights)
    found.sort(
        key=lambda p: (-p.closeness, -p.weight, sum(p.ours) + sum(p.theirs), abs(p.ours[0] - p.theirs[0]))
    )
    used_ours: set[int] = set()
    used_theirs: set[int] = set()
    kept: list[Pairing] = []
    for pair in found:
        if used_ours.isdisjoint(pair.ours) and used_theirs.isdisjoint(pair.theirs):
            kept.append(pair)
            used_ours.update(pair.ours)
            used_theirs.update(pair.theirs)
    return Alignment(
        tuple(kept),
        tuple(i for i in range(len(ours.words)) if i not in used_ours),
        tuple(i for i in range(len(theirs.words)) if i not in used_theirs),
        ours_weights,
        theirs_weights,
    )


def _pairs(
    ours: tuple[Word, ...],
    theirs: tuple[Word, ...],
    ours_weights: tuple[float, ...],
    theirs_weights: tuple[float, ...],
) -> list[Pairing]:
    found: list[Pairing] = []
    for i, one in enumerate(ours):
        for j, other in enumerate(theirs):
            close = max(closeness(one.text, other.text), closeness(one.surface, other.surface))
            if close >= _LEAST_CLOSE:
                found.append(Pairing((i,), (j,), close, (ours_weights[i] + theirs_weights[j]) / 2))
    for i, j in _written_together(ours, theirs):
        found.append(Pairing((i, i + 1), (j,), 0.98, theirs_weights[j]))
    for j, i in _written_together(theirs, ours):
        found.append(Pairing((i,), (j, j + 1), 0.98, ours_weights[i]))
    return found


def _written_together(split: tuple[Word, ...], whole: tuple[Word, ...]) -> list[tuple[int, int]]:
    places = {word.surface: j for j, word in enumerate(whole)}
    joined = ((i, split[i].surface + split[i + 1].surface) for i in range(len(split) - 1))
    return [(i, places[text]) for i, text in joined if text in places]
