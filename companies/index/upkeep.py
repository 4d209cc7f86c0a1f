"""Keeping the entries in step with the names: the one place where marks become entries."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError

from companies.index.rows import Row, row_of
from companies.index.state import may_write
from companies.index.vocabulary import add_words

_log = logging.getLogger(__name__)

# Names a statement writes at most.
_BATCH = 500

# One row after the other (OFFSET 0 keeps it so): joined as a whole, thousands of new names, which the database has not
# counted yet, were each read beside every company.
_OF_CLAIMED = """
SELECT DISTINCT name_id, c.id, n.text FROM claimed
  LEFT JOIN LATERAL (
    SELECT company_id, text FROM companies_companyname WHERE id = name_id AND withdrawn_at IS NULL OFFSET 0
  ) AS n ON true
  LEFT JOIN LATERAL (
    SELECT id FROM companies_company WHERE id = n.company_id AND merged_into_id IS NULL OFFSET 0
  ) AS c ON true
 ORDER BY name_id
"""
# Nobody else can change what this transaction has changed, so its names are read as they are claimed.
_CLAIM_OWN = f"""
WITH claimed AS (
    DELETE FROM companies_unindexedname WHERE marked_in = pg_current_xact_id_if_assigned()::text::bigint RETURNING name_id
)
{_OF_CLAIMED}
"""
# Materialised: as a subquery of IN a plan may ask it once a row, and then it takes more than the limit.
_CLAIM_ANY = """
WITH waiting AS MATERIALIZED
    (SELECT id FROM companies_unindexedname ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
DELETE FROM companies_unindexedname USING waiting WHERE companies_unindexedname.id = waiting.id
RETURNING name_id
"""
# Whoever withdraws a name or merges its company waits for this lock, and then leaves a mark of their own.
_HOLD = "SELECT FROM companies_companyname WHERE id = ANY (%s) ORDER BY id FOR SHARE"
_READ = f"""
WITH claimed AS (SELECT unnest(%s::bigint[]) AS name_id)
{_OF_CLAIMED}
"""
_WRITE = """
INSERT INTO companies_nameentry (name_id, company_id, core, keys) VALUES {values}
ON CONFLICT (name_id) DO UPDATE SET company_id = excluded.company_id, core = excluded.core, keys = excluded.keys
"""
_FORGET = "DELETE FROM companies_nameentry WHERE name_id = ANY (%s)"


def keep_in_step() -> int:
    """Write the entries of every name that this transaction has changed; returns how many names that were.

    To be called in the transaction, after the changes. While a rebuild is on, the index is of another version or can't be
    written, the marks stay: the search scores such names without the index, and the beat job writes them later. So no work of
    a person is lost for the index.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("keep_in_step belongs into the transaction of the changes")
    try:
        with transaction.atomic():
            return _write_own()
    except DatabaseError:
        _log.exception("the index of companies can't be written; marks are left")
        return 0


def _write_own() -> int:
    if not may_write():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_OWN)
        names = cursor.fetchall()
    words: set[str] = set()
    for start in range(0, len(names), _BATCH):
        words |= _index(names[start : start + _BATCH])
    add_words(words)
    return len(names)


def catch_up(most: int = _BATCH) -> int:
    """Write the entries of up to `most` marked names, whoever changed them, in a transaction of its own.

    Returns how many marks are done; 0: there are none, others work on them, or a rebuild is on. Safe to run twice at once.
    """
    with transaction.atomic():
        if not may_write():
            return 0
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM_ANY, [most])
            claimed = [name for (name,) in cursor.fetchall()]
            names = sorted(set(claimed))
            cursor.execute(_HOLD, [names])
            cursor.execute(_READ, [names])
            add_words(_index(cursor.fetchall()))
    return len(claimed)


def _index(names: Sequence[tuple[int, int | None, str]]) -> set[str]:
    """Write the entries of (name id, company id, text), and take away those that are no company's any more.

    Returns the names' words, for the vocabulary: added once a transaction, in their order.
    """
    gone = [name for name, company, _ in names if company is None]
    rows = [(name, company, row_of(text)) for name, company, text in names if company is not None]
    with connection.cursor() as cursor:
        if gone:
            cursor.execute(_FORGET, [gone])
        if rows:
            values = ", ".join(["(%s, %s, %s, %s::int[])"] * len(rows))
            cursor.execute(_WRITE.format(values=values), list(_flat(rows)))
    return {word for _, _, row in rows for word in row.words}


def _flat(rows: Iterable[tuple[int, int, Row]]) -> Iterable[Any]:
    for name, company, row in rows:
        yield from (name, company, row.core, list(row.keys))
