"""One list of one size, asked by the portal's matching and by its peers within the same minutes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from bench.matching.data import Data
from companies.index import upkeep
from companies.matching import CompanyQuery, normalise
from companies.measuring.figures import figures
from companies.measuring.memory import peak_megabytes
from companies.measuring.outcomes import Outcome
from companies.measuring.queries import Asked, ask_all, judged
from companies.measuring.scratch import Scratch, scratch
from companies.measuring.thresholds import Thresholds

# Queries a peer is asked at most, by how slow it is at that size.
TRIGRAM_QUERIES = {10_000: 3_361, 100_000: 1_000, 1_000_000: 200}
WRATIO_QUERIES = {10_000: 500, 100_000: 150, 1_000_000: 15}
_INSERTED = 200

Candidates = list[tuple[str, str, float]]


@dataclass
class Run:
    """What one way of matching did with a list of `size` names."""

    way: str
    size: int
    told: dict[str, Any]
    outcomes: list[Outcome] = field(default_factory=list)


def measure(data: Data, size: int, tell: Callable[[str], None]) -> Iterator[Run]:
    """The runs at one size: the portal's first, then each peer's on a sample of the same queries."""
    thresholds = Thresholds()
    with scratch(data.names(size)) as loaded:
        tell(f"{size:,} names loaded in {loaded.seconds:.0f} s")
        for question in data.sample(300):  # warm, as a portal that is at work
            loaded.ask(question.query)
        outcomes = [outcome for _, outcome in ask_all(data.queries, loaded, thresholds)]
        told = {
            "build_seconds": round(loaded.seconds, 1),
            "bytes_per_company": round(loaded.bytes / loaded.names, 1),
            "peak_megabytes": peak_megabytes(2),
            **figures(outcomes, thresholds),
            **_inserting(size),
        }
        yield Run("Concord", size, told, outcomes)
        yield from _peers(data, size, loaded, thresholds, tell)


def _inserting(size: int) -> dict[str, float]:
    """Milliseconds to add one company, and the index's share of that, at the 95th percentile."""
    from companies.services import registry

    kept = upkeep.keep_in_step
    shares: list[float] = []

    def timed() -> int:
        began = time.perf_counter()
        done = kept()
        shares.append((time.perf_counter() - began) * 1000)
        return done

    whole = []
    with patch.object(registry, "keep_in_step", timed):
        for number in range(_INSERTED):
            query = CompanyQuery(f"Zubrin {size + number} Quellmann Works {number} GmbH")
            began = time.perf_counter()
            registry.create_company(query, by=None)
            whole.append((time.perf_counter() - began) * 1000)
    place = _INSERTED * 95 // 100
    return {
        "insert_p95_ms": round(sorted(shares)[place], 2),
        "new_company_p95_ms": round(sorted(whole)[place], 2),
    }


def _peers(
    data: Data, size: int, loaded: Scratch, thresholds: Thresholds, tell: Callable[[str], None]
) -> Iterator[Run]:
    from bench.matching import peers

    asked = data.sample(TRIGRAM_QUERIES.get(size, 400))
    for way, build, look in (
        ("pg_trgm ≥ .3, names as they are", peers.index_raw, peers.ask_raw),
        ("pg_trgm ≥ .5, cleaned names", peers.index_cleaned, peers.ask_cleaned),
    ):
        seconds, size_on_disk = build()
        outcomes = _asked(asked, look, loaded, thresholds)
        told = {"build_seconds": round(seconds, 1), "bytes_per_company": round(size_on_disk / size, 1)}
        yield Run(way, size, told | figures(outcomes, thresholds), outcomes)
        tell(f"{way}: done")
    brute = peers.WRatio(data.names(size))
    outcomes = _asked(data.sample(WRATIO_QUERIES.get(size, 100)), brute.ask, loaded, thresholds)
    yield Run("rapidfuzz WRatio, every name", size, figures(outcomes, thresholds), outcomes)


def _asked(
    asked: Sequence[Asked], look: Callable[[str], Candidates], loaded: Scratch, thresholds: Thresholds
) -> list[Outcome]:
    names = loaded.names_of(question.gold_id for question in asked if question.gold_id)
    outcomes = []
    for question in asked:
        began = time.perf_counter()
        candidates = look(question.query)
        spent = (time.perf_counter() - began) * 1000
        outcomes.append(judged(question, candidates, names, thresholds, spent))
    normalise.cache_clear()
    return outcomes
