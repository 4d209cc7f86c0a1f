"""A company's parents and subsidiaries as ids, for those who ask what is held together with it (C6), and those that were merged
into it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from companies.models import Company

_DEEPEST = 20

_ABOVE = """
WITH RECURSIVE above AS (
    SELECT c.id AS of, c.id, c.parent_id, 0 AS step FROM companies_company c WHERE c.id = ANY(%(companies)s)
    UNION ALL
    SELECT a.of, c.id, c.parent_id, a.step + 1 FROM companies_company c JOIN above a ON c.id = a.parent_id
    WHERE a.step < %(deepest)s
)"""
_RELATIVES = f"""{_ABOVE}, below AS (
    SELECT c.id AS of, c.id, 0 AS step FROM companies_company c WHERE c.id = ANY(%(companies)s)
    UNION ALL
    SELECT b.of, c.id, b.step + 1 FROM companies_company c JOIN below b ON c.parent_id = b.id WHERE b.step < %(deepest)s
)
SELECT of, id FROM above UNION SELECT of, id FROM below ORDER BY of, id
"""
_FAMILIES = f"""{_ABOVE}, whole AS (
    SELECT a.of, a.id, 0 AS step FROM above a
    WHERE a.step = (SELECT max(b.step) FROM above b WHERE b.of = a.of)
    UNION ALL
    SELECT w.of, c.id, w.step + 1 FROM companies_company c JOIN whole w ON c.parent_id = w.id
    WHERE w.step < 2 * %(deepest)s
)
SELECT DISTINCT of, id FROM whole ORDER BY of, id
"""


def relatives_of(company_id: int) -> list[int]:
    """The ids of the company, of all above it and of all below it, ascending. Its parent's other subsidiaries are not
    among them."""
    return relatives_of_each([company_id])[company_id]


def relatives_of_each(company_ids: Collection[int]) -> dict[int, list[int]]:
    """The same of several, in one query."""
    return _read(_RELATIVES, company_ids)


def families_of_each(company_ids: Collection[int]) -> dict[int, list[int]]:
    """Of each company the ids of its whole family, itself and its parents' other subsidiaries among them, ascending: those that
    have a relative in common with it. One query."""
    return _read(_FAMILIES, company_ids)


def _read(query: str, company_ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {company: [] for company in company_ids}
    with connection.cursor() as cursor:
        cursor.execute(query, {"companies": list(found), "deepest": _DEEPEST})
        for company, relative in cursor.fetchall():
            found[company].append(relative)
    return found


def merged_down(company_ids: Collection[int]) -> dict[int, list[int]]:
    """Of each company its own id and those of all that were merged into it, and into those before, ascending. A query for
    each step."""
    stands_for = {company: company for company in company_ids}
    step = set(company_ids)
    while step:
        gone = Company.objects.filter(merged_into__in=step).exclude(pk__in=stands_for)
        into = gone.values_list("pk", "merged_into")
        step = {company for company, _ in into}
        stands_for |= {company: stands_for[survivor] for company, survivor in into if survivor is not None}
    found: dict[int, list[int]] = {company: [] for company in company_ids}
    for company in sorted(stands_for):
        found[stands_for[company]].append(company)
    return found
