"""Where the names and queries come from: the folder BENCH_DATA, else names made here."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.matching import made
from companies.measuring.files import open_text, read_table
from companies.measuring.queries import Asked

_SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@dataclass(frozen=True)
class Data:
    """`names(size)` streams the first (id, name) of the list, `real(size)` those that somebody bears; `sizes` are worth
    measuring; `words` says what they are."""

    names: Callable[[int], Iterator[tuple[str, str]]]
    real: Callable[[int], Iterator[tuple[str, str]]]
    queries: list[Asked]
    sizes: tuple[int, ...]
    words: str

    def sample(self, most: int) -> list[Asked]:
        """The same `most` queries in every run, of all classes."""
        if len(self.queries) <= most:
            return self.queries
        return random.Random(1).sample(self.queries, most)


def find_data() -> Data:
    """The files companies.csv.gz and queries_dev.csv of BENCH_DATA (../shared/data), else made names."""
    folder = Path(os.environ.get("BENCH_DATA") or _SHARED)
    companies, queries = folder / "companies.csv.gz", folder / "queries_dev.csv"
    if not companies.exists() or not queries.exists():
        words = "Names made by this program, since BENCH_DATA names no folder with companies.csv.gz and queries_dev.csv."
        return Data(made.names, made.names, made.queries(), (10_000, 100_000), words)
    with open_text(str(queries)) as file:
        asked = [Asked.from_row(row) for row in read_table(file, str(queries), ["query"]).rows]
    words = f"{len(asked):,} queries in a list of real and recombined names, of which real spellings are the larger part."
    path = str(companies)
    return Data(
        lambda size: _names(path, size),
        lambda size: _names(path, size, leave_out="synth"),
        asked,
        (10_000, 100_000, 1_000_000),
        words,
    )


def _names(path: str, size: int, *, leave_out: str = "") -> Iterator[tuple[str, str]]:
    with open_text(path) as file:
        for row in islice(read_table(file, path, ["id", "name"]).rows, size):
            if not leave_out or row.get("source") != leave_out:
                yield row["id"], row["name"]
