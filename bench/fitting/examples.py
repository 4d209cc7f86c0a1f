"""Labelled pairs: for each query the candidates that the index brings, with what is seen in them."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from bench.fitting.listed import listed
from bench.fitting.variants import sibling, variants
from bench.matching.data import Data
from companies.index.lookup import look_up
from companies.matching import CompanyQuery, meant_by, normalise
from companies.matching.features import FEATURES, look
from companies.matching.fold import without_digraphs
from companies.matching.rates import Rates
from companies.measuring.scratch import Scratch

_GOLDEN = Path(__file__).parents[2] / "tests" / "companies" / "matching" / "golden"
_PAIRS = ("pairs.csv", "hard_pairs.csv")  # held_out.csv is for measuring only
# Real variants of real names count four times what made ones do; those of brands and of initials less.
_REAL, _BRANDS, _MADE, _INITIALS = 2.0, 1.0, 0.5, 0.15
# Names of shares, and real names taken out of the list: many, of one kind each.
_LISTED = 0.7
_UNSETTLED = {"ietf", "s_acronym", "initials"}


@dataclass(frozen=True)
class Example:
    """A query with its candidates: `seen` a row of features each, `right` whether it is the one meant, `joined` their
    names. `real`: a query that somebody wrote, used to tell how good a fit is."""

    query: str
    kind: str
    weight: float
    real: bool
    size: int
    seen: list[tuple[float, ...]]
    right: list[bool]
    joined: list[str]

    @property
    def settles(self) -> bool:
        """Whether a name can tell the answer: not for brands and initials."""
        return self.kind not in _UNSETTLED

    def fold(self, folds: int) -> int:
        """The same for all queries of one company, whatever the list's size."""
        meant = next((joined for joined, right in zip(self.joined, self.right, strict=True) if right), "")
        return crc32((meant or self.query.lower()).encode()) % folds


def pairs() -> list[tuple[bool, tuple[float, ...]]]:
    """The golden pairs, as they are compared without a list."""
    rows: list[dict[str, str]] = []
    for name in _PAIRS:
        with (_GOLDEN / name).open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return [(row["same"] == "1", seen_in(row["a"], row["b"], Rates())) for row in rows]


def examples(data: Data, loaded: Scratch, made: int) -> Iterator[Example]:
    """The file's queries, renames left out since no text can solve them; about `made` queries more, made of names of the
    list; names of shares for names of the list; and names of the list as if they were not in it."""
    gold = {question.gold_id for question in data.queries}
    texts = loaded.names_of(str(question.gold_id) for question in data.queries)
    for question in data.queries:
        if not question.kind.startswith("rename"):
            weight = {"ietf": _BRANDS, "s_acronym": _REAL * 0.3}.get(question.kind, _REAL)
            name = texts.get(question.gold_id or "", "")
            yield example(loaded, question.query, name, question.kind, weight, real=True)
    rnd = random.Random(loaded.names)
    names = [text for own_id, text in data.real(loaded.names) if own_id not in gold]
    for name in rnd.sample(names, min(made, len(names))):
        kind, make = rnd.choice(list(variants(rnd, name).items()))
        text = make()
        if text and text != name:
            yield example(loaded, text, name, kind, _INITIALS if kind == "initials" else _MADE)
        yield from _strangers(rnd, loaded, name)
    for text, name in listed(own for _, own in data.real(loaded.names)):
        found = example(loaded, text, name, "listed", _LISTED)
        if any(found.right):  # else it was renamed
            yield found
    for name in rnd.sample(names, min(made // 2, len(names) // 4)):
        yield absent(loaded, name)


def _strangers(rnd: random.Random, loaded: Scratch, name: str) -> Iterator[Example]:
    """The name itself as if it were not in the list, and a sibling that isn't."""
    if rnd.random() < 0.25:
        yield example(loaded, name, "", "absent", _MADE, without=normalise(name).joined)
    other = sibling(rnd, name) if rnd.random() < 0.5 else ""
    if other:
        found = example(loaded, other, "", "sibling", _MADE)
        if normalise(other).joined not in found.joined:
            yield found


def absent(loaded: Scratch, name: str) -> Example:
    """A name of the list with the candidates that it would have were it not in the list."""
    query, joined = CompanyQuery(name), normalise(name).joined
    found = look_up(query, timeout_ms=5_000, by_name_only=True)
    own = [
        number
        for number, text in zip(found.company_ids, loaded.texts_of(found.company_ids), strict=True)
        if normalise(text).joined == joined
    ]
    found = look_up(query, timeout_ms=5_000, by_name_only=True, exclude=own)
    texts = [text for text in loaded.texts_of(found.company_ids) if normalise(text).joined != joined]
    seen = [seen_in(name, text, Rates(found.known, found.total)) for text in texts]
    others = [normalise(text).joined for text in texts]
    return Example(name, "absent", _LISTED, False, loaded.names, seen, [False] * len(texts), others)


def example(
    loaded: Scratch, query: str, name: str, kind: str, weight: float, *, real: bool = False, without: str = ""
) -> Example:
    """The candidates for a query that means `name` (''; none), those called `without` left out."""
    found = look_up(CompanyQuery(query), timeout_ms=5_000, by_name_only=True)
    rates = Rates(found.known, found.total)
    texts = [text for text in loaded.texts_of(found.company_ids) if normalise(text).joined != without]
    meant = without_digraphs(normalise(name).joined) if name else None
    return Example(
        query,
        kind,
        weight,
        real,
        loaded.names,
        [seen_in(query, text, rates) for text in texts],
        [without_digraphs(normalise(text).joined) == meant for text in texts],
        [normalise(text).joined for text in texts],
    )


def seen_in(one: str, other: str, rates: Rates) -> tuple[float, ...]:
    """The features of the two names of two fields that are most alike, before any model can tell."""
    seen = [look(ours, theirs, rates).values for ours in meant_by(one) for theirs in meant_by(other)]
    return max(seen, key=_likeness, default=(0.0,) * len(FEATURES))


def _likeness(values: tuple[float, ...]) -> float:
    told = dict(zip(FEATURES, values, strict=True))
    initials = (told["initials.length"] > 0) - (told["initials.other"] > 0)
    return (
        told["shared.less"] + told["shared.more"] + told["letters.joined"] + 2 * told["same.core"] + initials
    )
