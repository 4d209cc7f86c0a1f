"""Writing the whole index anew: name by name beside the portal's work, or at once into new tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import getpid
from time import monotonic

from django.db import connection, transaction

from companies.index.domains import bring_domains_in_step
from companies.index.state import writing_alone
from companies.index.tables import ENTRIES, WORDS, fill, make_tables, swap_in
from companies.index.upkeep import catch_up
from companies.index.vocabulary import count_words
from companies.matching import entries
from companies.matching.entries import VERSION
from companies.models import IndexState, UnindexedName
from core.clock import Clock, database_clock

BATCH = 500

_MARK_ALL = """
INSERT INTO companies_unindexedname (name_id, marked_in)
SELECT id, 0 FROM (
    SELECT n.id FROM companies_companyname n JOIN companies_company c ON c.id = n.company_id
     WHERE n.withdrawn_at IS NULL AND c.merged_into_id IS NULL
    UNION SELECT name_id FROM companies_nameentry
) AS every ORDER BY id
"""
_STATE = """
INSERT INTO companies_indexstate (id, version, names, counted_at) VALUES (1, %(version)s, %(names)s, %(at)s)
ON CONFLICT (id) DO UPDATE SET version = %(version)s, names = %(names)s, counted_at = %(at)s
"""
_NAMES = """
SELECT n.id, n.company_id, n.text FROM companies_companyname n JOIN companies_company c ON c.id = n.company_id
 WHERE n.withdrawn_at IS NULL AND c.merged_into_id IS NULL
"""


def is_outdated() -> bool:
    """Whether the index was written by older rules than this code's, or by other word lists."""
    state = IndexState.objects.first()
    return state is not None and entries.is_outdated(state.version)


def mark_all() -> None:
    """Mark every name, so that `catch_up` writes the whole index anew with this code's rules, and reduce stored domains by
    them. Until few are left the search answers nothing: its callers send what they check to a person."""
    bring_domains_in_step()
    with writing_alone(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', true)")
        cursor.execute("DELETE FROM companies_unindexedname")
        cursor.execute(_MARK_ALL)
        cursor.execute(_STATE, {"version": VERSION, "names": 0, "at": None})


def catch_up_all(*, seconds: float, progress: Callable[[int], None] = lambda size: None) -> int:
    """Write entries until no mark is left or the time is over; returns how many marks are left.

    Each batch commits: a run can end at any moment and the next one goes on from there. Words are counted at the end.
    """
    ends = monotonic() + seconds
    done = 0
    while monotonic() < ends and (size := catch_up(BATCH)):
        done += size
        progress(size)
    left = UnindexedName.objects.count()
    if done >= BATCH and not left:
        count_words()
    return left


def rebuild_at_once(
    *,
    processes: int = 2,
    progress: Callable[[int], None] = lambda size: None,
    clock: Clock = database_clock,
) -> int:
    """Write all entries into new tables, which take the place of the old ones in one moment; returns how many. Stored domains
    are reduced anew before.

    Ten times as fast as name by name, but all or nothing. The search asks the old tables meanwhile, where they are of this
    code's version; names changed meanwhile keep their marks.
    """
    bring_domains_in_step()
    schema = f"companies_rebuild_{getpid()}"
    with writing_alone(), transaction.atomic():
        with connection.cursor() as cursor:
            # One snapshot for the names and for the marks that are done with them.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("DELETE FROM companies_unindexedname")
        make_tables(schema, (ENTRIES, WORDS))
        total = fill(schema, _names(), processes=processes, progress=progress)
        with connection.cursor() as cursor:
            cursor.execute(_STATE, {"version": VERSION, "names": total, "at": clock()})
        swap_in(schema)
    catch_up_all(seconds=60)
    return total


def _names() -> Iterator[tuple[int, int, str]]:
    with connection.connection.cursor(name="companies_names") as names:
        names.itersize = 5_000
        names.execute(_NAMES)
        yield from names
