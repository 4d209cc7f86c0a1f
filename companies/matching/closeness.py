"""How close two words are: equal, inflected, shortened, contracted, mistyped, a given name and its short form."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from companies.matching.fold import without_digraphs
from companies.matching.wordlists import mapping

LEAST = 0.44
_DIGITS = re.compile(r"\d+")
# A word that stands for a longer one has next to no vowels after its first letter.
_TIGHT = re.compile(r".[^aeiou]+[aeiou]?[^aeiou]+|.[^aeiou]+")
_SHORT, _GIVEN = 0.6, 0.9


def may_be_close(one: str, other: str) -> bool:
    """Whether it is worth asking how close two words are: of most pairs the lengths tell that they are not."""
    longer = len(one) - len(other)
    if -3 < longer < 3:
        return True
    short, long = (other, one) if longer > 0 else (one, other)
    return long.startswith(short) or _contracted(short, long) or _same_given(short, long)


@lru_cache(maxsize=65_536)
def closeness(one: str, other: str) -> float:
    """1 for equal words, 0 for unrelated ones; symmetric."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit() or _numbers_differ(one, other):
        return 0.0
    short, long = (one, other) if (len(one), one) <= (len(other), other) else (other, one)
    rest = len(long) - len(short)
    shortened = max(
        _beginning(short, long, rest), _SHORT * _contracted(short, long), _GIVEN * _same_given(short, long)
    )
    if rest > 2:  # too far apart for slips and endings, as nearly all pairs of words are
        return shortened
    if without_digraphs(short) == without_digraphs(long):
        return 0.97
    if _inflected(short, long):
        return 0.95
    return max(_typo(short, long), shortened)


def _beginning(short: str, long: str, rest: int) -> float:
    """What it is worth that a word begins with the other: 'tech' and 'technology'."""
    if not long.startswith(short):
        return 0.0
    if len(short) == 1:
        return 0.45
    if len(short) < 3 or rest < 2:
        return 0.0
    return 0.6 if len(short) >= 4 else 0.45


def _contracted(short: str, long: str) -> bool:
    """Whether it is the longer word without vowels, or with few of its letters: 'eqpt' and 'equipment', 'cnsltnts'."""
    if not 3 <= len(short) < len(long) - 1 or short[0] != long[0] or not _TIGHT.fullmatch(short):
        return False
    if short[-1] != long[-1] and not long.endswith(short[-1] + "s"):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)


def _same_given(short: str, long: str) -> bool:
    """Whether both are one given name: 'mike' and 'michael'."""
    full = mapping("given_names")
    return (short in full or long in full) and full.get(short, short) == full.get(long, long)


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
