"""Asking a whole file of queries, and comparing the answers with the right ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from companies.matching import normalise, read_tables
from companies.measuring.outcomes import Outcome
from companies.measuring.scratch import Scratch
from companies.measuring.thresholds import Thresholds

# The gold id of a query that means no row of the list.
ABSENT = "-1"
OPTIONAL = ("gold_id", "class")
COLUMNS = ("query", "gold_id", "class", "best_id", "score", "verdict", "ms")

_CANDIDATES_KEPT = 10


@dataclass(frozen=True)
class Asked:
    """A row of the queries' file. `gold_id` is None where the file does not say which row is meant."""

    query: str
    gold_id: str | None
    kind: str

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Asked:
        """From the cells `query`, and `gold_id` and `class` where the file has them."""
        gold = row.get("gold_id")
        return cls(
            row["query"], gold.strip() if gold is not None and gold.strip() else None, row.get("class") or ""
        )


def ask_all(
    asked: Iterable[Asked], scratch: Scratch, thresholds: Thresholds
) -> Iterator[tuple[dict[str, str | float], Outcome]]:
    """For each query the line to be written, and its outcome. A list holds doubles of a company: any row whose name
    normalises to the same as the right row's is right."""
    questions = list(asked)
    names = scratch.names_of(question.gold_id for question in questions if question.gold_id)
    read_tables()  # that is nobody's look-up
    for question in questions:
        answer = scratch.ask(question.query)
        candidates = [(own_id, match.matched_name, match.score) for own_id, match in answer.best]
        outcome = judged(question, candidates, names, thresholds, answer.milliseconds)
        yield (
            {
                "query": question.query,
                "gold_id": question.gold_id or "",
                "class": question.kind,
                "best_id": candidates[0][0] if candidates else ABSENT,
                "score": round(outcome.score, 5),
                "verdict": outcome.verdict,
                "ms": round(answer.milliseconds, 3),
            },
            outcome,
        )


def judged(
    question: Asked,
    candidates: Sequence[tuple[str, str, float]],
    names: Mapping[str, str],
    thresholds: Thresholds,
    milliseconds: float,
) -> Outcome:
    """The outcome of a look-up that brought (own id, name, score), best first, given the right rows' names by id."""
    best = candidates[:_CANDIDATES_KEPT]
    gold = question.gold_id
    core = normalise(names[gold]).core if gold is not None and gold in names else ""
    hits = tuple(own_id == gold or (bool(core) and normalise(text).core == core) for own_id, text, _ in best)
    scores = tuple(score for _, _, score in best)
    return Outcome(
        kind=None if gold is None else question.kind,
        absent=gold == ABSENT,
        place=hits.index(True) + 1 if True in hits else 0,
        verdict=thresholds.verdict(scores[0] if scores else 0.0),
        milliseconds=milliseconds,
        scores=scores,
        hits=hits,
    )
