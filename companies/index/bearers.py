"""Which companies bear a name spelled in exactly one way: for resolving, where nothing is weighed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from companies.index.rows import row_of
from companies.index.state import check_ready

# Companies a key brings at most.
_MOST = 500

# One look into the index for each key: an overlap with hundreds of keys would be priced as reading the whole table.
_SQL = """
SELECT n.company_id, k.key FROM unnest(%(keys)s::int[]) AS k(key),
       LATERAL (SELECT company_id FROM companies_nameentry WHERE keys @> ARRAY[k.key] LIMIT %(most)s) AS n
"""
_UNINDEXED = """
SELECT n.company_id, n.text FROM companies_companyname n
 WHERE n.id IN (SELECT name_id FROM companies_unindexedname) AND n.withdrawn_at IS NULL
"""


def bearers_of(keys: Iterable[int]) -> list[tuple[int, int]]:
    """(company id, key) for every company that carries one of the keys, by id, each once.

    Raises IndexNotReady where the answer could be wrong.
    """
    wanted = sorted(set(keys))
    some_unindexed = check_ready()
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"keys": wanted, "most": _MOST})
        found = set(cursor.fetchall())
        if some_unindexed:
            cursor.execute(_UNINDEXED)
            found |= {
                (company, key)
                for company, text in cursor.fetchall()
                for key in row_of(text).keys
                if key in wanted
            }
    return sorted(found)
