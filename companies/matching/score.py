"""From names and facts to a probability. The contributions are log-odds and add up to the score's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, log10

from rapidfuzz import fuzz, process

from companies.matching.context import context_signals, seat_signals
from companies.matching.features import FEATURES, Seen, look
from companies.matching.fold import LONGEST, clean_display, to_ascii
from companies.matching.model import Model, list_model, pair_model
from companies.matching.normalise import Name, meant_by, normalise
from companies.matching.rates import Rates
from companies.matching.signals import name_signals
from companies.matching.types import CompanyFacts, CompanyQuery, Match, Signal

# At or above SAME policy may act by itself; from REVIEW a person looks; below is silence.
SAME = 0.9
REVIEW = 0.5

# Of a company with more names than this, those most like the one asked for are compared.
_MOST_NAMES = 60
ALL_BUT_EQUAL = 84
# What others that fit may cost at most: a conflict is shown to a person rather than hidden by another.
MOST_AGAINST = 4.0
# Odds that a dozen such don't change.
_NO_RIVAL = 0.001
# 'AT&T' is the company called so before it is American Telephone & Telegraph.
_AS_TYPED = 1.0
_AS_GOOD = 0.3
# What initials, or a name with the legal form of another country, say at most without one of these beside them: many companies
# share a country. Short of 'same', too, is what the telephone says of names that nobody would be shown without it.
_SHORT_OF_SAME = log(0.8 / 0.2)
_FEW_LETTERS = 4
_UNLIKE = log(REVIEW / (1 - REVIEW))
_PROOF = frozenset({"same_domain", "same_phone"})
_TELLING = 0.5
# What no name can be found in ('+++', '😀') starts from here, and is the same as itself all the same.
_NOTHING_ALIKE, _SAME_TEXT = -30.0, 33.0
_INITIALS = FEATURES.index("initials.length")
_SAME_JOINED = FEATURES.index("same.joined")
_FOREIGN = FEATURES.index("form.foreign")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate by the id it came with, and how it matches."""

    id: int
    match: Match


@dataclass(slots=True)
class _Weighed:
    """A candidate while it is compared: the best pair of names, what they say and what the other fields say."""

    id: int
    ours: Name | None
    theirs: Name | None
    seen: Seen | None
    text: str
    beside: list[Signal]
    log_odds: float

    @property
    def is_named_so(self) -> bool:
        """Whether it bears the very name asked for, the same or the same letters."""
        return self.seen is not None and bool(self.seen.values[_SAME_JOINED])

    @property
    def is_by_fame(self) -> bool:
        """Whether it is what a famous short name stands for, rather than what was typed."""
        return any(name is not None and name.known for name in (self.ours, self.theirs))


def score(
    query: CompanyQuery,
    facts: CompanyFacts,
    *,
    known: Mapping[str, int] | None = None,
    total: int = 0,
) -> Match:
    """How probable it is that the query means this company, by its best name, and why; for two companies that
    somebody puts side by side. Symmetric in the names.

    `known` says how many of `total` known names carry a word; without it a list of common words stands in.
    Any text is taken; time is bounded by the first 300 characters of each name.
    """
    model = pair_model()
    return _match(_weigh(0, meant_by(query.name), query, facts, Rates(known, total), model), [], model)


def rank(
    query: CompanyQuery,
    found: Iterable[tuple[int, CompanyFacts]],
    *,
    known: Mapping[str, int] | None = None,
    total: int = 0,
    look_past: bool = False,
) -> list[Ranked]:
    """The companies that the index brought, the most probable first, each with its match.

    Companies that fit as well speak against one another, unless they bear the very name asked for: that each of them may be
    meant is no reason to keep silent about any. With `look_past` those speak against no other, either: somebody asks what else
    may be the company. Other parameters as for `score`.
    """
    rates, model = Rates(known, total), list_model()
    names = meant_by(query.name)
    weighed = [_weigh(key, names, query, facts, rates, model) for key, facts in found]
    size = model.size * max(0.0, log10(max(total, 1)) - 4)
    fits = [(exp(min(30.0, one.log_odds)), _in_full(one)) for one in weighed]
    by_fame = [one.is_by_fame and not _is_called(names, one.text) for one in weighed]
    as_typed = any(by_fame) and any(_is_called(names, one.text) for one in weighed)
    out = []
    for one, (own, name), famed in zip(weighed, fits, by_fame, strict=True):
        # One that fits better is no reason to hide this one: it counts no more than this one does. Names that are all
        # but equal may be one company kept twice, and are no rivals.
        rivals = sum(
            min(own, its)
            for (its, other), rival in zip(fits, weighed, strict=True)
            if its > _NO_RIVAL < own
            and fuzz.ratio(name, other) < ALL_BUT_EQUAL
            and not (look_past and rival.is_named_so)
        )
        extra: list[Signal] = []
        if not one.is_named_so and size:
            extra.append(Signal("size", "Among so many names more look alike by chance", size))
        if not one.is_named_so and rivals > 0.05:
            extra.append(_rivals(rivals, model))
        if as_typed and famed:
            extra.append(Signal("rivals", "Another company bears the very name as typed", -_AS_TYPED))
        out.append(Ranked(one.id, _match(one, extra, model)))
    return sorted(out, key=lambda ranked: -ranked.match.score)


def probability(log_odds: float) -> float:
    """Log-odds to 0..1."""
    return 1 / (1 + exp(-max(-60.0, min(60.0, log_odds))))


def _is_called(names: Sequence[Name], text: str) -> bool:
    """Whether a company is called as it was typed, apart from what a famous short name stands for."""
    asked = [name.written for name in names if not name.known]
    borne = [name.written for name in meant_by(text) if not name.known]
    return any(not one.isdisjoint(other) for one in asked for other in borne)


def _in_full(one: _Weighed) -> str:
    """The name that matched, written together; a famous short one as what it stands for."""
    full = (name.joined for name in meant_by(one.text) if name.known)
    return next(full, one.theirs.joined if one.theirs else "")


def _rivals(odds: float, model: Model) -> Signal:
    return Signal("rivals", "Other companies fit as well", -min(MOST_AGAINST, model.rivals * log(1 + odds)))


def _weigh(
    key: int, names: Sequence[Name], query: CompanyQuery, facts: CompanyFacts, rates: Rates, model: Model
) -> _Weighed:
    best = _Weighed(key, None, None, None, "".join(facts.names[:1]), [], _NOTHING_ALIKE)
    highest, famed = -60.0, any(name.known for name in names)
    explained = any(name.aside for name in names)
    for asked in names:
        for text in _most_alike(query.name, facts.names):
            borne = meant_by(text)
            if asked.known and _is_only_read_so(asked, borne):
                continue
            # Of two as good, the name that was typed is told rather than what it stands for.
            typed = _AS_GOOD if famed and _is_called(names, text) else 0.0
            # Where both say what their initials stand for, only that counts.
            in_full = explained and any(name.aside for name in borne)
            for known in borne:
                theirs, ours = known.read_beside(asked), asked.read_beside(known)
                if in_full and (ours.aside or theirs.aside):
                    continue
                if theirs.known and _is_only_read_so(theirs, names):
                    continue
                seen = look(ours, theirs, rates)
                reached = model.log_odds(seen.values)
                if reached + typed > highest:
                    highest = reached + typed
                    best = _Weighed(key, ours, theirs, seen, text, [], reached)
    if best.seen is None:
        best.beside = _same_text(query.name, facts.names)
    best.beside += [*context_signals(query, facts), *seat_signals(query.name, best.text)]
    best.log_odds += sum(signal.contribution for signal in best.beside)
    return best


def _is_only_read_so(known: Name, others: Iterable[Name]) -> bool:
    """Whether what was typed for a famous name is only read like a name on the other side: one of the two is not the famous
    one, and nobody knows which."""
    typed = normalise(known.raw)
    return any(typed.is_read_alike_only(other) for other in others)


def _same_text(asked: str, names: Sequence[str]) -> list[Signal]:
    """A signal where what was asked for has no words to compare, but is the very text of one of the names."""
    text = clean_display(asked)
    found = next((one for one in names[:_MOST_NAMES] if text and clean_display(one) == text), None)
    if found is None:
        return []
    ours, theirs = asked[:LONGEST], found[:LONGEST]
    return [
        Signal("same_text", "The same text", _SAME_TEXT, ours, theirs, ((0, len(ours)),), ((0, len(theirs)),))
    ]


def _most_alike(asked: str, names: Sequence[str]) -> Sequence[str]:
    if len(names) <= _MOST_NAMES:
        return names
    full = [_in_words(text) for text in names]
    alike = process.extract(_in_words(asked), full, scorer=fuzz.WRatio, limit=_MOST_NAMES - 1)
    return [names[0], *(names[place] for _, _, place in alike)]


def _in_words(text: str) -> str:
    """All that a name may mean, a famous short one written out."""
    return " / ".join(name.core for name in meant_by(text)) or to_ascii(text[:LONGEST])


def _match(weighed: _Weighed, extra: list[Signal], model: Model) -> Match:
    total = weighed.log_odds + sum(signal.contribution for signal in extra)
    for code, label, most in _limits(weighed, total):
        if total > most:
            extra = [*extra, Signal(code, label, most - total)]
            total = most
    value = probability(total)
    return Match(value, weighed.text, _tier(value, weighed), lambda: _told(weighed, extra, model))


def _limits(weighed: _Weighed, total: float) -> Iterator[tuple[str, str, float]]:
    """The code, words and log-odds of what keeps a score short of 'same'."""
    if not any(signal.code in _PROOF for signal in weighed.beside):
        if _is_by_initials(weighed):
            yield "initials", "Several companies may share these initials", _SHORT_OF_SAME
        if weighed.seen is not None and weighed.seen.values[_FOREIGN]:
            yield "form", "Companies called alike in two countries may be two", _SHORT_OF_SAME
        if weighed.seen is not None and weighed.seen.alignment.is_read_alike_only:
            yield "slips", "Names that are only read alike may be two companies", _SHORT_OF_SAME
    if not _is_alike(weighed, total):
        yield "phone_alone", "Firms of one house share a telephone", _SHORT_OF_SAME


def _told(weighed: _Weighed, extra: list[Signal], model: Model) -> tuple[Signal, ...]:
    told: list[Signal] = []
    base = _NOTHING_ALIKE
    if weighed.seen is not None and weighed.ours is not None and weighed.theirs is not None:
        base, told = name_signals(weighed.ours, weighed.theirs, weighed.seen, model)
    start = Signal("base", "Where the comparison starts, before any reason", base)
    return (start, *sorted(told, key=lambda signal: -abs(signal.contribution)), *weighed.beside, *extra)


def _is_by_initials(weighed: _Weighed) -> bool:
    """Whether one name is the other's initials, or initials said beside a full name are all of the other."""
    aside = any(
        name is not None and name.aside and len(name.joined) <= _FEW_LETTERS
        for name in (weighed.ours, weighed.theirs)
    )
    return aside or (weighed.seen is not None and weighed.seen.values[_INITIALS] > 0)


def _is_alike(weighed: _Weighed, total: float) -> bool:
    """Whether it is not the telephone alone that makes it likely."""
    said = {signal.code: signal.contribution for signal in weighed.beside}
    return "same_phone" not in said or "same_domain" in said or total - said["same_phone"] > _UNLIKE


def _tier(value: float, weighed: _Weighed) -> str:
    if value >= SAME:
        return "same"
    if weighed.seen is not None and _is_branch(weighed.seen):
        return "related"
    if value < REVIEW:
        return "none"
    return "possible" if _is_by_initials(weighed) else "review"


def _is_branch(seen: Seen) -> bool:
    """Whether all that one has and the other lacks is places, beside a telling word in both: 'Siemens India'."""
    less, more, where = (
        seen.values[FEATURES.index(f"alone.{part}")] for part in ("count_less", "count_more", "places")
    )
    return less == 0 and 0 < more == where and seen.values[FEATURES.index("shared.sum")] >= _TELLING
