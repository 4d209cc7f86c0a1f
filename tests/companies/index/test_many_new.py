"""Companies that come in by thousands, before the database has counted any: each costs what the first one did."""

import json
from typing import Any

import pytest
from django.db import connection

from companies.index.upkeep import _CLAIM_OWN
from companies.matching import CompanyQuery
from companies.models import CompanyName
from companies.services import create_company

pytestmark = pytest.mark.django_db
MANY = 120


def looked_at(plan: dict[str, Any]) -> float:
    """How many rows the plan's scans have looked at, those that a filter took away included."""
    own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) if "Relation Name" in plan else 0
    return own * plan["Actual Loops"] + sum(map(looked_at, plan.get("Plans", [])))


def test_a_name_is_indexed_without_looking_at_all_the_others_again_and_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE companies_company, companies_companyname")  # while there are none
    for number in range(MANY):
        last = create_company(CompanyQuery(f"Nordwind {number} Logistik"), by=None)
    CompanyName.objects.filter(company=last).update(text="Nordwind Logistik")

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + _CLAIM_OWN)
        told = cursor.fetchone()[0]

    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    assert looked_at(plan) < 3 * MANY
