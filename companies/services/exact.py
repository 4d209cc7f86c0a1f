"""Which existing company has exactly the name asked for: no score, no doubt."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence

from django.db import DatabaseError, transaction

from companies.index.bearers import bearers_of
from companies.index.state import IndexNotReady
from companies.matching import CompanyQuery, normalise
from companies.matching.entries import hashed
from companies.meant import the_one_meant
from companies.merged import load_merged
from companies.models import Company

_BATCH = 200

_log = logging.getLogger(__name__)


def find_exact(query: CompanyQuery) -> Company | None:
    """The company that is exactly the query's (companies/meant.py), None where there is none, or nobody can say which."""
    return find_exact_many([query])[0]


def find_exact_many(queries: Sequence[CompanyQuery]) -> list[Company | None]:
    """For each query the company as in `find_exact`; three statements and a savepoint for every 200 queries, and one more where
    others were merged into some of the companies.

    While the index is being rebuilt or can't be read only companies that go by the very text asked for are found: what
    comes in meanwhile is reviewed by a person anyway.
    """
    answers: list[Company | None] = []
    for start in range(0, len(queries), _BATCH):
        batch = queries[start : start + _BATCH]
        try:
            with transaction.atomic():
                bearers = _bearers({key for query in batch for key in joined_keys(query)})
        except (IndexNotReady, DatabaseError) as error:
            if isinstance(error, DatabaseError):
                _log.exception("the index of companies can't be read")
            bearers = _called_alike(batch)
        for query in batch:
            companies = {c.pk: c for key in joined_keys(query) for c in bearers.get(key, ())}
            answers.append(the_one_meant(query, companies.values()))
    return answers


def joined_keys(query: CompanyQuery) -> list[int]:
    """The keys that every name spelled like the query's carries."""
    return sorted(hashed(f"j:{joined}") for joined in normalise(query.name).written if joined)


def _bearers(keys: set[int]) -> dict[int, list[Company]]:
    carried = bearers_of(keys)
    standing = Company.objects.standing().with_active_names({company for company, _ in carried})
    companies = {company.pk: company for company in load_merged(standing.with_different_from().with_merged())}
    found: dict[int, list[Company]] = defaultdict(list)
    for company_id, key in carried:
        if company_id in companies:
            found[key].append(companies[company_id])
    return found


def _called_alike(queries: Sequence[CompanyQuery]) -> dict[int, list[Company]]:
    called = Company.objects.standing().filter(name__in=[query.name.strip() for query in queries])
    found: dict[int, list[Company]] = defaultdict(list)
    companies = Company.objects.with_active_names(called.values_list("pk", flat=True))
    for company in load_merged(companies.with_different_from().with_merged()):
        for key in joined_keys(CompanyQuery(company.name)):
            found[key].append(company)
    return found
