"""Famous names, told as they were typed: what is compared is what 'IBM' stands for, what a person reads is 'IBM'."""

from __future__ import annotations

from dataclasses import dataclass, replace

from companies.matching.align import Alignment, Pairing
from companies.matching.features import Seen, look
from companies.matching.normalise import Name, names_in, normalise
from companies.matching.rates import Rates
from companies.matching.spans import quoted, quoted_with_form

Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two names that were compared: `name` as typed, and for each word compared the places of the typed words behind it.
    `short`: the typed words that are a famous name; `full` is what that stands for; both empty where nothing is."""

    name: Name
    places: tuple[Places, ...]
    short: Places
    full: str

    def typed(self, compared: Places) -> Places:
        """The typed words behind compared ones."""
        return tuple(sorted({place for one in compared for place in self.places[one]}))

    def stands_for(self, compared: int) -> bool:
        """Whether a word that was compared is not typed but one of those that the famous name stands for."""
        return bool(self.short) and self.places[compared] == self.short


@dataclass(frozen=True, slots=True)
class Famed:
    """Two names of which at least one was compared as what it stands for. `seen` is what is seen in them as typed, where
    both say the same famous name; None where only knowledge brings them together."""

    ours: Side
    theirs: Side
    seen: Seen | None


def famed(ours: Name, theirs: Name) -> Famed | None:
    """The two as they were typed; None where they were compared so."""
    if not (ours.known or theirs.known):
        return None
    one, other = _side(ours), _side(theirs)
    both = bool(one.short and other.short) and _said(one) == _said(other)
    return Famed(one, other, look(one.name, other.name, Rates()) if both else None)


def relation(found: Famed, pairings: tuple[Pairing, ...], *, speaks_for: bool) -> str:
    """What is known about the two, in a sentence."""
    ours, theirs = found.ours, found.theirs
    if ours.short and theirs.short:
        one, other = quoted(ours.name, ours.short), quoted(theirs.name, theirs.short)
        if ours.full == theirs.full:
            return f"{one} and {other} are known names of one company"
        return f"{one} stands for “{ours.full}”, {other} for “{theirs.full}”"
    short, long = (ours, theirs) if ours.short else (theirs, ours)
    met = marked(found, pairings)[1 if ours.short else 0]
    said, meant = quoted(short.name, short.short), quoted(long.name, met)
    if not _all_met(found, pairings):
        has = f"has {meant} of it" if met else "has nothing of it"
        return f"{said} stands for “{short.full}”: the other name {has}"
    ending = "" if all(pair.closeness == 1 for pair in pairings) else ", spelled differently"
    if _is_form_meant(short, long):
        meant = quoted_with_form(long.name, met)
    return f"{said} is {_role(short, long)} {meant}{ending}" + (
        "" if speaks_for else ", which says little here"
    )


def marked(found: Famed, pairings: tuple[Pairing, ...]) -> tuple[Places, Places]:
    """The typed words on both sides that knowledge, or their spelling, brings together."""
    ours = found.ours.typed(tuple(place for pair in pairings for place in pair.ours))
    theirs = found.theirs.typed(tuple(place for pair in pairings for place in pair.theirs))
    return ours, theirs


def alone_as_typed(found: Famed, alignment: Alignment) -> Alignment | None:
    """The alignment with the places and weights of typed words for what stays alone; None where nothing does, or a word that
    nobody typed."""
    sides = (
        (found.ours, alignment.ours_alone, alignment.ours_weights),
        (found.theirs, alignment.theirs_alone, alignment.theirs_weights),
    )
    every = [(side, place) for side, alone, _ in sides for place in alone]
    if not every or any(side.stands_for(place) for side, place in every):
        return None
    weights = []
    for side, _, own in sides:
        typed = [0.0] * len(side.name.words)
        for places, weight in zip(side.places, own, strict=True):
            for place in places:
                typed[place] = max(typed[place], weight)
        weights.append(tuple(typed))
    return replace(
        alignment,
        ours_alone=found.ours.typed(alignment.ours_alone),
        theirs_alone=found.theirs.typed(alignment.theirs_alone),
        ours_weights=weights[0],
        theirs_weights=weights[1],
    )


def _all_met(found: Famed, pairings: tuple[Pairing, ...]) -> bool:
    """Whether the other name has every word that the famous one stands for."""
    ours = {place for pair in pairings for place in pair.ours}
    theirs = {place for pair in pairings for place in pair.theirs}
    return not any(
        side.stands_for(place) and place not in met
        for side, met in ((found.ours, ours), (found.theirs, theirs))
        for place in range(len(side.places))
    )


def _is_form_meant(short: Side, long: Side) -> bool:
    """Whether the last of the initials is that of the legal form: 'TSMC', 'Taiwan Semiconductor Manufacturing Company'."""
    letters = "".join(short.name.words[place].surface for place in short.short)
    words = "".join(word.surface[0] for word in long.name.words)
    return bool(long.name.form) and letters == words + long.name.form[0][0]


def _role(short: Side, long: Side) -> str:
    """What the typed short name is of the long one: letters that stand in it in their order are short for it."""
    letters = "".join(short.name.words[place].surface for place in short.short)
    if letters in long.name.letters or letters in normalise(short.full).letters:
        return "the initials of"
    rest = iter(long.name.joined)
    if letters[0] == long.name.joined[0] and all(letter in rest for letter in letters):
        return "the well-known short name of"
    return "the well-known short name of" if letters[0].isdigit() else "a known other name of"


def _side(name: Name) -> Side:
    if not name.known:
        return Side(name, tuple((place,) for place in range(len(name.words))), (), "")
    own = next((one for _, one in names_in(name.raw) if one.words), name)
    whole = tuple(range(len(own.words)))
    if own.expansion:
        return Side(own, (whole,) * len(name.words), whole, own.expansion)
    # 'IBM Deutschland': the first word is the famous name, the others were compared as they are.
    full = normalise(own.words[0].surface).expansion
    kept = {word.text: (place,) for place, word in enumerate(own.words) if place}
    behind = len(normalise(full).words)
    places = [kept.get(word.text, (0,)) if place >= behind else (0,) for place, word in enumerate(name.words)]
    return Side(own, tuple(places), (0,), full)


def _said(side: Side) -> tuple[str, ...]:
    return tuple(side.name.words[place].surface for place in side.short)
