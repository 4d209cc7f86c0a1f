"""What is seen in a pair of names, as numbers from 0 to 1 that the score weighs."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Indel

from companies.matching.align import Alignment, align
from companies.matching.fold import without_digraphs
from companies.matching.normalise import Name
from companies.matching.weights import Weigher

# Several features make one signal: the part before the dot is the signal's code.
NAMES = (
    "same_name",
    "same_letters",
    "same_words",
    "shared_words.coverage",
    "shared_words.most",
    "shared_words.all",
    "shared_words.rarity",
    "first_word",
    "only_ours.heaviest",
    "only_ours.whole",
    "only_theirs.heaviest",
    "only_theirs.whole",
    "both_alone",
    "spelling.some",
    "spelling.close",
    "numbers_differ",
    "form_differs",
    "initials.three",
    "initials.four",
    "initials.long",
)

_ALONE = ("only_ours.heaviest", "only_ours.whole", "only_theirs.heaviest", "only_theirs.whole", "both_alone")


@dataclass(frozen=True, slots=True)
class Seen:
    """The features of a pair with the alignment that they rest on."""

    values: dict[str, float]
    alignment: Alignment


def look(ours: Name, theirs: Name, weigher: Weigher) -> Seen:
    """The features of two names that both have words. Symmetric but for only_ours and only_theirs."""
    alignment = align(ours, theirs, weigher)
    values = {**_sameness(ours, theirs), **_shared(alignment), **_alone(alignment), **_initials(ours, theirs)}
    likeness = max(
        Indel.normalized_similarity(ours.joined, theirs.joined),
        Indel.normalized_similarity(ours.typed, theirs.typed),
    )
    values["spelling.some"] = _above(likeness, 0.5)
    values["spelling.close"] = _above(likeness, 0.82)
    values["numbers_differ"] = float(_numbers(ours) != _numbers(theirs))
    values["form_differs"] = float(
        bool(ours.form and theirs.form and "".join(ours.form) != "".join(theirs.form))
    )
    if values["same_name"] or values["same_letters"] or initials_met(ours, theirs):
        # Every word has met, if not one by one.
        values |= dict.fromkeys(_ALONE, 0.0)
    return Seen(values, alignment)


def _above(value: float, floor: float) -> float:
    return max(0.0, (value - floor) / (1 - floor))


def _sameness(ours: Name, theirs: Name) -> dict[str, float]:
    same = not set(ours.spellings).isdisjoint(theirs.spellings)
    joined = {s.replace(" ", "") for s in ours.spellings} & {s.replace(" ", "") for s in theirs.spellings}
    letters = bool(joined) or ours.typed == theirs.typed
    letters = letters or without_digraphs(ours.joined) == without_digraphs(theirs.joined)
    words = sorted(ours.core.split()) == sorted(theirs.core.split())
    return {
        "same_name": float(same),
        "same_letters": float(letters and not same),
        "same_words": float(words and not same),
    }


def _shared(alignment: Alignment) -> dict[str, float]:
    coverage = alignment.coverage
    return {
        "shared_words.coverage": coverage,
        "shared_words.most": _above(coverage, 0.6),
        "shared_words.all": _above(coverage, 0.85),
        "shared_words.rarity": max((p.weight * p.closeness for p in alignment.pairings), default=0.0),
        "first_word": max(
            (p.closeness for p in alignment.pairings if p.ours[0] == p.theirs[0] == 0), default=0.0
        ),
    }


def _alone(alignment: Alignment) -> dict[str, float]:
    ours = [alignment.ours_weights[i] for i in alignment.ours_alone]
    theirs = [alignment.theirs_weights[i] for i in alignment.theirs_alone]
    heaviest_ours, heaviest_theirs = max(ours, default=0.0), max(theirs, default=0.0)
    return {
        "only_ours.heaviest": heaviest_ours,
        "only_ours.whole": min(1.0, sum(ours) / 3),
        "only_theirs.heaviest": heaviest_theirs,
        "only_theirs.whole": min(1.0, sum(theirs) / 3),
        "both_alone": min(heaviest_ours, heaviest_theirs),
    }


def _numbers(name: Name) -> list[str]:
    return sorted(word.text for word in name.words if word.text.isdigit())


def _initials(ours: Name, theirs: Name) -> dict[str, float]:
    met = initials_met(ours, theirs)
    return {
        "initials.three": float(len(met) == 3),
        "initials.four": float(len(met) == 4),
        "initials.long": float(len(met) >= 5),
    }


def initials_met(ours: Name, theirs: Name) -> str:
    """The letters where one name is the other's initials, else ''."""
    for short, long in ((ours, theirs), (theirs, ours)):
        if len(short.words) == 1 and short.joined in long.letters:
            return short.joined
    return ""
