"""From signals to a probability. The contributions are log-odds and add up to the score's."""

from __future__ import annotations

from math import exp

from companies.matching.context import context_signals
from companies.matching.features import Seen, look
from companies.matching.normalise import Name, names_in
from companies.matching.signals import base_signal, name_log_odds, name_signals
from companies.matching.types import CompanyFacts, CompanyQuery, Frequencies, Match, Signal
from companies.matching.weights import Weigher

# At or above SAME policy may act by itself; from REVIEW a person looks; below is silence.
SAME = 0.85
REVIEW = 0.15

_MOST_NAMES = 60


def score(
    query: CompanyQuery,
    facts: CompanyFacts,
    *,
    frequencies: Frequencies | None = None,
    total: int | None = None,
    least: float = 0.0,
) -> Match:
    """How probable it is that the query means this company, by its best name, and why.

    `frequencies` says how many of `total` known names carry a word; without it a list of common words
    stands in. Below `least` the score comes without signals, which cost more than all the rest. Any text is taken;
    time is bounded by the first 300 characters of each name.
    """
    weigher = Weigher(frequencies, total)
    best: tuple[Name, Name, Seen] | None = None
    best_name, best_sum = "", float("-inf")
    for ours in _names(query.name):
        for text in facts.names[:_MOST_NAMES]:
            for theirs in _names(text):
                seen = look(ours, theirs, weigher)
                reached = name_log_odds(seen)
                if reached > best_sum:
                    best, best_name, best_sum = (ours, theirs, seen), text, reached
    beside = context_signals(query, facts)
    known = sum(signal.contribution for signal in (base_signal(), *beside))
    value = probability(known + (best_sum if best else 0.0))
    if value < least:
        return Match(value, (), best_name)
    signals = [base_signal(), *(name_signals(*best) if best else []), *beside]
    return Match(value, tuple(signals), best_name or "".join(facts.names[:1]), _tier(value, signals))


def probability(log_odds: float) -> float:
    """Log-odds to 0..1."""
    return 1 / (1 + exp(-max(-60.0, min(60.0, log_odds))))


def _names(text: str) -> list[Name]:
    return [name for _, name in names_in(text) if name.words]


def _tier(value: float, signals: list[Signal]) -> str:
    if value < REVIEW:
        return "none"
    if value >= SAME:
        return "same"
    return "possible" if any(signal.code == "initials" for signal in signals) else "review"
