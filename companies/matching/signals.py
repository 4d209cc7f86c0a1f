"""Features to signals: named reasons in plain words, with the text that met. They speak of the names as typed; where what a
famous name stands for was compared, what that adds and the text does not show is told as knowledge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from companies.matching import famous
from companies.matching.align import Pairing
from companies.matching.features import FEATURES, Seen, initials_met
from companies.matching.forms import are_foreign
from companies.matching.model import Model
from companies.matching.normalise import Name
from companies.matching.spans import differing, form_as_typed, quoted, spans_of, typed
from companies.matching.types import Signal, Span

# The part of a feature's name before the dot is its signal's code, but for these.
_TOLD_WITH = {"size": "shared", "begin": "order", "end": "order", "address": "letters"}
_CODES = tuple(_TOLD_WITH.get(feature.partition(".")[0], feature.partition(".")[0]) for feature in FEATURES)
# So much tells a word that few names carry; or two that few carry together: 'Air Lines'.
_TELLING, _TOGETHER = 0.6, 0.9
_SPACED, _TURNED = "The same letters, spaced differently", "The same words in another order"
_WRITTEN = "The same name in another way of writing"
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
    elif said == _SPACED:
        into_same = {"slips"}
        if seen.alignment.ours_alone or seen.alignment.theirs_alone:
            # A word that only one of them has is written together with others in the other.
            into_same.add("alone")
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
    letters = _letters_that_differ(ours, theirs, seen) if code == "slips" else ((), ())
    return Signal(
        code=code,
        label=label,
        contribution=contribution,
        ours=ours.raw,
        theirs=theirs.raw,
        ours_spans=spans_of(ours, places[0]),
        theirs_spans=spans_of(theirs, places[1]),
        ours_letters=letters[0],
        theirs_letters=letters[1],
    )


def _places(
    code: str, contribution: float, ours: Name, theirs: Name, seen: Seen
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The words that a page marks for a signal; none where it speaks of the names as wholes. Words that both have are marked
    whatever they weigh."""
    alignment = seen.alignment
    if code == "alone" and contribution < 0:
        return alignment.ours_alone, alignment.theirs_alone
    if code == "numbers":
        return _digits(ours), _digits(theirs)
    if code == "initials" and initials_met(ours, theirs):
        return tuple(range(len(ours.words))), tuple(range(len(theirs.words)))
    if code == "same" and _same(ours, theirs, seen, 0.0):
        return tuple(range(len(ours.words))), tuple(range(len(theirs.words)))
    if code == "shared":
        return _places_of(pair for pair in alignment.pairings if pair.is_one or pair.is_by_initials)
    return _places_of(_misspelled(seen)) if code == "slips" else ((), ())


def _places_of(pairings: Iterable[Pairing]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    pairings = list(pairings)
    return (
        tuple(place for pair in pairings for place in pair.ours),
        tuple(place for pair in pairings for place in pair.theirs),
    )


def _misspelled(seen: Seen) -> list[Pairing]:
    return [pair for pair in seen.alignment.pairings if not (pair.is_one or pair.is_by_initials)]


def _letters_that_differ(ours: Name, theirs: Name, seen: Seen) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    found = [differing(ours, pair.ours, theirs, pair.theirs) for pair in _misspelled(seen)]
    return (
        tuple(span for mine, _ in found for span in mine),
        tuple(span for _, other in found for span in other),
    )


def _digits(name: Name) -> tuple[int, ...]:
    return tuple(place for place, word in enumerate(name.words) if word.text.isdigit() or len(word.text) == 1)


def _shared(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    one = [pair for pair in seen.alignment.pairings if pair.is_one]
    spelled = [pair for pair in _misspelled(seen) if not pair.is_read_alike_only]
    if not one and not spelled:
        if _misspelled(seen):
            return "What the names have in common is how they are read"
        if value > 0 and seen.alignment.pairings:
            return "The letters of one name are the first ones of the other's words"
        return "No word of the two names meets"
    said = [_in_both(one, ours, theirs)] if one else []
    if len(spelled) == 1:
        said.append(f"a{'nother' if one else ''} word but for its spelling")
    elif spelled:
        said.append(f"{'other ' if one else ''}words but for their spelling")
    return f"{'Both have' if value > 0 else 'What both have is little or common:'} {' and '.join(said)}"


def _in_both(pairings: list[Pairing], ours: Name, theirs: Name) -> str:
    """Words that are one, as typed in our name; where the other name writes them otherwise, that behind them."""
    if ours.foreign and theirs.foreign:
        return quoted(ours, _places_of(pairings)[0])
    said = []
    for pair in sorted(pairings):
        mine, other = quoted(ours, pair.ours), quoted(theirs, pair.theirs)
        written = [ours.words[place].surface for place in pair.ours]
        alike = written == [theirs.words[place].surface for place in pair.theirs]
        said.append(mine if alike and ours.foreign == theirs.foreign else f"{mine} ({other})")
    return ", ".join(said)


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
    if value > 0 and any(pair.is_by_initials for pair in alignment.pairings):
        return "No word stands against another"
    return "Every word of both names has met" if value > 0 else ""


def _are_telling(weights: list[float]) -> bool:
    """Whether few names carry one of the words, or all of them together."""
    return max(weights) >= _TELLING or (len(weights) > 1 and sum(weights) >= _TOGETHER)


def _slips(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    found, said = _misspelled(seen), "Spelled differently"
    if not found:
        found = [pair for pair in seen.alignment.pairings if pair.is_one and pair.closeness < 1]
        said = "Written in another way"
    if not found:
        return "No word is spelled differently" if value > 0 else ""
    pairs = [f"{quoted(ours, pair.ours)} for {quoted(theirs, pair.theirs)}" for pair in sorted(found)]
    return f"{said}: {', '.join(pairs)}"


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
        spaced = ours.joined == theirs.joined or ours.typed == theirs.typed or ours.native == theirs.native
        return _SPACED if spaced else _WRITTEN
    if words:
        return _TURNED
    return "Not the same name letter by letter" if value < 0 else ""


def _numbers(ours: Name, theirs: Name, seen: Seen, value: float) -> str:
    mine, other = (" ".join(typed(name, _digits(name))) for name in (ours, theirs))
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
