"""The candidates in their order: the one door from the index to the matcher's score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from companies.matching import CompanyFacts, CompanyQuery, Match, rank


def ranked(
    query: CompanyQuery,
    found: Sequence[tuple[int, CompanyFacts]],
    *,
    known: Mapping[str, int],
    total: int,
    look_past: bool = False,
) -> list[tuple[int, Match]]:
    """Ids and matches, best first, equal ones by id. `known` says how many of `total` names carry a word of the query;
    `look_past` as for `rank`."""
    matches = [
        (one.id, one.match) for one in rank(query, found, known=known, total=total, look_past=look_past)
    ]
    return sorted(matches, key=lambda pair: (-pair[1].score, pair[0]))
