"""What a search answers: companies that may be the one meant, each with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, field

from companies.matching import REVIEW, Signal
from companies.models import Company, NamedAccount

# More candidates than this are a crowd: then more is to be asked of whoever searches.
CROWD = 20


@dataclass(frozen=True)
class Candidate:
    """A company that may be the one meant: how probably (0..1), why, by which of its names, and who claims it."""

    company: Company
    score: float
    tier: str
    signals: tuple[Signal, ...]
    matched_name: str
    named_accounts: list[NamedAccount] = field(default_factory=list)

    @property
    def is_likely(self) -> bool:
        """Whether a person would compare it by the matcher's own measure: a branch always."""
        return self.score >= REVIEW or self.tier == "related"

    def as_json(self) -> dict[str, object]:
        """The evidence as JSON values, to be stored with a conflict; names what was seen at that time."""
        return {
            "company": self.company.code,
            "name": self.company.name,
            "score": round(self.score, 4),
            "tier": self.tier,
            "matched_name": self.matched_name,
            "signals": [signal.as_json() for signal in self.signals],
            "named_accounts": [account.reference for account in self.named_accounts],
        }


@dataclass(frozen=True)
class SearchResult:
    """The answer of a search. `candidates`: likely enough for who asked, best first. `past`: those that the limit left out.
    `common`: more companies bear the name, or nearly that name, than CROWD, and not all were looked at. `ruled_out`: those a
    person declared to be another company, kept so that a page can say so."""

    candidates: list[Candidate]
    past: list[Candidate] = field(default_factory=list)
    common: bool = False
    ruled_out: list[Candidate] = field(default_factory=list)

    @property
    def crowd(self) -> bool:
        """More than CROWD companies are likely enough for who asked, however many of them are listed."""
        return self.common or len(self.candidates) + len(self.past) > CROWD
