"""Comparing the two names of every row of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from catalog.countries import country_of
from companies.matching import CompanyFacts, CompanyQuery, score
from companies.measuring.thresholds import Thresholds

COLUMNS = ("a", "b")
OPTIONAL = ("country_a", "country_b", "domain_a", "domain_b")
# The columns that come behind the file's own.
ADDED = ("score", "verdict")


def compare_all(rows: Iterable[Mapping[str, str]], thresholds: Thresholds) -> Iterator[dict[str, str]]:
    """Each row with `score` and `verdict` added. Names are compared as if one had been asked for and the other found;
    without a list of names, words weigh what they weigh in general. Either order gives the same."""
    for row in rows:
        reached = compare(row)
        yield {**row, "score": f"{reached:.5f}", "verdict": thresholds.verdict(reached)}


def compare(row: Mapping[str, str]) -> float:
    """The probability (0..1) that the companies of a row with `a` and `b` are one, both ways at its mean."""
    one, other = _side(row, "a"), _side(row, "b")
    return (_score(one, other) + _score(other, one)) / 2


def _side(row: Mapping[str, str], side: str) -> tuple[str, str, str]:
    country = row.get(f"country_{side}") or ""
    return row[side], row.get(f"domain_{side}") or "", country_of(country) or country


def _score(asked: tuple[str, str, str], known: tuple[str, str, str]) -> float:
    query = CompanyQuery(asked[0], domain=asked[1], country=asked[2])
    facts = CompanyFacts((known[0],), domain=known[1], country=known[2])
    return score(query, facts).score
