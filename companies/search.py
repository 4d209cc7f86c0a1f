"""Find the companies that a query may mean. A search that fails says so: it never answers 'nothing there'."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import F, OuterRef

from companies import candidates
from companies.evidence import Candidate, SearchResult
from companies.facts import facts_of, is_the_same_by_name
from companies.matching import REVIEW, CompanyQuery, score
from companies.models import Company, NamedAccount, Verdict
from core.errors import DomainError

TIMEOUT_MS = 800

_log = logging.getLogger(__name__)


class SearchFailed(DomainError):
    """The search could not be finished. The caller sends the case to a person: it is not 'no conflict'."""

    status = 503
    title = "The check could not be finished"


def search(
    query: CompanyQuery,
    *,
    limit: int = 10,
    exclude: Iterable[int] = (),
    about: Company | None = None,
    timeout_ms: int = TIMEOUT_MS,
    on: date | None = None,
) -> SearchResult:
    """The companies that the query may mean, best first, score at or above REVIEW.

    `about` is the company that the query's registration stands for: what a person declared different from it is
    ruled out. Without it, the company whose name and facts are exactly the query's stands in. `exclude` leaves
    company ids out. `on` is the day (UTC) on which named accounts must be in force, today by default.
    Always four statements. Raises SearchFailed on any database error and after `timeout_ms` a statement.
    """
    try:
        with transaction.atomic():
            candidates.prepare_session(timeout_ms)
            result = _search(query, limit, sorted(set(exclude)), about, on or datetime.now(UTC).date())
            # Nothing was written: rolling back gives the caller's transaction its own settings again.
            transaction.set_rollback(True)
            return result
    except Exception as error:  # whatever it was, the answer must not look like "no conflict"
        _log.exception("company search failed")
        raise SearchFailed("We could not finish checking this company. A person will look at it.") from error


def _search(
    query: CompanyQuery, limit: int, exclude: list[int], about: Company | None, on: date
) -> SearchResult:
    found = candidates.find(query, exclude=exclude)
    rows = _rows(found.company_ids)
    scored = _scored(query, rows, found)
    accounts = _accounts([candidate.company.pk for candidate in scored], on)
    for candidate in scored:
        candidate.named_accounts.extend(accounts[candidate.company.pk])
    stands_for = about or _exactly(query, scored)
    other = {row.pk for row in rows if stands_for is not None and stands_for.pk in row.different_from}
    kept = [candidate for candidate in scored if candidate.company.pk not in other]
    ruled_out = [candidate for candidate in scored if candidate.company.pk in other]
    return SearchResult(kept[:limit], crowd=len(kept) > limit, ruled_out=ruled_out[:limit])


def _rows(company_ids: list[int]) -> list[Company]:
    """The companies with their names and the ids of those that a person declared different from each."""
    declared = Verdict.objects.active().different().about(OuterRef("pk"))
    others = declared.values(other=F("low_id") + F("high_id") - OuterRef("pk"))
    return list(
        Company.objects.with_active_names(company_ids or [0]).annotate(different_from=ArraySubquery(others))
    )


def _scored(query: CompanyQuery, rows: list[Company], found: candidates.Found) -> list[Candidate]:
    scored: list[Candidate] = []
    for company in rows:
        facts = facts_of(company)
        match = score(query, facts, frequencies=found.frequency, total=found.total, least=REVIEW)
        if match.score >= REVIEW:
            scored.append(Candidate(company, match.score, match.tier, match.signals, match.matched_name))
    return sorted(scored, key=lambda candidate: (-candidate.score, candidate.company.pk))


def _exactly(query: CompanyQuery, scored: list[Candidate]) -> Company | None:
    return next((c.company for c in scored if is_the_same_by_name(query, c.company)), None)


def _accounts(company_ids: list[int], on: date) -> dict[int, list[NamedAccount]]:
    found: dict[int, list[NamedAccount]] = defaultdict(list)
    for account in NamedAccount.objects.effective(on).filter(company_id__in=company_ids or [0]):
        found[account.company_id].append(account)
    return found
