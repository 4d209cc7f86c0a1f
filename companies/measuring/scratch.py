"""A list of names in a schema of its own, asked by the very code that asks the portal's index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import getpid
from time import perf_counter

from django.db import connection, transaction

from companies.index.lookup import look_up
from companies.index.ranking import ranked
from companies.index.tables import Copy, fill, make_tables, size_of
from companies.matching import CompanyFacts, CompanyQuery, Match
from companies.matching.entries import VERSION

TIMEOUT_MS = 5_000
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})


@dataclass(frozen=True)
class Answer:
    """The candidates for one query, best first, each with the list's own id, and how long that took."""

    best: list[tuple[str, Match]]
    milliseconds: float


class Scratch:
    """A list that was loaded, to be asked within the block of `scratch`."""

    def __init__(self, schema: str, names: int, seconds: float) -> None:
        self.schema, self.names, self.seconds = schema, names, seconds
        self.bytes = size_of(schema)

    def ask(self, name: str) -> Answer:
        """The candidates for a name, as the portal would find them."""
        began = perf_counter()
        with transaction.atomic():
            query = CompanyQuery(name)
            found = look_up(query, timeout_ms=TIMEOUT_MS, by_name_only=True)
            texts = self._texts(found.company_ids)
            facts = [(number, CompanyFacts((texts[number][1],))) for number in found.company_ids]
            matches = ranked(query, facts, known=found.known, total=found.total)
        spent = (perf_counter() - began) * 1000
        return Answer([(texts[number][0], match) for number, match in matches], spent)

    def names_of(self, ids: Iterable[str]) -> dict[str, str]:
        """The names of rows by the list's own ids; unknown ids are left out."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT own_id, text FROM listed WHERE own_id = ANY (%s)", [sorted(set(ids))])
            return dict(cursor.fetchall())

    def texts_of(self, numbers: list[int]) -> list[str]:
        """The names of candidates by the numbers that a look-up brings, in their order."""
        texts = self._texts(numbers)
        return [texts[number][1] for number in numbers]

    def _texts(self, numbers: list[int]) -> dict[int, tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT number, own_id, text FROM listed WHERE number = ANY (%s)", [numbers])
            return {number: (own_id, text) for number, own_id, text in cursor.fetchall()}


@contextmanager
def scratch(
    rows: Iterable[tuple[str, str]],
    *,
    processes: int = 2,
    progress: Callable[[int], None] = lambda size: None,
) -> Iterator[Scratch]:
    """Load (own id, name) into a schema that lasts for the block.

    All in one transaction that is rolled back at the end: nothing of it is ever seen by the portal, and nothing stays
    behind however the process ends.
    """
    schema = f"scratch_{getpid()}"
    with transaction.atomic():
        make_tables(schema)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('search_path', %s || ', ' || current_schema(), true)", [schema])
            cursor.execute(
                "CREATE TABLE listed (number bigint NOT NULL, own_id text NOT NULL, text text NOT NULL)"
            )
            began = perf_counter()
            total = fill(schema, _listing(rows), processes=processes, progress=progress)
            seconds = perf_counter() - began
            cursor.execute("ALTER TABLE listed ADD PRIMARY KEY (number)")
            cursor.execute("ANALYZE listed")
            cursor.execute(
                "INSERT INTO companies_indexstate (id, version, names) VALUES (1, %s, %s)", [VERSION, total]
            )
        loaded = Scratch(schema, total, seconds)
        yield loaded
        transaction.set_rollback(True)


def _listing(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[int, int, str]]:
    """Keep the rows as they are read, numbered, and pass them on."""
    with connection.cursor() as cursor:
        listed = Copy(cursor, "COPY {} FROM STDIN", "listed")
        for number, (own_id, text) in enumerate(rows, 1):
            listed.write(f"{number}\t{own_id.translate(_ESCAPED)}\t{text.translate(_ESCAPED)}\n")
            yield number, number, text
        listed.end()
