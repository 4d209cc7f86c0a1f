"""Names and queries without any data: syllables to words, words to names, and the usual ways to write one differently."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice

from companies.measuring.queries import ABSENT, Asked

_STARTS = (
    "al ber cor dan el far gor hel in jor kal lom mar nor or pel quin ros sal tor ul ver wil zan".split()
)
_ENDS = "ba den do fex gan ic ka lan mon nex ova ric sa tec um vix wood yard zen".split()
_TRADES = (
    "Logistics Foods Systems Energy Textiles Robotics Insurance Tools Chemicals Media Partners Holdings Engineering"
    " Trading Construction Software"
).split()
_FORMS = ("GmbH", "Ltd", "Inc.", "S.A.", "AG", "LLC", "S.p.A.", "")
_PER_CLASS = 150


def names(size: int) -> Iterator[tuple[str, str]]:
    """(id, name) for the first `size` names; the same in every run."""
    rng = random.Random(7)
    for number in range(size):
        yield str(number), " ".join(filter(None, [*_own_words(rng), rng.choice(_TRADES), rng.choice(_FORMS)]))


def queries() -> list[Asked]:
    """Queries for the first names by class, and as many for names that are not there."""
    rng = random.Random(11)
    ways = {"no form": _bare, "typo": _typo, "reordered": _reordered, "written together": _together}
    asked = [
        Asked(way(rng, name), number, kind)
        for kind, way in ways.items()
        for number, name in islice(names(10_000), 0, 60 * _PER_CLASS, 60)
    ]
    absent = (" ".join([*_own_words(rng), rng.choice(_TRADES)]) + " Xylo" for _ in range(2 * _PER_CLASS))
    return asked + [Asked(name, ABSENT, "absent") for name in absent]


def _own_words(rng: random.Random) -> list[str]:
    return [
        "".join([rng.choice(_STARTS), rng.choice(_STARTS), rng.choice(_ENDS)]).capitalize()
        for _ in range(rng.choice((1, 1, 2)))
    ]


def _bare(rng: random.Random, name: str) -> str:
    words = name.split()
    return " ".join(words[:-1] if words[-1] in _FORMS else words).upper()


def _typo(rng: random.Random, name: str) -> str:
    place = rng.randrange(1, len(name.split()[0]) - 1)
    return name[:place] + rng.choice("aeioust") + name[place + 1 :]


def _reordered(rng: random.Random, name: str) -> str:
    words = _bare(rng, name).title().split()
    return " ".join([*words[1:], words[0]])


def _together(rng: random.Random, name: str) -> str:
    return "".join(_bare(rng, name).title().split())
