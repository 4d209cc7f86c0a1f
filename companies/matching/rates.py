"""How common a word is in company names: what a shared or a missing word is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from math import log

from companies.matching.wordlists import mapping, words

_MILLION = 1_000_000
# The static counts speak as loudly as a list of this many names.
_PRIOR = 100_000
# Of a million names, a word that stands in none of the counted ones.
_UNKNOWN = 4
# A person's name and a well-known company's are as surely no slip as a word that so many names bear, in tens of a million.
_NAMED = 2.0
# In so many names of a million a word is found in pairs with others, and in so many it finds nothing by itself.
_FREQUENT = 70
_GENERAL = 1_000


@cache
def _static() -> dict[str, int]:
    return {word: int(count) for word, count in mapping("word_rates").items()}


class _Usual(dict[str, float]):
    """What words tell by the static counts alone."""

    def __missing__(self, word: str) -> float:
        return _UNCOUNTED


@cache
def usual_weights() -> Mapping[str, float]:
    """What any word tells in a list that does not know it."""
    return _Usual((word, _told(count / _MILLION)) for word, count in _static().items())


def _told(rate: float) -> float:
    """0 for a word in every name, 1 for one in a million."""
    return min(1.0, log(1 / rate) / log(_MILLION))


_UNCOUNTED = _told(_UNKNOWN / _MILLION)


class _Weights(dict[str, float]):
    """What each word tells, worked out when it is first asked for."""

    def __init__(self, known: Mapping[str, int], total: int) -> None:
        self._known, self._total = known, total

    def __missing__(self, word: str) -> float:
        known = self._known.get(word)
        if known is None:
            told = usual_weights()[word]
        else:
            rate = _static().get(word, _UNKNOWN) / _MILLION
            told = _told((rate * _PRIOR + known) / (_PRIOR + max(self._total, known)))
        self[word] = told
        return told


def is_frequent(word: str) -> bool:
    """Whether so many names carry the word that it is looked up in pairs."""
    return _static().get(word, 0) >= _FREQUENT or word.isdigit()


def is_general(word: str) -> bool:
    """Whether the word stands in so many names that it finds nothing by itself."""
    return _static().get(word, 0) > _GENERAL


class Rates:
    """Shares of names that carry a word: the static counts, and the list's own the more of them it has."""

    __slots__ = ("_known", "weight")

    def __init__(self, known: Mapping[str, int] | None = None, total: int = 0) -> None:
        self._known: Mapping[str, int] = known or {}
        # What a word tells, 0 (in every name) to 1 (in one of a million). A look-up asks hundreds of times.
        self.weight: Callable[[str], float] = _Weights(self._known, max(total, 0)).__getitem__

    def is_known(self, word: str) -> bool:
        """Whether a name of the list carries the word."""
        return self._known.get(word, 0) > 0

    def seen(self, word: str) -> float:
        """How surely the word is one that companies bear, and no slip: 0 (never seen) upwards, as a logarithm."""
        borne = _static().get(word, 0) / 10 or _NAMED * (word in words("people") or word in words("brands"))
        return log(1 + borne + self._known.get(word, 0))
