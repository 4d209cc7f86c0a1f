"""Real spellings: what lists of shares call a company, beside its full name.

LISTED_SHARES names a CSV with the columns name and full_name, such as resources/stocks.csv of the package investpy
(1.0.8, MIT), with which the model in the repository was fitted. Without it the model is fitted on fewer examples.
"""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from rapidfuzz import fuzz

from companies.matching import normalise

# Names that share fewer letters are renames, which no text can solve.
_LEAST_ALIKE = 60
# Most differ in nothing but the legal form and teach little: one in eight of those.
_EASY = 0.125


def listed(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(what the share is called, full name) for those whose full name is among `names`."""
    path = os.environ.get("LISTED_SHARES", "")
    if not path:
        return
    known = set(names)
    with Path(path).open(encoding="utf-8", newline="") as file:
        pairs = {(row["name"], row["full_name"]): None for row in csv.DictReader(file)}
    rnd = random.Random(5)
    for short, full in pairs:
        if short == full or full not in known:
            continue
        one, other = normalise(short), normalise(full)
        if not one.words or not other.words or fuzz.partial_ratio(one.joined, other.joined) < _LEAST_ALIKE:
            continue
        if one.core != other.core or rnd.random() < _EASY:
            yield short, full
