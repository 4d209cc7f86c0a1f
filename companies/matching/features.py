"""What is seen in a pair of names, as numbers that the model weighs. Every number is the same either way round."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log

from rapidfuzz.distance import Indel, JaroWinkler

from companies.matching.align import CUT, Alignment, align
from companies.matching.fold import sounds
from companies.matching.forms import are_foreign
from companies.matching.normalise import Name
from companies.matching.rates import Rates
from companies.matching.wordlists import words

FEATURES = (
    "shared.less",
    "shared.more",
    "shared.sum",
    "shared.top",
    "alone.less",
    "alone.more",
    "alone.sum_less",
    "alone.sum_more",
    "alone.first",
    "alone.last",
    "alone.count_less",
    "alone.count_more",
    "alone.places",
    "alone.telling",
    "slips.sum",
    "slips.worst",
    "slips.shortest",
    "slips.seen",
    "order",
    "order.linked",
    "begin",
    "end",
    "size.words_less",
    "size.words_more",
    "size.letters_less",
    "size.letters_more",
    "size.telling_less",
    "size.telling_more",
    "letters.joined",
    "letters.typed",
    "letters.begin",
    "letters.part",
    "letters.sound",
    "same.core",
    "same.joined",
    "same.words",
    "same.known",
    "numbers.differ",
    "numbers.missing",
    "numbers.single",
    "form.same",
    "form.differs",
    "form.missing",
    "form.foreign",
    "initials.length",
    "initials.plain",
    "initials.inside",
    "initials.other",
    "address",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """The features of a pair in the order of FEATURES, with the alignment that they rest on."""

    values: tuple[float, ...]
    alignment: Alignment


def look(ours: Name, theirs: Name, rates: Rates) -> Seen:
    """The features of two names that both have words. Symmetric."""
    alignment = align(ours, theirs, rates)
    same = _same(ours, theirs)
    values = (
        *_shared(alignment),
        *_alone(alignment, ours, theirs),
        *_slips(alignment, ours, theirs, rates),
        *_placed(alignment, ours, theirs),
        *_sizes(alignment, ours, theirs),
        *_letters(alignment, ours, theirs),
        *same,
        *_numbers(alignment, ours, theirs),
        *_forms(ours, theirs),
        *_initials(alignment, ours, theirs),
        float(ours.address or theirs.address),
    )
    return Seen(values, alignment)


def _shared(alignment: Alignment) -> tuple[float, ...]:
    met_ours = met_theirs = total = top = 0.0
    mine, other = alignment.ours_weights, alignment.theirs_weights
    for pair in alignment.pairings:
        met_ours += pair.closeness * sum([mine[i] for i in pair.ours])
        met_theirs += pair.closeness * sum([other[j] for j in pair.theirs])
        worth = pair.closeness * pair.weight
        total += worth
        top = max(top, worth)
    one, two = met_ours / (sum(mine) or 1.0), met_theirs / (sum(other) or 1.0)
    return min(one, two), max(one, two), total, top


def _alone(alignment: Alignment, ours: Name, theirs: Name) -> tuple[float, ...]:
    mine = [alignment.ours_weights[i] for i in alignment.ours_alone]
    other = [alignment.theirs_weights[i] for i in alignment.theirs_alone]
    tops = sorted((max(mine, default=0.0), max(other, default=0.0)))
    sums = sorted((sum(mine), sum(other)))
    first = max(
        alignment.ours_weights[0] if 0 in alignment.ours_alone else 0.0,
        alignment.theirs_weights[0] if 0 in alignment.theirs_alone else 0.0,
    )
    ours_last, theirs_last = len(ours.words) - 1, len(theirs.words) - 1
    last = max(
        alignment.ours_weights[-1] if ours_last in alignment.ours_alone else 0.0,
        alignment.theirs_weights[-1] if theirs_last in alignment.theirs_alone else 0.0,
    )
    counts = sorted((len(mine), len(other)))
    own = [ours.words[i].text for i in alignment.ours_alone] + [
        theirs.words[i].text for i in alignment.theirs_alone
    ]
    places = words("places")
    where = sum([word in places for word in own])
    # Numbers and places aside, is there a word that only one of them has?
    rest = [
        weight
        for word, weight in zip(own, [*mine, *other], strict=True)
        if word not in places and not word.isdigit()
    ]
    return (
        *tops,
        *sums,
        first,
        last,
        float(counts[0]),
        float(counts[1]),
        float(where),
        max(rest, default=0.0),
    )


def _slips(alignment: Alignment, ours: Name, theirs: Name, rates: Rates) -> tuple[float, ...]:
    total, worst, shortest, seen = 0.0, 1.0, 30.0, 0.0
    for pair in alignment.pairings:
        if pair.closeness < 1.0:
            total += pair.weight * (1.0 - pair.closeness)
            worst = min(worst, pair.closeness)
            lengths = [len(ours.words[i].text) for i in pair.ours] + [
                len(theirs.words[j].text) for j in pair.theirs
            ]
            shortest = min(shortest, float(min(lengths)))
            if len(lengths) == 2 and pair.closeness < 0.95:
                # Two words that companies bear are two words; a slip makes one that nobody bears.
                mine, other = ours.words[pair.ours[0]].text, theirs.words[pair.theirs[0]].text
                seen = max(seen, min(rates.seen(mine), rates.seen(other)))
    return total, worst, shortest, seen


def _placed(alignment: Alignment, ours: Name, theirs: Name) -> tuple[float, ...]:
    met = sorted(alignment.pairings)
    back = sorted(alignment.pairings, key=lambda pair: pair.theirs)
    turned = max(
        sum(1 for one, two in pairwise(met) if one.theirs > two.theirs),
        sum(1 for one, two in pairwise(back) if one.ours > two.ours),
    )
    begin = end = 0.0
    last = len(ours.words) - 1, len(theirs.words) - 1
    for pair in met:
        if pair.ours[0] == pair.theirs[0] == 0:
            begin = pair.closeness * pair.weight
        if pair.ours[-1] == last[0] and pair.theirs[-1] == last[1]:
            end = pair.closeness * pair.weight
    linked = float(turned > 0 and ours.linked != theirs.linked)
    return turned / max(1, len(met) - 1), linked, begin, end


def _sizes(alignment: Alignment, ours: Name, theirs: Name) -> tuple[float, ...]:
    words = sorted((len(ours.words), len(theirs.words)))
    letters = sorted((len(ours.joined), len(theirs.joined)))
    telling = sorted((sum(alignment.ours_weights), sum(alignment.theirs_weights)))
    return float(words[0]), float(words[1]), float(letters[0]), log(letters[1] / letters[0]), *telling


def _letters(alignment: Alignment, ours: Name, theirs: Name) -> tuple[float, ...]:
    one, two = ours.joined, theirs.joined
    in_one_script = ours.is_in_script_of(theirs)
    own = in_one_script and (alignment.is_read_alike_only or ours.native == theirs.native)
    if own:
        one, two = ours.native, theirs.native
    joined = Indel.normalized_similarity(one, two)
    typed = joined
    if not own and (ours.typed != ours.joined or theirs.typed != theirs.joined):
        typed = max(joined, Indel.normalized_similarity(ours.typed, theirs.typed))
    begin = JaroWinkler.similarity(one, two)
    short, long = sorted((one, two), key=len)
    part = float(len(short) >= 4 and short in long)
    sound = 0.0
    # Vowels are not written in all scripts; in one script they tell two names apart.
    if (ours.foreign or theirs.foreign) and (own or not in_one_script):
        sound = Indel.normalized_similarity(sounds(ours.joined), sounds(theirs.joined))
    return joined, typed, begin, part, sound


def _same(ours: Name, theirs: Name) -> tuple[float, ...]:
    if ours.is_read_alike_only(theirs):
        return 0.0, 0.0, 0.0, 0.0
    if ours.is_in_script_of(theirs) and ours.native == theirs.native:
        return float(len(ours.words) == len(theirs.words)), 1.0, 1.0, 0.0
    same = not set(ours.spellings).isdisjoint(theirs.spellings)
    joined = same or not ours.written.isdisjoint(theirs.written)
    words = same or sorted(ours.core.split()) == sorted(theirs.core.split())
    return float(same), float(joined), float(words), float(same and (ours.known or theirs.known))


def _numbers(alignment: Alignment, ours: Name, theirs: Name) -> tuple[float, ...]:
    mine, other = ours.digits, theirs.digits
    single = ours.single ^ theirs.single
    if single:
        begun = {ours.words[p.ours[0]].text for p in alignment.pairings if p.closeness >= CUT}
        begun |= {theirs.words[p.theirs[0]].text for p in alignment.pairings if p.closeness >= CUT}
        single -= begun
    return float(bool(mine and other and mine != other)), float(bool(mine) != bool(other)), float(len(single))


def _forms(ours: Name, theirs: Name) -> tuple[float, ...]:
    if not ours.form_class or not theirs.form_class:
        return 0.0, 0.0, float(bool(ours.form_class) != bool(theirs.form_class)), 0.0
    if ours.form_class == theirs.form_class:
        return 1.0, 0.0, 0.0, 0.0
    return 0.0, 1.0, 0.0, float(are_foreign(ours.form_class, theirs.form_class))


def _initials(alignment: Alignment, ours: Name, theirs: Name) -> tuple[float, ...]:
    met = initials_met(ours, theirs)
    plain = float(bool(met) and met in (ours.letters[:1] + theirs.letters[:1]))
    inside = max((len(p.ours) + len(p.theirs) for p in alignment.pairings if p.closeness == 0.8), default=0)
    # A famous short name means its bearer, not any company with these initials.
    other = bool(met) and any(name.expansion and name.joined == met for name in (ours, theirs))
    return float(len(met)), plain, float(inside), float(other)


def initials_met(ours: Name, theirs: Name) -> str:
    """The letters where one name is the other's initials, else ''."""
    for short, long in ((ours, theirs), (theirs, ours)):
        if len(short.words) == 1 and short.joined in long.letters:
            return short.joined
    return ""
