"""From a score to a verdict."""

from __future__ import annotations

from dataclasses import dataclass

from companies.matching import REVIEW, SAME


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from 0 to 1: from `same` on two companies count as one, from `review` on a person looks."""

    same: float = SAME
    review: float = REVIEW

    def verdict(self, score: float) -> str:
        """'same', 'review' or 'different'."""
        if score >= self.same:
            return "same"
        return "review" if score >= self.review else "different"
