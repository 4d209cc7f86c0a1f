"""A company's parents and subsidiaries as ids, for those who ask what is held together with it (C6)."""

from __future__ import annotations

from django.db import connection

_DEEPEST = 20

_RELATIVES = """
WITH RECURSIVE above AS (
    SELECT c.id, c.parent_id, 0 AS step FROM companies_company c WHERE c.id = %(company)s
    UNION ALL
    SELECT c.id, c.parent_id, a.step + 1 FROM companies_company c JOIN above a ON c.id = a.parent_id
    WHERE a.step < %(deepest)s
), below AS (
    SELECT c.id, 0 AS step FROM companies_company c WHERE c.id = %(company)s
    UNION ALL
    SELECT c.id, b.step + 1 FROM companies_company c JOIN below b ON c.parent_id = b.id WHERE b.step < %(deepest)s
)
SELECT id FROM above UNION SELECT id FROM below ORDER BY id
"""


def relatives_of(company_id: int) -> list[int]:
    """The ids of the company, of all above it and of all below it, ascending. Its parent's other subsidiaries are not
    among them."""
    with connection.cursor() as cursor:
        cursor.execute(_RELATIVES, {"company": company_id, "deepest": _DEEPEST})
        return [row[0] for row in cursor.fetchall()]
