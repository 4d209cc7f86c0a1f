"""What a word is worth: a rare one says who a company is, a common one hardly anything."""

from __future__ import annotations

from math import log

from companies.matching.types import Frequencies
from companies.matching.wordlists import words

COMMON = 0.35
SMALL = 0.08

# With fewer names than this their frequencies say little: 'electric' may well stand in one only.
_LEAST_TOTAL = 10_000


class Weigher:
    """Weights from 0 to 1 for words. Frequencies known: inverse document frequency, capped by the common-word list."""

    def __init__(self, frequencies: Frequencies | None = None, total: int | None = None) -> None:
        self._frequencies = frequencies
        self._total = max(total or 0, _LEAST_TOTAL)

    def weight(self, word: str) -> float:
        """What a word is worth, SMALL to 1."""
        if word in words("stop_words"):
            return SMALL
        listed = COMMON if word in words("common_words") else 1.0
        known = self._known(word)
        if known is None:
            return listed
        rarity = log((self._total + 1) / (known + 1)) / log(self._total + 1)
        return max(SMALL, min(listed * 1.4 if listed < 1 else 1.0, rarity * 1.15, 1.0))

    def _known(self, word: str) -> int | None:
        if self._frequencies is None:
            return None
        if callable(self._frequencies):
            return self._frequencies(word)
        return self._frequencies.get(word, 0)
