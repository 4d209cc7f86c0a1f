"""Reads the tables and lists in demo/data."""

import csv
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


def table(name: str) -> list[dict[str, str]]:
    """The rows of data/<name>.csv as dictionaries."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of data/<name>.txt, without empty ones."""
    text = (_DATA / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip())
