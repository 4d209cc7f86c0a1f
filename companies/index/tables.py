"""The index's tables in a schema of their own: made like the portal's, filled by COPY, their indexes built afterwards."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection
from psycopg2 import sql

from companies.index.rows import copied_entries, copied_words
from companies.index.vocabulary import COUNT
from companies.index.workers import prepared

ENTRIES, WORDS = "companies_nameentry", "companies_word"
TABLES = (ENTRIES, WORDS, "companies_unindexedname", "companies_indexstate")

# Not more: from one pass over everything GIN pages come out half empty, from several fuller (293 and 218 bytes a name at
# a million names).
_BUILDING_MEMORY = "32MB"
_COPIED = 8_000_000

_FINISH = {
    ENTRIES: (
        "ALTER TABLE {table} ADD PRIMARY KEY (name_id)",
        "CREATE INDEX nameentry_keys ON {table} USING gin (keys)",
    ),
    WORDS: (
        "ALTER TABLE {table} ADD PRIMARY KEY (word)",
        "CREATE INDEX word_typos ON {table} USING gin (typos)",
    ),
}


class Copy:
    """Lines gathered for a COPY into a table made in the same transaction.

    Such a COPY can't use the free pages that the one before it left, so there are to be few.
    """

    def __init__(self, cursor: Any, statement: str, *table: str) -> None:
        self._cursor = cursor
        self._statement = sql.SQL(statement).format(sql.Identifier(*table)).as_string(cursor.cursor)
        self._waiting: list[str] = []
        self._size = 0

    def write(self, lines: str) -> None:
        """Takes lines, each with its end."""
        self._waiting.append(lines)
        self._size += len(lines)
        if self._size >= _COPIED:
            self.end()

    def end(self) -> None:
        """Sends what is waiting."""
        self._cursor.copy_expert(self._statement, io.BytesIO("".join(self._waiting).encode()))
        self._waiting, self._size = [], 0


def make_tables(schema: str, tables: Iterable[str] = TABLES) -> None:
    """Empty tables like those of the portal, without their indexes, in a schema that is made for them."""
    with connection.cursor() as cursor:
        _do(cursor, "CREATE SCHEMA {schema}", schema=sql.Identifier(schema))
        for table in tables:
            _do(
                cursor,
                "CREATE TABLE {table} (LIKE {like} INCLUDING DEFAULTS INCLUDING IDENTITY)",
                table=sql.Identifier(schema, table),
                like=sql.Identifier(table),
            )


def fill(
    schema: str,
    names: Iterable[tuple[int, int, str]],
    *,
    processes: int = 2,
    progress: Callable[[int], None] = lambda size: None,
) -> int:
    """Write the entries of (name id, company id, text) and their vocabulary, then build the indexes.

    Returns how many names that were; `progress` hears of each piece. In the caller's transaction. The names are read as
    they are needed, so `names` may be a stream from the same connection.
    """
    total = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', '0', true), set_config('maintenance_work_mem', %s, true)",
            [_BUILDING_MEMORY],
        )
        entries = Copy(cursor, "COPY {} (name_id, company_id, core, keys) FROM STDIN", schema, ENTRIES)
        for size, lines in prepared(copied_entries, names, processes=processes):
            entries.write(lines)
            total += size
            progress(size)
        entries.end()
        _finish(cursor, schema, ENTRIES)
        words = Copy(cursor, "COPY {} (word, names, typos) FROM STDIN", schema, WORDS)
        for _, lines in prepared(copied_words, _counted(schema), processes=1):
            words.write(lines)
        words.end()
        _finish(cursor, schema, WORDS)
    return total


def swap_in(schema: str) -> None:
    """Put the filled entries and vocabulary of a schema in the place of the portal's, and drop the schema.

    Look-ups wait from here to the end of the caller's transaction, so this comes last.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (portal,) = cursor.fetchone()
        # In the order in which look-ups read them, lest each wait for the other.
        for table in (WORDS, ENTRIES):
            _do(cursor, "DROP TABLE {old}", old=sql.Identifier(portal, table))
            _do(
                cursor,
                "ALTER TABLE {new} SET SCHEMA {portal}",
                new=sql.Identifier(schema, table),
                portal=sql.Identifier(portal),
            )
        _do(cursor, "DROP SCHEMA {schema}", schema=sql.Identifier(schema))


def size_of(schema: str) -> int:
    """Bytes on disk of the entries and the vocabulary with all their indexes."""
    with connection.cursor() as cursor:
        names = [f"{schema}.{table}" for table in (ENTRIES, WORDS)]
        cursor.execute("SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s) AS name", [names])
        return int(cursor.fetchone()[0])


def _counted(schema: str) -> Iterator[tuple[str, int]]:
    with connection.connection.cursor(name="companies_counted") as counted:
        counted.itersize = 10_000
        counted.execute(sql.SQL(COUNT).format(entries=sql.Identifier(schema, ENTRIES)))
        yield from counted


def _finish(cursor: Any, schema: str, table: str) -> None:
    for statement in _FINISH[table]:
        words = statement + (" WITH (fastupdate = off)" if "gin" in statement else "")
        _do(cursor, words, table=sql.Identifier(schema, table))
    _do(cursor, "ANALYZE {table}", table=sql.Identifier(schema, table))


def _do(cursor: Any, statement: str, **parts: sql.Composable) -> None:
    cursor.execute(sql.SQL(statement).format(**parts).as_string(cursor.cursor))
