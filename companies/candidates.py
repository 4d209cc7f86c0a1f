"""Which companies are worth scoring: one statement that PostgreSQL answers from its indexes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from companies.matching import CompanyQuery, evident_domain, keys_of, normalise
from companies.matching.keys import ALWAYS, hashed

# A key that more names carry than this tells too little to be followed; the keys in ALWAYS are followed anyway.
CROWDED_KEY = 400
# Names scored at most, those first that share the rarest keys.
MOST_NAMES = 120
_TRIGRAM_LEAST = 0.42
_TRIGRAM_ROWS = 40

_SQL = """
WITH asked AS MATERIALIZED (
    SELECT key, always,
           (SELECT count(*) FROM companies_companyname n WHERE n.keys @> ARRAY[key]) AS carried
      FROM unnest(%(keys)s::int[], %(always)s::bool[]) AS k(key, always)
), followed AS MATERIALIZED (
    SELECT key, carried FROM asked WHERE carried > 0 AND (always OR carried <= %(crowded)s)
), by_key AS MATERIALIZED (
    SELECT n.id, n.company_id, n.keys FROM companies_companyname n
     WHERE n.keys && (SELECT coalesce(array_agg(key), '{}') FROM followed) AND n.withdrawn_at IS NULL
), ranked AS (
    SELECT b.company_id, sum(1.0 / f.carried) AS worth
      FROM by_key b JOIN followed f ON f.key = ANY (b.keys)
     GROUP BY b.id, b.company_id
), similar_text AS MATERIALIZED (
    -- Only where no name is spelled alike, and with no other condition: the planner is to take the trigram index.
    SELECT n.company_id, n.withdrawn_at, similarity(n.normalised, %(core)s) AS worth FROM companies_companyname n
     WHERE (SELECT NOT bool_or(always AND carried > 0) FROM asked) AND n.normalised %% %(core)s
), alike AS (
    SELECT company_id, worth FROM similar_text WHERE withdrawn_at IS NULL
     ORDER BY worth DESC, company_id LIMIT %(trigram_rows)s
), by_domain AS (
    SELECT c.id AS company_id, 10.0 AS worth FROM companies_company c
     WHERE %(domain)s <> '' AND c.domain = %(domain)s AND c.domain <> ''
     ORDER BY c.id LIMIT %(trigram_rows)s
), found AS (
    SELECT company_id, max(worth) AS worth FROM (
        SELECT * FROM ranked UNION ALL SELECT * FROM alike UNION ALL SELECT * FROM by_domain
    ) every GROUP BY company_id
), best AS (
    SELECT f.company_id FROM found f JOIN companies_company c ON c.id = f.company_id
     WHERE c.merged_into_id IS NULL AND NOT c.id = ANY (%(exclude)s::bigint[])
     ORDER BY f.worth DESC, f.company_id LIMIT %(most)s
)
SELECT (SELECT coalesce(array_agg(company_id), '{}') FROM best),
       (SELECT json_object_agg(key, carried) FROM asked),
       (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'companies_companyname'::regclass)
"""


@dataclass(frozen=True)
class Found:
    """Company ids worth scoring, and how many of about `total` names carry each word asked for."""

    company_ids: list[int]
    carried: dict[str, int]
    total: int

    def frequency(self, word: str) -> int | None:
        """How many names carry a word; None where the statement did not ask."""
        return self.carried.get(word)


def prepare_session(timeout_ms: int) -> None:
    """Settings for the search, to the end of the transaction or the rollback to its savepoint.

    The planner prices array overlap too high and then reads the whole table (200 ms for 1 ms): sequential
    scans are off. The trigram threshold belongs to the operator.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('enable_seqscan', 'off', true),"
            " set_config('jit', 'off', true), set_config('pg_trgm.similarity_threshold', %s, true)",
            [str(timeout_ms), str(_TRIGRAM_LEAST)],
        )


def find(query: CompanyQuery, *, exclude: list[int]) -> Found:
    """The companies worth scoring for a query. Merged companies don't come: the survivor carries their names."""
    labels = sorted(keys_of(query.name))
    domain = evident_domain(query.domain) or evident_domain(query.name)
    if domain:
        labels += sorted(keys_of(domain) - set(labels))
    parameters: dict[str, Any] = {
        "keys": [hashed(label) for label in labels],
        "always": [label.startswith(ALWAYS) for label in labels],
        "crowded": CROWDED_KEY,
        "core": normalise(query.name).core,
        "domain": domain,
        "trigram_rows": _TRIGRAM_ROWS,
        "exclude": exclude,
        "most": MOST_NAMES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, parameters)
        company_ids, carried, total = cursor.fetchone()
    counts = {int(key): count for key, count in (carried or {}).items()}
    words = {label[2:]: counts.get(hashed(label), 0) for label in labels if label.startswith("t:")}
    return Found(list(company_ids), words, total)
