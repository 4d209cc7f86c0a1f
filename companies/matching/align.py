"""Which word of one name meets which of the other, and what stays alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from companies.matching.closeness import LEAST, closeness, may_be_close
from companies.matching.letters import are_read_alike_only
from companies.matching.normalise import Name, Word
from companies.matching.rates import Rates

_TOGETHER = 0.98
_INITIALS = 0.8
# Words as close as this are one in two ways of writing: 'Müller' and 'Mueller', 'Green Field' and 'Greenfield'.
_ONE = 0.97
# What a word cut short is as good as.
CUT = 0.93
# What words are as close as that are only read alike; nothing else is just as close to several words.
_READ_ALIKE = 0.75
# So long a name may have been cut off by a field's end.
_LONG_NAME = 18


class Pairing(NamedTuple):
    """Words that meet: one on each side, or several against one written together or its initials. `is_read_alike_only`: they
    are written in other letters of one script, '华新' and '华鑫'."""

    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    closeness: float
    weight: float
    is_read_alike_only: bool = False

    @property
    def is_one(self) -> bool:
        """Whether both names have it, however it is written; not if it is spelled differently."""
        return self.closeness >= _ONE

    @property
    def is_by_initials(self) -> bool:
        """Whether the letters on one side are the first ones of the words on the other."""
        return self.closeness == _INITIALS and len(self.ours) != len(self.theirs)


@dataclass(frozen=True, slots=True)
class Alignment:
    """The pairings of two names, the places that stay alone, and the weights of all words on both sides."""

    pairings: tuple[Pairing, ...]
    ours_alone: tuple[int, ...]
    theirs_alone: tuple[int, ...]
    ours_weights: tuple[float, ...]
    theirs_weights: tuple[float, ...]

    @property
    def is_read_alike_only(self) -> bool:
        """Whether words met that are written in other letters."""
        return any(pair.is_read_alike_only for pair in self.pairings)


def align(ours: Name, theirs: Name, rates: Rates) -> Alignment:
    """The best pairs first, each word once; symmetric but for the sides' names."""
    if ours.core <= theirs.core:
        return _aligned(ours, theirs, rates)
    turned = _aligned(theirs, ours, rates)
    return Alignment(
        tuple(pair._replace(ours=pair.theirs, theirs=pair.ours) for pair in turned.pairings),
        turned.theirs_alone,
        turned.ours_alone,
        turned.theirs_weights,
        turned.ours_weights,
    )


def _aligned(ours: Name, theirs: Name, rates: Rates) -> Alignment:
    mine = tuple(rates.weight(word.text) for word in ours.words)
    other = tuple(rates.weight(word.text) for word in theirs.words)
    kept, left, right = _equal(ours.words, theirs.words, mine, other)
    if left and right:
        found = _close(ours.words, theirs.words, left, right, mine, other)
        found += _together(ours.words, theirs.words, left, right, mine, other)
        found.sort(
            key=lambda p: (-p.closeness, -p.weight, sum(p.ours) + sum(p.theirs), abs(p.ours[0] - p.theirs[0]))
        )
        for pair in found:
            if left.issuperset(pair.ours) and right.issuperset(pair.theirs):
                kept.append(pair)
                left.difference_update(pair.ours)
                right.difference_update(pair.theirs)
    return Alignment(tuple(kept), tuple(sorted(left)), tuple(sorted(right)), mine, other)


def _equal(
    ours: tuple[Word, ...], theirs: tuple[Word, ...], mine: tuple[float, ...], other: tuple[float, ...]
) -> tuple[list[Pairing], set[int], set[int]]:
    places: dict[str, list[int]] = {}
    for place in range(len(theirs) - 1, -1, -1):
        places.setdefault(theirs[place].text, []).append(place)
    kept: list[Pairing] = []
    left, right = set(range(len(ours))), set(range(len(theirs)))
    for place, word in enumerate(ours):
        there = places.get(word.text)
        if there and not word.is_read_alike_only(theirs[there[-1]]):
            meets = there.pop()
            kept.append(Pairing((place,), (meets,), 1.0, (mine[place] + other[meets]) / 2))
            left.discard(place)
            right.discard(meets)
    return kept, left, right


def _close(
    ours: tuple[Word, ...],
    theirs: tuple[Word, ...],
    left: set[int],
    right: set[int],
    mine: tuple[float, ...],
    other: tuple[float, ...],
) -> list[Pairing]:
    found = []
    ours_breaks, theirs_breaks = _broken_off(ours), _broken_off(theirs)
    for i in left:
        one = ours[i]
        for j in right:
            other_one = theirs[j]
            close = closeness(one.text, other_one.text) if may_be_close(one.text, other_one.text) else 0.0
            read_alike = bool(one.native) and one.is_read_alike_only(other_one)
            if read_alike:
                close = _READ_ALIKE
            elif one.native and one.native == other_one.native:
                close = 1.0
            elif one.surface != one.text or other_one.surface != other_one.text:
                close = max(close, closeness(one.surface, other_one.surface))
            if ((one.cut or i == ours_breaks) and _begins(other_one, one)) or (
                (other_one.cut or j == theirs_breaks) and _begins(one, other_one)
            ):
                close = max(close, CUT)
            if close >= LEAST:
                found.append(Pairing((i,), (j,), close, (mine[i] + other[j]) / 2, read_alike))
    return found


def _broken_off(words: tuple[Word, ...]) -> int:
    """The place of a last word that a field's end may have cut in its middle: 'Consolidated Edison Company of New Y'; -1 in
    names of few words."""
    if len(words) < 3 or sum([len(word.surface) for word in words]) < _LONG_NAME:
        return -1
    return len(words) - 1 if words[-1].surface.isalpha() else -1


def _begins(word: Word, cut: Word) -> bool:
    """Whether a word cut short is the beginning of this one: 'elec.' and 'electronics'."""
    return len(word.surface) > len(cut.surface) + 1 and word.surface.startswith(cut.surface)


def _together(
    ours: tuple[Word, ...],
    theirs: tuple[Word, ...],
    left: set[int],
    right: set[int],
    mine: tuple[float, ...],
    other: tuple[float, ...],
) -> list[Pairing]:
    found = [
        Pairing(several, (j,), close, (max(mine[i] for i in several) + other[j]) / 2, close == _READ_ALIKE)
        for several, j, close in _written_as_one(ours, theirs, left, right)
    ]
    found += [
        Pairing((i,), several, close, (mine[i] + max(other[j] for j in several)) / 2, close == _READ_ALIKE)
        for several, i, close in _written_as_one(theirs, ours, right, left)
    ]
    return found


def _written_as_one(
    split: tuple[Word, ...], whole: tuple[Word, ...], free: set[int], others: set[int]
) -> list[tuple[tuple[int, ...], int, float]]:
    """Two or three words of `split` as one of `whole`: written together, or as its initials."""
    found: list[tuple[tuple[int, ...], int, float]] = []
    whole_words = [(place, whole[place].surface) for place in others if len(whole[place].surface) > 1]
    if not whole_words:
        return found
    for start in sorted(free):
        for size in range(2, 7):
            run = tuple(range(start, start + size))
            if not free.issuperset(run):
                break
            letters = "".join([split[i].surface[0] for i in run])
            joined = "".join([split[i].surface for i in run]) if size <= 3 else ""
            meant = "".join([split[i].text for i in run]) if size <= 3 else ""
            for place, word in whole_words:
                own = "".join([split[i].own for i in run]) if whole[place].native else ""
                if joined == word and are_read_alike_only(own, whole[place].native):
                    found.append((run, place, _READ_ALIKE))
                elif joined == word or own == whole[place].native != "" or meant == whole[place].text:
                    found.append((run, place, _TOGETHER))
                elif -3 < len(joined) - len(word) < 3 and len(word) >= 6:
                    close = closeness(joined, word)
                    if close > 0.8:
                        found.append((run, place, close * 0.97))
                elif size == 2 and split[start].cut and _cut_within(split[start], split[start + 1], word):
                    found.append((run, place, CUT))
                if word == letters:
                    found.append((run, place, _INITIALS))
    return found


def _cut_within(cut: Word, end: Word, whole: str) -> bool:
    """Whether a word was cut in its middle: 'masch.' 'fabrik' and 'maschinenfabrik'."""
    return (
        len(whole) > len(cut.surface) + len(end.surface)
        and whole.startswith(cut.surface)
        and (whole.endswith(end.surface) or (end.cut and end.surface in whole[len(cut.surface) :]))
    )
