"""The evidence of the search as people read it: reasons in plain words, what met marked, tiers explained.

Signals come as JSON values, {code, label, contribution, ours, theirs, ours_spans, theirs_spans} and, of words spelled
differently, {ours_letters, theirs_letters}, fresh or as they were kept: a page shows both the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from companies.measuring.thresholds import Thresholds
from core import shown

Span = tuple[int, int]
_SIDE = re.compile("the new name|the known name")
Signals = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Reason:
    """Why two companies look like one (or not): `sign` is '+', '−' or '' and `weight` tells how much in words."""

    words: str
    sign: str
    weight: str
    strength: int


@dataclass(frozen=True)
class Tier:
    """How to take a candidate: short words with the tone of their pill, and a sentence that explains them."""

    code: str
    words: str
    tone: str
    meaning: str


TIERS = {
    tier.code: tier
    for tier in (
        Tier(
            "same",
            "Very likely the same",
            "ok",
            "Name and facts agree so well that a registration may be refused or made to wait by the policy alone.",
        ),
        Tier(
            "review",
            "May be the same",
            "wait",
            "Enough agrees for a person to look. Nothing is decided by the score.",
        ),
        Tier(
            "possible",
            "The initials fit",
            "ask",
            "Only the initials agree, and several companies may share them. A person looks; the score decides nothing.",
        ),
        Tier(
            "related",
            "Same group",
            "info",
            "A parent or a subsidiary of what was asked for. Whether that collides is the policy's choice.",
        ),
        Tier(
            "branch",
            "May be a branch",
            "ask",
            "One name adds only a place to the other. Nobody has said that the two belong together: a person looks.",
        ),
        Tier(
            "crowd",
            "One of many",
            "off",
            "More companies are called like it than can be told apart. The closest are listed, however little says for each.",
        ),
        Tier(
            "different",
            "Declared different",
            "off",
            "A person said that it is another company. A registration of the one isn't flagged because of the other.",
        ),
    )
}


# What the matcher's codes come to: that a name adds a place is all that is known of a branch.
_BY_NAME = {"possible": "possible", "related": "branch"}


def tier_of(code: str) -> Tier:
    """The tier in words; one that isn't known reads like 'review': a person looks."""
    return TIERS.get(code, TIERS["review"])


def tier_by(score: float, code: str, limits: Thresholds) -> Tier:
    """How to take a pair by the thresholds in force; of initials and branches more is known than the score."""
    if limits.verdict(score) == "same":
        return TIERS["same"]
    return TIERS[_BY_NAME.get(code, "review")]


def reasons(
    signals: Iterable[Mapping[str, Any]], *, turned: bool = False, both_known: bool = False
) -> list[Reason]:
    """The signals in words, the weightiest first; the starting point that all comparisons share is left out.

    `turned`: the comparison is read from the other side, so 'new' and 'known' change places. `both_known`: neither name is
    new, so they are the first and the second of the two that stand beside each other.
    """
    told = [signal for signal in signals if signal.get("code") != "base"]
    told.sort(key=lambda signal: -abs(signal.get("contribution", 0)))
    names = ["the new name", "the known name"]
    said = ["the first name", "the second name"] if both_known else names
    called = dict(zip(names, reversed(said) if turned else said, strict=True))
    return [_reason(signal, called) for signal in told]


def turn(signals: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same signals read from the other side."""
    pairs = (("ours", "theirs"), ("ours_spans", "theirs_spans"), ("ours_letters", "theirs_letters"))
    turned = []
    for signal in signals:
        copy = dict(signal)
        for one, two in pairs:
            copy[one], copy[two] = signal.get(two), signal.get(one)
        turned.append(copy)
    return turned


def highlighted(text: str, signals: Iterable[Mapping[str, Any]], side: str) -> SafeString:
    """`text` escaped; what both have in <mark>, whatever it weighs; words spelled differently in <mark class="near">, the
    letters that differ in <u>; what else speaks against it in <mark class="against">.

    `side` is 'ours' or 'theirs'. A signal counts where the text it speaks of stands in `text`.
    """
    found: dict[str, list[Span]] = {"met": [], "near": [], "against": [], "letters": []}
    for signal in signals:
        if not (signal.get("ours_spans") or signal.get("theirs_spans") or signal.get("code") == "initials"):
            continue
        spoken = str(signal.get(side) or "")
        at = text.casefold().find(spoken.casefold()) if spoken else -1
        if at < 0:
            continue
        kind = _kind_of(signal)
        spans = spans_met(signal, side) if kind == "met" else signal.get(f"{side}_spans") or []
        found[kind] += [(at + start, at + end) for start, end in spans]
        found["letters"] += [(at + start, at + end) for start, end in signal.get(f"{side}_letters") or []]
    return marked(text, found["met"], found["against"], found["near"], found["letters"])


def _kind_of(signal: Mapping[str, Any]) -> str:
    """How the words of a signal are marked."""
    if signal.get("code") == "slips":
        return "near"
    # What both have is no less the same where it is too common to speak for anything.
    return "met" if signal.get("code") == "shared" or signal.get("contribution", 0) > 0 else "against"


def marked(
    text: str,
    spans: Iterable[Span],
    against: Iterable[Span] = (),
    near: Iterable[Span] = (),
    letters: Iterable[Span] = (),
) -> SafeString:
    """`text` escaped, with `spans` (start, end) in <mark>; spans may overlap or lie outside. What is in `against` too
    is taken as met, what is in `near` as spelled differently; `letters` are underlined within that."""
    kinds = [""] * len(text)
    for kind, where in (("against", against), ("met", spans), ("near", near)):
        for start, end in joined(where, len(text)):
            kinds[start:end] = [kind] * (end - start)
    differ = {at for start, end in joined(letters, len(text)) for at in range(start, end)}
    pieces, at = list[SafeString](), 0
    for kind, run in groupby(kinds):
        end = at + len(list(run))
        inside = _underlined(text, at, end, differ) if kind == "near" else text[at:end]
        pieces.append(format_html(_FRAMES[kind], inside))
        at = end
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _underlined(text: str, start: int, end: int, places: set[int]) -> SafeString:
    """This stretch of `text` escaped, what stands at these places in <u>."""
    runs = [
        (differs, "".join(text[at] for at in run))
        for differs, run in groupby(range(start, end), places.__contains__)
    ]
    return format_html_join(
        "", "{}", ((format_html("<u>{}</u>" if differs else "{}", run),) for differs, run in runs)
    )


_FRAMES = {
    "": "{}",
    "met": "<mark>{}</mark>",
    "near": '<mark class="near">{}</mark>',
    "against": '<mark class="against">{}</mark>',
}


def spans_met(signal: Mapping[str, Any], side: str) -> list[Span]:
    """The stretches of one side that met: those of the signal, all of it where it has none; of initials their letters."""
    text = str(signal.get(side) or "")
    if signal.get("code") == "initials" and " " in text.strip():
        other = str(signal.get("theirs" if side == "ours" else "ours") or "")
        letters = sum(character.isalnum() for character in other)
        begins = [at for at in range(len(text)) if text[at].isalnum() and (at == 0 or text[at - 1] in " -/&")]
        return [(at, at + 1) for at in begins[:letters]]
    if signal.get("ours_spans") or signal.get("theirs_spans"):
        return [(start, end) for start, end in signal.get(f"{side}_spans") or []]
    return [(0, len(text))]


def joined(spans: Iterable[Span], length: int) -> list[Span]:
    """The spans in order, within a text of `length`, those that touch made one."""
    found: list[Span] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def percent(score: float) -> str:
    """A score as a percentage that never claims certainty: '93%', at most '99%', at least '1%'."""
    return shown.percent(min(99, max(1, round(score * 100))))


def _reason(signal: Mapping[str, Any], called: Mapping[str, str]) -> Reason:
    contribution = float(signal.get("contribution", 0))
    words = _SIDE.sub(lambda name: called[name[0]], str(signal.get("label") or ""))
    size = abs(contribution)
    strength = 3 if size >= 2 else 2 if size >= 0.75 else 1
    weight = ("a little", "clearly", "strongly")[strength - 1]
    if signal.get("code") == "branch":  # no likeness: the policy counts it up
        return Reason(words, "+", "so a person looks, whatever else speaks against it", strength)
    if contribution > 0:
        return Reason(words, "+", f"speaks {weight} for the same company", strength)
    return Reason(words, "−", f"speaks {weight} against it", strength)
