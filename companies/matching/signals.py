"""Features to signals: named reasons in plain words, with the text that met."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from companies.matching.features import NAMES, Seen, initials_met
from companies.matching.normalise import Name
from companies.matching.spans import spans_of
from companies.matching.types import Signal
from companies.matching.wordlists import mapping


@cache
def weights() -> dict[str, float]:
    """What each feature adds to the log-odds, from data/weights.txt."""
    return {code: float(value) for code, value in mapping("weights").items()}


def base_signal() -> Signal:
    """Where every comparison starts: two companies are mostly not one."""
    return Signal("base", "Most companies found by a few words are not the same", weights()["base"])


def name_log_odds(seen: Seen) -> float:
    """What the names alone add to the log-odds: the sum of `name_signals`, without their words."""
    return sum(weights()[feature] * seen.values[feature] for feature in NAMES)


def name_signals(ours: Name, theirs: Name, seen: Seen) -> list[Signal]:
    """The signals of two names, those that say nothing left out."""
    sums: dict[str, float] = {}
    for feature in NAMES:
        code = feature.partition(".")[0]
        sums[code] = sums.get(code, 0.0) + weights()[feature] * seen.values[feature]
    return [_signal(code, total, ours, theirs, seen) for code, total in sums.items() if total]


def _signal(code: str, contribution: float, ours: Name, theirs: Name, seen: Seen) -> Signal:
    pairings = seen.alignment.pairings
    ours_places, theirs_places = tuple[int, ...](), tuple[int, ...]()
    if code == "only_ours":
        ours_places = seen.alignment.ours_alone
    elif code == "only_theirs":
        theirs_places = seen.alignment.theirs_alone
    elif code == "both_alone":
        ours_places, theirs_places = seen.alignment.ours_alone, seen.alignment.theirs_alone
    elif code != "form_differs":
        ours_places = tuple(place for pair in pairings for place in pair.ours)
        theirs_places = tuple(place for pair in pairings for place in pair.theirs)
    return Signal(
        code=code,
        label=_LABELS[code](ours, theirs, seen),
        contribution=contribution,
        ours=ours.raw,
        theirs=theirs.raw,
        ours_spans=spans_of(ours, ours_places),
        theirs_spans=spans_of(theirs, theirs_places),
    )


def _quoted(name: Name, places: tuple[int, ...]) -> str:
    return ", ".join(f"“{name.words[place].surface}”" for place in sorted(places)) or "nothing"


def _shared(ours: Name, _theirs: Name, seen: Seen) -> str:
    return (
        f"Both have {_quoted(ours, tuple(place for pair in seen.alignment.pairings for place in pair.ours))}"
    )


def _forms(ours: Name, theirs: Name, _seen: Seen) -> str:
    return f"Different legal forms: {' '.join(ours.form)} and {' '.join(theirs.form)}"


_LABELS: dict[str, Callable[[Name, Name, Seen], str]] = {
    "same_name": lambda o, t, s: "The same name, apart from legal form, accents and punctuation",
    "same_letters": lambda o, t, s: "The same letters, spaced differently",
    "same_words": lambda o, t, s: "The same words in another order",
    "shared_words": _shared,
    "first_word": lambda o, t, s: "The names begin alike",
    "only_ours": lambda o, t, s: f"Only the new name has {_quoted(o, s.alignment.ours_alone)}",
    "only_theirs": lambda o, t, s: f"Only the known name has {_quoted(t, s.alignment.theirs_alone)}",
    "both_alone": lambda o, t, s: (
        f"Each has words of its own: {_quoted(o, s.alignment.ours_alone)} and {_quoted(t, s.alignment.theirs_alone)}"
    ),
    "spelling": lambda o, t, s: "The spelling is alike",
    "numbers_differ": lambda o, t, s: "The numbers in the names differ",
    "form_differs": _forms,
    "initials": lambda o, t, s: f"“{initials_met(o, t).upper()}” may be the initials of the other name",
}
