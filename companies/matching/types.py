"""What the matcher is asked and what it answers. Plain values: no Django, no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CompanyQuery:
    """What somebody typed about a company; only the name is needed."""

    name: str
    domain: str = ""  # a domain, URL or e-mail address, as typed
    country: str = ""  # ISO 3166-1 alpha-2
    city: str = ""
    postcode: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What is known of a company; `names` holds every active name, the legal one first."""

    names: tuple[str, ...]
    domain: str = ""
    country: str = ""
    city: str = ""
    postcode: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason for or against. `contribution` is in log-odds: positive speaks for 'same'.
    `ours` is the text asked for, `theirs` the text known; the spans mark the words it speaks of in each, the letters those
    that differ in words spelled differently."""

    code: str
    label: str
    contribution: float
    ours: str = ""
    theirs: str = ""
    ours_spans: tuple[Span, ...] = ()
    theirs_spans: tuple[Span, ...] = ()
    ours_letters: tuple[Span, ...] = ()
    theirs_letters: tuple[Span, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The signal as JSON values, to be stored with a conflict."""
        letters = {"ours_letters": self.ours_letters, "theirs_letters": self.theirs_letters}
        return {
            "code": self.code,
            "label": self.label,
            "contribution": round(self.contribution, 4),
            "ours": self.ours,
            "theirs": self.theirs,
            "ours_spans": [list(span) for span in self.ours_spans],
            "theirs_spans": [list(span) for span in self.theirs_spans],
            **{side: [list(span) for span in spans] for side, spans in letters.items() if spans},
        }


@dataclass(frozen=True)
class Match:
    """How probable it is (0..1) that two companies are one, by which name. `tier` says how to treat it: same, review,
    possible (initials), related (a branch by its name, whatever the score), none."""

    score: float
    matched_name: str
    tier: str
    tell: Callable[[], tuple[Signal, ...]] = field(repr=False, compare=False)

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """Why: the contributions add up to the log-odds of `score`. Put into words when first read, since that takes longer
        than the score."""
        return self.tell()
