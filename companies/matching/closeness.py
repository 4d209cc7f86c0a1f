"""How close two words are: equal, inflected, shortened, mistyped."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from companies.matching.fold import without_digraphs

LEAST = 0.44
_DIGITS = re.compile(r"\d+")


def may_be_close(one: str, other: str) -> bool:
    """Whether it is worth asking how close two words are: of most pairs the lengths tell that they are not."""
    longer = len(one) - len(other)
    return -3 < longer < 3 or (one.startswith(other) if longer > 0 else other.startswith(one))


@lru_cache(maxsize=65_536)
def closeness(one: str, other: str) -> float:
    """1 for equal words, 0 for unrelated ones; symmetric."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit() or _numbers_differ(one, other):
        return 0.0
    short, long = (one, other) if (len(one), one) <= (len(other), other) else (other, one)
    rest = len(long) - len(short)
    if rest > 2:  # too far apart for slips and endings, as nearly all pairs of words are
        return _beginning(short, long, rest)
    if without_digraphs(short) == without_digraphs(long):
        return 0.97
    if _inflected(short, long):
        return 0.95
    return max(_typo(short, long), _beginning(short, long, rest))


def _beginning(short: str, long: str, rest: int) -> float:
    """What it is worth that a word begins with the other: 'tech' and 'technology'."""
    if not long.startswith(short):
        return 0.0
    if len(short) == 1:
        return 0.45
    if len(short) < 3 or rest < 2:
        return 0.0
    return 0.6 if len(short) >= 4 else 0.45


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
