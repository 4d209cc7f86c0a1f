"""Features to signals: named reasons in plain words, with the text that met."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from companies.matching.features import FEATURES, Seen, initials_met
from companies.matching.forms import are_foreign
from companies.matching.model import Model
from companies.matching.normalise import Name
from companies.matching.spans import spans_of
from companies.matching.types import Signal

# The part of a feature's name before the dot is its signal's code, but for these.
_TOLD_WITH = {"size": "shared", "begin": "order", "end": "order", "address": "letters"}
_CODES = tuple(_TOLD_WITH.get(feature.partition(".")[0], feature.partition(".")[0]) for feature in FEATURES)
_TELLING = 0.6


def name_signals(ours: Name, theirs: Name, seen: Seen, model: Model) -> tuple[float, list[Signal]]:
    """Where the two names start from, and their signals; those that say next to nothing join the start."""
    base, added = model.contributions(seen.values)
    sums: dict[str, float] = {}
    for code, value in zip(_CODES, added, strict=True):
        sums[code] = sums.get(code, 0.0) + value
    told = []
    for code, total in sums.items():
        label = _LABELS[code](ours, theirs, seen, total)
        if not label or abs(total) < 0.005:
            base += total
            continue
        told.append(_signal(code, label, total, ours, theirs, seen))
    return base, told


def _signal(code: str, label: str, contribution: float, ours: Name, theirs: Name, seen: Seen) -> Signal:
    ours_places, theirs_places = _places(code, contribution, ours, theirs, seen)
    return Signal(
        code=code,
        label=label,
        contribution=contribution,
        ours=ours.raw,
        theirs=theirs.raw,
        ours_spans=spans_of(ours, ours_places),
        theirs_spans=spans_of(theirs, theirs_places),
    )


def _places(
    code: str, contribution: float, ours: Name, theirs: Name, seen: Seen
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The words that a page marks for a signal; none where it speaks of the names as wholes."""
    alignment = seen.alignment
    if code == "alone" and contribution < 0:
        return alignment.ours_alone, alignment.theirs_alone
    if code == "numbers":
        return _digits(ours), _digits(theirs)
    if code == "initials" and initials_met(ours, theirs):
        return tuple(range(len(ours.words))), tuple(range(len(theirs.words)))
    if (code in {"shared", "same"} and contribution > 0) or code == "slips":
        return _met(seen, slips=code == "slips")
    return (), ()


def _met(seen: Seen, *, slips: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    pairings = [pair for pair in seen.alignment.pairings if not slips or pair.closeness < 1]
    return (
        tuple(place for pair in pairings for place in pair.ours),
        tuple(place for pair in pairings for place in pair.theirs),
    )


def _digits(name: Name) -> tuple[int, ...]:
    return tuple(place for place, word in enumerate(name.words) if word.text.isdigit() or len(word.text) == 1)


def _quoted(name: Name, places: tuple[int, ...]) -> str:
    return ", ".join(f"“{name.words[place].surface}”" for place in sorted(places))


def _shared(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    places = _met(seen, slips=False)[0]
    if not places:
        return "No word of the two names meets"
    if value > 0:
        return f"Both have {_quoted(ours, places)}"
    return f"What both have is little or common: {_quoted(ours, places)}"


def _alone(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    alignment = seen.alignment
    mine, other = _quoted(ours, alignment.ours_alone), _quoted(theirs, alignment.theirs_alone)
    if mine and other:
        tops = [
            max(weights[place] for place in alone)
            for weights, alone in (
                (alignment.ours_weights, alignment.ours_alone),
                (alignment.theirs_weights, alignment.theirs_alone),
            )
        ]
        ending = "and both are telling words" if min(tops) >= _TELLING else "and say little"
        return f"{mine} and {other} differ, {ending}"
    if mine or other:
        side = "new" if mine else "known"
        only = f"nly the {side} name has {mine or other}"
        return f"No word stands against another: o{only}" if value > 0 else f"O{only}"
    return "Every word of both names has met" if value > 0 else ""


def _slips(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    found = [pair for pair in seen.alignment.pairings if pair.closeness < 1]
    if not found:
        return "No word is spelled differently" if value > 0 else ""
    pairs = ", ".join(f"{_quoted(ours, pair.ours)} for {_quoted(theirs, pair.theirs)}" for pair in found)
    return f"Spelled differently: {pairs}"


def _order(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    met = sorted(seen.alignment.pairings)
    if any(one.theirs > two.theirs for one, two in pairwise(met)):
        return "The words stand in another order"
    if seen.values[FEATURES.index("begin")] > 0:
        return "The names begin alike" if value > 0 else "The names begin alike, which says little here"
    return "The names begin differently" if value < 0 else ""


def _letters(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    share = round(100 * seen.values[FEATURES.index("letters.typed")])
    sound = round(100 * seen.values[FEATURES.index("letters.sound")])
    if sound > share:
        return f"By their sound the names are {sound}% alike"
    return f"Letter by letter the names are {share}% alike"


def _same(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    kinds = ("core", "joined", "words", "known")
    core, joined, words, known = (seen.values[FEATURES.index(f"same.{kind}")] for kind in kinds)
    if known:
        return "One is the well-known short or former name of the other"
    if core:
        return "The same name, apart from legal form, accents and punctuation"
    if joined:
        return "The same letters, spaced differently"
    if words:
        return "The same words in another order"
    return "Not the same name letter by letter" if value < 0 else ""


def _numbers(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    mine, other = (" ".join(name.words[p].surface for p in _digits(name)) for name in (ours, theirs))
    if mine == other:
        return "The numbers in the names agree" if mine and value > 0 else ""
    if mine and other:
        return f"The numbers or single letters differ: “{mine}” and “{other}”"
    return f"Only the {'new' if mine else 'known'} name has “{mine or other}”"


def _form(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    mine, other = " ".join(ours.form), " ".join(theirs.form)
    if ours.form_class and theirs.form_class:
        if ours.form_class == theirs.form_class:
            return f"The same legal form: {mine}" + (f" and {other}" if mine != other else "")
        where = " of different countries" if are_foreign(ours.form_class, theirs.form_class) else ""
        return f"Different legal forms{where}: {mine} and {other}"
    if ours.form_class or theirs.form_class:
        side, form = ("new", mine) if ours.form_class else ("known", other)
        return f"Only the {side} name has a legal form: {form}"
    return ""


def _initials(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    met = initials_met(ours, theirs)
    if met:
        short, long = (ours, theirs) if ours.joined == met else (theirs, ours)
        if seen.values[FEATURES.index("initials.other")]:
            return f"The letters fit, but “{short.raw}” is well known as another company's name"
        return f"“{short.raw}” may be the initials of “{long.raw}”"
    if seen.values[FEATURES.index("initials.inside")]:
        return "A word of one name is the initials of words of the other"
    return ""


_LABELS: dict[str, Callable[[Name, Name, Seen, float], str]] = {
    "shared": _shared,
    "alone": _alone,
    "slips": _slips,
    "order": _order,
    "letters": _letters,
    "same": _same,
    "numbers": _numbers,
    "form": _form,
    "initials": _initials,
}
