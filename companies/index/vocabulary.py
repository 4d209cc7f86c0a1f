"""The words of all names: known from the transaction that brings them, counted again by a beat job."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import OperationalError, connection, transaction

from companies.index.state import lock_writing
from companies.matching.entries import mistyped
from companies.models import IndexState
from core.clock import Clock, database_clock

# Counts older than this are counted again, and sooner when a tenth of the names came or went.
FRESH_FOR = timedelta(hours=1)
_BATCH = 1_000

# In the words' order, so that two transactions with the same new words can't wait for each other. No count is moved
# here: registrations with a common word would wait for each other's row.
_ADD = "INSERT INTO companies_word (word, names, typos) VALUES {values} ON CONFLICT DO NOTHING"

# How many entries carry each word; also used, with another table, by a rebuild.
COUNT = """
SELECT word COLLATE "C" AS word, count(*)::int AS names FROM {entries} e,
       LATERAL (SELECT DISTINCT word FROM unnest(string_to_array(e.core, ' ')) AS word) AS w
 WHERE word <> '' GROUP BY word
"""
_COUNTED = f"CREATE TEMPORARY TABLE companies_counted ON COMMIT DROP AS {COUNT.format(entries='companies_nameentry')}"
_MOVE = """
UPDATE companies_word w SET names = c.names FROM companies_counted c WHERE c.word = w.word AND c.names <> w.names
"""
_FORGET = (
    "DELETE FROM companies_word w WHERE NOT EXISTS (SELECT FROM companies_counted c WHERE c.word = w.word)"
)
_MISSING = """
SELECT word, names FROM companies_counted c WHERE NOT EXISTS (SELECT FROM companies_word w WHERE w.word = c.word)
 ORDER BY word
"""
_TOTAL = """
UPDATE companies_indexstate SET names = (SELECT count(*) FROM companies_nameentry), counted_at = %s
"""
_GROWN = """
SELECT abs(reltuples - names) > 0.1 * names + 100 FROM pg_class, companies_indexstate
 WHERE oid = 'companies_nameentry'::regclass AND reltuples >= 0
"""


def add_words(words: Iterable[str]) -> None:
    """Make words known that no name had before, in the caller's transaction; a new word counts one name."""
    _write([(word, 1) for word in sorted(set(words))])


def count_words(*, clock: Clock = database_clock) -> bool:
    """Count again how many names carry each word; words that nobody has any more go.

    Changes only rows whose count moved. Names changed meanwhile keep their marks for the next `catch_up`. False where
    others were writing for too long; the next run does it.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', '2s', true), set_config('statement_timeout', '0', true)"
            )
            lock_writing(cursor)
            cursor.execute(_COUNTED)
            cursor.execute("ANALYZE companies_counted")
            cursor.execute(_MOVE)
            cursor.execute(_FORGET)
            cursor.execute(_MISSING)
            _write(cursor.fetchall())
            cursor.execute(_TOTAL, [clock()])
    except OperationalError:
        return False
    return True


def counts_are_due(*, clock: Clock = database_clock) -> bool:
    """Whether the words should be counted again."""
    state = IndexState.objects.first()
    if state is None:
        return False
    if state.counted_at is None or clock() - state.counted_at >= FRESH_FOR:
        return True
    with connection.cursor() as cursor:
        cursor.execute(_GROWN)
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def _write(words: list[tuple[str, int]]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(words), _BATCH):
            batch = words[start : start + _BATCH]
            values = ", ".join(["(%s, %s, %s::int[])"] * len(batch))
            cursor.execute(
                _ADD.format(values=values),
                [value for word, names in batch for value in (word, names, list(mistyped(word)))],
            )
