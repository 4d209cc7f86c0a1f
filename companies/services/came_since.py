"""What came in while two companies were one, and belongs to the one of them that stands for itself again."""

from __future__ import annotations

from collections.abc import Mapping

from companies.matching import CompanyQuery
from companies.meant import the_one_meant
from companies.merged import load_merged
from companies.models import Company


def that_mean(restored: Company, survivor: Company, asked: Mapping[int, CompanyQuery]) -> set[int]:
    """The keys of what would be found at `restored` if it came in now that each has its own names again. What fits neither stays
    with `survivor`."""
    if not asked:
        return set()
    both = Company.objects.with_active_names([restored.pk, survivor.pk])
    rows = load_merged(both.with_different_from().with_merged())
    found = {key: the_one_meant(query, rows) for key, query in asked.items()}
    return {key for key, company in found.items() if company is not None and company.pk == restored.pk}
