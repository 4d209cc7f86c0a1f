"""How close two words are: equal, written together, shortened, mistyped."""

from __future__ import annotations

from rapidfuzz.distance import OSA, JaroWinkler

from companies.matching.fold import without_digraphs


def closeness(one: str, other: str) -> float:
    """1 for equal words, 0 for unrelated ones; symmetric."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit():
        return 0.0
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    if without_digraphs(short) == without_digraphs(long):
        return 0.97
    if _inflected(short, long):
        return 0.95
    if len(short) >= 3 and long.startswith(short) and len(long) - len(short) >= 3:
        return 0.6 if len(short) >= 4 else 0.45
    return _typo(short, long)


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
    if len(short) < 4 or len(long) - len(short) > 2:
        return 0.0
    edits = OSA.distance(short, long, score_cutoff=2)
    if edits > 2 or (edits == 2 and len(short) < 8):
        return 0.0
    # A slip rarely hits the first letter; two names often differ just there ('Delta', 'Belta').
    likeness = JaroWinkler.similarity(short, long)
    base = 1 - edits / len(long) * (1.0 if short[0] == long[0] else 1.6)
    return max(0.0, min(0.93, (base + likeness) / 2))
