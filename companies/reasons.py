"""The evidence of the search as people read it: reasons in plain words, what met marked, tiers explained.

Signals come as JSON values, {code, label, contribution, ours, theirs, ours_spans, theirs_spans}, fresh or as they were
kept: a page shows both the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from companies.measuring.thresholds import Thresholds
from core import shown

Span = tuple[int, int]
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
            "different",
            "Declared different",
            "off",
            "A person said that it is another company. A registration of the one isn't flagged because of the other.",
        ),
    )
}


def tier_of(code: str) -> Tier:
    """The tier in words; one that isn't known reads like 'review': a person looks."""
    return TIERS.get(code, TIERS["review"])


def tier_by(score: float, code: str, limits: Thresholds) -> Tier:
    """How to take a pair by the thresholds in force; of initials and branches more is known than the score."""
    if limits.verdict(score) == "same":
        return TIERS["same"]
    return TIERS[code if code in ("possible", "related") else "review"]


def reasons(signals: Iterable[Mapping[str, Any]], *, turned: bool = False) -> list[Reason]:
    """The signals in words, the weightiest first; the starting point that all comparisons share is left out.

    `turned`: the comparison is read from the other side, so 'new' and 'known' change places.
    """
    told = [signal for signal in signals if signal.get("code") != "base"]
    told.sort(key=lambda signal: -abs(signal.get("contribution", 0)))
    return [_reason(signal, turned) for signal in told]


def turn(signals: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same signals read from the other side."""
    pairs = (("ours", "theirs"), ("ours_spans", "theirs_spans"))
    turned = []
    for signal in signals:
        copy = dict(signal)
        for one, two in pairs:
            copy[one], copy[two] = signal.get(two), signal.get(one)
        turned.append(copy)
    return turned


def highlighted(text: str, signals: Iterable[Mapping[str, Any]], side: str) -> SafeString:
    """`text` escaped; what met something on the other side in <mark>, what speaks against it in <mark class="against">.

    `side` is 'ours' or 'theirs'. A signal counts where the text it speaks of stands in `text`.
    """
    met, against = list[Span](), list[Span]()
    for signal in signals:
        if not (signal.get("ours_spans") or signal.get("theirs_spans") or signal.get("code") == "initials"):
            continue
        spoken = str(signal.get(side) or "")
        at = text.casefold().find(spoken.casefold()) if spoken else -1
        if at < 0:
            continue
        speaks_for = signal.get("contribution", 0) > 0
        spans = spans_met(signal, side) if speaks_for else signal.get(f"{side}_spans") or []
        (met if speaks_for else against).extend((at + start, at + end) for start, end in spans)
    return marked(text, met, against)


def marked(text: str, spans: Iterable[Span], against: Iterable[Span] = ()) -> SafeString:
    """`text` escaped, with `spans` (start, end) in <mark>; spans may overlap or lie outside. What is in `against` too
    is taken as met."""
    kinds = [""] * len(text)
    for start, end in joined(against, len(text)):
        kinds[start:end] = ["against"] * (end - start)
    for start, end in joined(spans, len(text)):
        kinds[start:end] = ["met"] * (end - start)
    pieces, start = list[SafeString](), 0
    for at in range(1, len(text) + 1):
        if at < len(text) and kinds[at] == kinds[start]:
            continue
        pieces.append(format_html(_FRAMES[kinds[start]], text[start:at]))
        start = at
    return format_html_join("", "{}", ((piece,) for piece in pieces))


_FRAMES = {"": "{}", "met": "<mark>{}</mark>", "against": '<mark class="against">{}</mark>'}


def spans_met(signal: Mapping[str, Any], side: str) -> list[Span]:
    """The stretches of one side that met: those of the signal, else all of it; of initials their letters."""
    text = str(signal.get(side) or "")
    if signal.get("code") == "initials" and " " in text.strip():
        other = str(signal.get("theirs" if side == "ours" else "ours") or "")
        letters = sum(character.isalnum() for character in other)
        begins = [at for at in range(len(text)) if text[at].isalnum() and (at == 0 or text[at - 1] in " -/&")]
        return [(at, at + 1) for at in begins[:letters]]
    return [(start, end) for start, end in signal.get(f"{side}_spans") or [(0, len(text))]]


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


def _reason(signal: Mapping[str, Any], turned: bool) -> Reason:
    contribution = float(signal.get("contribution", 0))
    words = str(signal.get("label") or "")
    if turned:
        words = (
            words.replace("the new name", "\0")
            .replace("the known name", "the new name")
            .replace("\0", "the known name")
        )
    size = abs(contribution)
    strength = 3 if size >= 2 else 2 if size >= 0.75 else 1
    weight = ("a little", "clearly", "strongly")[strength - 1]
    if contribution > 0:
        return Reason(words, "+", f"speaks {weight} for the same company", strength)
    return Reason(words, "−", f"speaks {weight} against it", strength)
