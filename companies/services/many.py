"""Finding or creating the companies of a whole file in a few statements, as `find_or_create_company` does for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from companies.index.upkeep import keep_in_step
from companies.matching import CompanyQuery
from companies.meant import the_one_meant
from companies.models import Company, CompanyName
from companies.services.exact import find_exact_many, joined_keys
from companies.services.registry import company_from, names_from

_BATCH = 500


def plan_companies(queries: Sequence[CompanyQuery]) -> list[Company]:
    """For each query its company: one that is there, or an unsaved one, the same object for queries that mean the same.

    To be held to until they are saved, it needs the registry lock.
    """
    fresh: dict[int, list[Company]] = defaultdict(list)
    return [
        company or _among_fresh(query, fresh)
        for query, company in zip(queries, find_exact_many(queries), strict=True)
    ]


def save_companies(
    companies: Sequence[Company],
    queries: Sequence[CompanyQuery],
    *,
    by: User | None,
    moment: datetime,
    source: str,
) -> None:
    """Saves the unsaved among `companies`, with their names; both as in `plan_companies`, under the same lock."""
    fresh: dict[int, tuple[Company, CompanyQuery]] = {}
    for query, company in zip(queries, companies, strict=True):
        if company.pk is None:
            fresh.setdefault(id(company), (company, query))
    Company.objects.bulk_create([company for company, _ in fresh.values()], batch_size=_BATCH)
    names = [
        name
        for company, query in fresh.values()
        for name in names_from(company, query, by=by, moment=moment, source=source)
    ]
    CompanyName.objects.bulk_create(names, batch_size=_BATCH)
    keep_in_step()


def _among_fresh(query: CompanyQuery, fresh: dict[int, list[Company]]) -> Company:
    keys = joined_keys(query)
    company = the_one_meant(query, [c for key in keys for c in fresh[key]])
    if company is None:
        company = company_from(query)
        company.active_names, company.different_from = [company.name], []
        for key in keys:
            fresh[key].append(company)
    return company
