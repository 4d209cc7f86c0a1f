"""What a look-up answered to a query whose answer is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """`place`: where the company that was meant stands among the candidates, 1 the best; 0: not among them. `absent`: no
    company of the list was meant, so any candidate is a false alarm. `scores` of the candidates, best first; `hits` says
    which of them are right. `kind` is the query's class, None where the right answer isn't known."""

    kind: str | None
    absent: bool
    place: int
    verdict: str
    milliseconds: float
    scores: tuple[float, ...] = ()
    hits: tuple[bool, ...] = ()

    @property
    def score(self) -> float:
        """The best candidate's score, 0 where there is none."""
        return self.scores[0] if self.scores else 0.0
