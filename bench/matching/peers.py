"""What else could be asked: trigrams in PostgreSQL, and comparing with every name."""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.db import connection, transaction
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from companies.matching import normalise

_RAW = "SELECT own_id, text, similarity(text, %(q)s) AS s FROM listed WHERE text %% %(q)s ORDER BY s DESC LIMIT 10"
_CLEANED = """
SELECT l.own_id, l.text, similarity(e.core, %(q)s) AS s FROM companies_nameentry e JOIN listed l ON l.number = e.name_id
 WHERE e.core %% %(q)s ORDER BY s DESC LIMIT 10
"""


def index_raw() -> tuple[float, int]:
    """Seconds to build a trigram index over the names, and its bytes."""
    return _index("CREATE INDEX peer_raw ON listed USING gin (text gin_trgm_ops)", "peer_raw")


def index_cleaned() -> tuple[float, int]:
    """The same over the normalised names; normalising them is not counted."""
    return _index(
        "CREATE INDEX peer_cleaned ON companies_nameentry USING gin (core gin_trgm_ops)", "peer_cleaned"
    )


def ask_raw(query: str) -> list[tuple[str, str, float]]:
    """The ten most similar names from a similarity of .3 on."""
    return _ask(_RAW, query, 0.3)


def ask_cleaned(query: str) -> list[tuple[str, str, float]]:
    """The ten most similar cleaned names from .5 on."""
    return _ask(_CLEANED, normalise(query).core, 0.5)


class WRatio:
    """rapidfuzz's weighted ratio with every name in memory."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._names = list(names)
        self._texts = [default_process(text) for _, text in self._names]

    def ask(self, query: str) -> list[tuple[str, str, float]]:
        """The ten names with the highest ratio."""
        found = process.extract(default_process(query), self._texts, scorer=fuzz.WRatio, limit=10)
        return [(*self._names[place], score / 100) for _, score, place in found]


def _index(statement: str, name: str) -> tuple[float, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('maintenance_work_mem', '512MB', true), set_config('statement_timeout', '0', true)"
        )
        began = time.perf_counter()
        cursor.execute(statement)
        seconds = time.perf_counter() - began
        cursor.execute("SELECT pg_relation_size(%s::regclass)", [name])
        return seconds, int(cursor.fetchone()[0])


def _ask(statement: str, query: str, least: float) -> list[tuple[str, str, float]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true), set_config('enable_seqscan', 'off', true)",
            [str(least)],
        )
        cursor.execute(statement, {"q": query})
        return list(cursor.fetchall())
