"""How close two words are: equal, inflected, shortened, mistyped."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from companies.matching.fold import without_digraphs

LEAST = 0.44
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=65_536)
def closeness(one: str, other: str) -> float:
    """1 for equal words, 0 for unrelated ones; symmetric."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit() or _numbers_differ(one, other):
        return 0.0
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    if without_digraphs(short) == without_digraphs(long):
        return 0.97
    if _inflected(short, long):
        return 0.95
    typo = _typo(short, long)
    if len(short) >= 3 and long.startswith(short):
        rest = len(long) - len(short)
        return max(typo, 0.6 if rest >= 2 and len(short) >= 4 else 0.45 if rest >= 2 else 0.0)
    if len(short) == 1:
        return 0.45 if long[0] == short else 0.0
    return typo


def _numbers_differ(one: str, other: str) -> bool:
    """'p15' and 'p11' are no slip of one another."""
    if one.isalpha() or other.isalpha():
        return False
    mine, theirs = _DIGITS.findall(one), _DIGITS.findall(other)
    return bool(mine and theirs) and mine != theirs


def _inflected(short: str, long: str) -> bool:
    """Plural and genitive endings: 'motor'/'motors', 'chemie'/'chemische' is not one."""
    return len(short) >= 4 and long in {
        short + "s",
        short + "es",
        short + "n",
        short + "en",
        short[:-1] + "ies",
    }


def _typo(short: str, long: str) -> float:
    if len(short) < 3 or len(long) - len(short) > 2:
        return 0.0
    edits = OSA.distance(short, long, score_cutoff=2)
    if edits > 2 or (edits == 2 and len(short) < 5):
        return 0.0
    # A slip rarely hits the first letter; two names often differ just there ('Delta', 'Belta').
    likeness = JaroWinkler.similarity(short, long)
    base = 1 - edits / len(long) * (1.0 if short[0] == long[0] else 1.6)
    return max(0.0, min(0.93, (base + likeness) / 2))
