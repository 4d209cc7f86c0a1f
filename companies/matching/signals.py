"""Features to signals: named reasons in plain words, with the text that met. They speak of the names as typed; where what a
famous name stands for was compared, what that adds and the text does not show is told as knowledge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from companies.matching import famous
from companies.matching.align import Pairing
from companies.matching.features import FEATURES, Seen, initials_met
from companies.matching.forms import are_foreign
from companies.matching.model import Model
from companies.matching.normalise import Name
from companies.matching.spans import form_as_typed, quoted, spans_of
from companies.matching.types import Signal

# The part of a feature's name before the dot is its signal's code, but for these.
_TOLD_WITH = {"size": "shared", "begin": "order", "end": "order", "address": "letters"}
_CODES = tuple(_TOLD_WITH.get(feature.partition(".")[0], feature.partition(".")[0]) for feature in FEATURES)
# So much tells a word that few names carry; or two that few carry together: 'Air Lines'.
_TELLING, _TOGETHER = 0.6, 0.9
_SPACED, _TURNED = "The same letters, spaced differently", "The same words in another order"
# What initials are as close as to the words that they stand for.
_INITIALS = 0.8
_LETTERS = tuple(FEATURES.index(f"letters.{kind}") for kind in ("typed", "sound"))


def name_signals(ours: Name, theirs: Name, seen: Seen, model: Model) -> tuple[float, list[Signal]]:
    """Where the two names start from, and their signals; those that say next to nothing join the start."""
    base, added = model.contributions(seen.values)
    sums: dict[str, float] = {}
    for code, value in zip(_CODES, added, strict=True):
        sums[code] = sums.get(code, 0.0) + value
    found = famous.famed(ours, theirs)
    if found is not None:
        ours, theirs, seen, sums = _as_typed(found, ours, theirs, seen, sums)
    sums = _said_once(ours, theirs, seen, sums)
    told = []
    for code, total in sums.items():
        if code == "known" and found is not None:
            label = famous.relation(found, seen.alignment.pairings, speaks_for=total > 0)
        else:
            label = _LABELS[code](ours, theirs, seen, total)
        if not label or abs(total) < 0.005:
            base += total
            continue
        told.append(_signal(code, label, total, ours, theirs, seen, found))
    return base, told


def _as_typed(
    found: famous.Famed, ours: Name, theirs: Name, seen: Seen, sums: dict[str, float]
) -> tuple[Name, Name, Seen, dict[str, float]]:
    """The names as typed with what is seen there, and the sums of what can be said of them; the rest joins one reason."""
    one, other = found.ours.name, found.theirs.name
    kept = {"form"} if (one.form, other.form) == (ours.form, theirs.form) else set[str]()
    if found.seen is None:
        alignment = famous.alone_as_typed(found, seen.alignment)
        if alignment is not None:
            return one, other, replace(seen, alignment=alignment), _joined(sums, {*kept, "alone"}, "known")
        return one, other, seen, _joined(sums, kept, "known")
    kept |= {"shared", "alone", "order", "slips", "numbers", "initials"}
    if one.core == other.core:
        kept.add("same")
    if all(found.seen.values[place] == seen.values[place] for place in _LETTERS):
        kept.add("letters")
    return one, other, found.seen, _joined(sums, kept, "shared")


def _said_once(ours: Name, theirs: Name, seen: Seen, sums: dict[str, float]) -> dict[str, float]:
    """The sums, those made one of which one says what another says in other words, or denies."""
    said = _same(ours, theirs, seen, 0.0)
    into_same = set[str]()
    if said == _TURNED and _is_turned(seen):
        into_same = {"order"}
    elif said == _SPACED and (seen.alignment.ours_alone or seen.alignment.theirs_alone):
        into_same = {"alone"}  # a word that only one of them has is written together with others in the other
    return _joined(sums, set(sums) - into_same, "same") if into_same else sums


def _joined(sums: dict[str, float], kept: set[str], into: str) -> dict[str, float]:
    """The sums with those that are not kept made one."""
    out = {into: 0.0}
    for code, total in sums.items():
        code = code if code in kept else into
        out[code] = out.get(code, 0.0) + total
    return out


def _signal(
    code: str,
    label: str,
    contribution: float,
    ours: Name,
    theirs: Name,
    seen: Seen,
    found: famous.Famed | None,
) -> Signal:
    if code == "known" and found is not None:
        places = famous.marked(found, seen.alignment.pairings) if contribution > 0 else ((), ())
    else:
        places = _places(code, contribution, ours, theirs, seen)
    return Signal(
        code=code,
        label=label,
        contribution=contribution,
        ours=ours.raw,
        theirs=theirs.raw,
        ours_spans=spans_of(ours, places[0]),
        theirs_spans=spans_of(theirs, places[1]),
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
    pairings = [
        pair
        for pair in seen.alignment.pairings
        if not slips or (pair.closeness < 1 and not _by_initials(pair))
    ]
    return (
        tuple(place for pair in pairings for place in pair.ours),
        tuple(place for pair in pairings for place in pair.theirs),
    )


def _digits(name: Name) -> tuple[int, ...]:
    return tuple(place for place, word in enumerate(name.words) if word.text.isdigit() or len(word.text) == 1)


def _quoted(name: Name, places: tuple[int, ...], other: Name) -> str:
    """Words that met, in the one spelling in which they did: as typed where both are in another script than Latin."""
    if name.foreign and other.foreign:
        return quoted(name, places)
    return ", ".join(f"“{name.words[place].surface}”" for place in sorted(places))


def _shared(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    met = [pair for pair in seen.alignment.pairings if not _by_initials(pair)]
    places = tuple(place for pair in met if not pair.is_read_alike_only for place in pair.ours)
    if not places and met:
        return "What the names have in common is how they are read"
    if not places and value > 0 and seen.alignment.pairings:
        return "The letters of one name are the first ones of the other's words"
    if not places:
        return "No word of the two names meets"
    if value > 0:
        return f"Both have {_quoted(ours, places, theirs)}"
    return f"What both have is little or common: {_quoted(ours, places, theirs)}"


def _by_initials(pair: Pairing) -> bool:
    return pair.closeness == _INITIALS and len(pair.ours) != len(pair.theirs)


def _alone(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    alignment = seen.alignment
    mine, other = quoted(ours, alignment.ours_alone), quoted(theirs, alignment.theirs_alone)
    if mine and other:
        if value > 0:
            return ""  # words that differ are no reason for
        telling = [
            said
            for said, weights, alone in (
                (mine, alignment.ours_weights, alignment.ours_alone),
                (other, alignment.theirs_weights, alignment.theirs_alone),
            )
            if _are_telling([weights[place] for place in alone])
        ]
        endings = (
            "and are common words",
            f"and only {''.join(telling)} tells much",
            "and both are telling words",
        )
        return f"{mine} and {other} differ, {endings[len(telling)]}"
    if mine or other:
        side = "new" if mine else "known"
        only = f"nly the {side} name has {mine or other}"
        return f"No word stands against another: o{only}" if value > 0 else f"O{only}"
    if value > 0 and any(map(_by_initials, alignment.pairings)):
        return "No word stands against another"
    return "Every word of both names has met" if value > 0 else ""


def _are_telling(weights: list[float]) -> bool:
    """Whether few names carry one of the words, or all of them together."""
    return max(weights) >= _TELLING or (len(weights) > 1 and sum(weights) >= _TOGETHER)


def _slips(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    found = [pair for pair in seen.alignment.pairings if pair.closeness < 1 and not _by_initials(pair)]
    if not found:
        return "No word is spelled differently" if value > 0 else ""
    pairs = ", ".join(
        f"{_quoted(ours, pair.ours, theirs)} for {_quoted(theirs, pair.theirs, ours)}" for pair in found
    )
    return f"Spelled differently: {pairs}"


def _order(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    if _is_turned(seen):
        return "The words stand in another order"
    if seen.values[FEATURES.index("begin")] > 0:
        begin = "The names begin alike" if _begin_alike(ours, theirs, seen) else "The first words look alike"
        return begin if value > 0 else f"{begin}, which says little here"
    return "The names begin differently" if value < 0 else ""


def _is_turned(seen: Seen) -> bool:
    met = sorted(seen.alignment.pairings)
    return any(one.theirs > two.theirs for one, two in pairwise(met))


def _begin_alike(ours: Name, theirs: Name, seen: Seen) -> bool:
    """Whether the first words are one, or have their first letter in common: 'Marden' and 'Harden' only look alike."""
    firsts = [pair for pair in seen.alignment.pairings if pair.ours[0] == pair.theirs[0] == 0]
    one, other = ours.words[0].surface, theirs.words[0].surface
    return one[0] == other[0] or any(pair.closeness == 1 for pair in firsts)


def _letters(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    share = round(100 * seen.values[FEATURES.index("letters.typed")])
    sound = round(100 * seen.values[FEATURES.index("letters.sound")])
    if sound > share:
        return f"By their sound the names are {sound}% alike"
    return f"Letter by letter the names are {share}% alike"


def _same(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    core, joined, words = (
        seen.values[FEATURES.index(f"same.{kind}")] for kind in ("core", "joined", "words")
    )
    if core:
        return "The same name, apart from legal form, accents and punctuation"
    if joined:
        return _SPACED
    if words:
        return _TURNED
    return "Not the same name letter by letter" if value < 0 else ""


def _numbers(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    mine, other = (" ".join(name.words[p].surface for p in _digits(name)) for name in (ours, theirs))
    if [ours.words[p].text for p in _digits(ours)] == [theirs.words[p].text for p in _digits(theirs)]:
        # 'III' and '3' are one.
        return "The numbers in the names agree" if mine and value > 0 else ""
    if mine and other:
        return f"The numbers or single letters differ: “{mine}” and “{other}”"
    return f"Only the {'new' if mine else 'known'} name has “{mine or other}”"


def _form(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    mine, other = form_as_typed(ours), form_as_typed(theirs)
    if ours.form_class and theirs.form_class:
        if ours.form_class == theirs.form_class:
            return f"The same legal form: {mine}" + (f" and {other}" if ours.form != theirs.form else "")
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
