"""Find the companies that a query may mean. A search that fails says so: it never answers 'nothing there'."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.db import transaction

from companies.evidence import CROWD, Candidate, SearchResult
from companies.index.lookup import Shortlist, look_up
from companies.index.ranking import ranked
from companies.index.state import IndexNotReady
from companies.matching import REVIEW, CompanyQuery
from companies.meant import facts_meant, the_one_meant
from companies.merged import load_merged
from companies.models import Company, NamedAccount
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
    look_past: bool = False,
    least: float = REVIEW,
) -> SearchResult:
    """The companies that the query may mean, best first: score at or above `least`, and branches by their names.

    `about` is the company that the query's registration stands for: what a person declared different from it is
    ruled out. Without it, the company that is exactly the query's stands in (companies/meant.py); where the query fits
    several that people have told apart, nobody is ruled out. `exclude` leaves company ids out. `on` is the day (UTC) on
    which named accounts must be in force, today by default.
    Four statements, and one more where others were merged into a candidate. Raises SearchFailed on any database error, after
    `timeout_ms` a statement, and while the index is being rebuilt. `look_past`: whoever bears the very name takes nothing from
    the others' scores, since each registration that spells a company in its own way has left a record of that name.
    """
    try:
        with transaction.atomic():
            # Two more than a crowd has at least, or than are wanted: so it is seen, whatever is wanted.
            most = max(CROWD, limit) + 2
            found = look_up(query, timeout_ms=timeout_ms, most=most, exclude=exclude, look_past=look_past)
            on = on or datetime.now(UTC).date()
            result = _judged(query, found, limit, about, on, look_past=look_past, least=least)
            # Nothing was written: rolling back gives the caller's transaction its own settings again.
            transaction.set_rollback(True)
            return result
    except IndexNotReady as error:
        raise SearchFailed(
            "The index of companies is being rebuilt. A person will look at this one."
        ) from error
    except Exception as error:  # whatever it was, the answer must not look like "no conflict"
        _log.exception("company search failed")
        raise SearchFailed("We could not finish checking this company. A person will look at it.") from error


def _judged(
    query: CompanyQuery,
    found: Shortlist,
    limit: int,
    about: Company | None,
    on: date,
    *,
    look_past: bool,
    least: float,
) -> SearchResult:
    rows = _rows(found.company_ids)
    scored = _scored(query, rows, found, look_past=look_past, least=least)
    accounts = _accounts([candidate.company.pk for candidate in scored], on)
    for candidate in scored:
        candidate.named_accounts.extend(accounts[candidate.company.pk])
    other: set[int] = set()
    if any(row.different_from for row in rows):
        stands_for = about or the_one_meant(query, [candidate.company for candidate in scored])
        other = {row.pk for row in rows if stands_for is not None and stands_for.pk in row.different_from}
    kept = [candidate for candidate in scored if candidate.company.pk not in other]
    ruled_out = [candidate for candidate in scored if candidate.company.pk in other]
    # A lower `least` adds to what is found: it pushes no likely one, a branch included, past the limit.
    likely_first = sorted(kept, key=lambda candidate: not candidate.is_likely)
    past = likely_first[limit:]
    return SearchResult(
        [candidate for candidate in kept if candidate not in past], past, found.crowd, ruled_out[:limit]
    )


def _rows(company_ids: list[int]) -> list[Company]:
    """The companies with their names, what was merged into each, and the ids of those declared different from it."""
    rows = Company.objects.standing().with_active_names(company_ids or [0])
    return load_merged(rows.with_different_from().with_merged())


def _scored(
    query: CompanyQuery, rows: list[Company], found: Shortlist, *, look_past: bool, least: float
) -> list[Candidate]:
    companies = {company.pk: company for company in rows}
    matches = ranked(
        query,
        [(pk, facts_meant(query, company)) for pk, company in companies.items()],
        known=found.known,
        total=found.total,
        look_past=look_past,
    )
    # The reasons are read here, where failing is told: what fails must not look like "no conflict".
    return [
        Candidate(companies[pk], match.score, match.tier, match.signals, match.matched_name)
        for pk, match in matches
        if match.score >= least or match.tier == "related"
    ]


def _accounts(company_ids: list[int], on: date) -> dict[int, list[NamedAccount]]:
    found: dict[int, list[NamedAccount]] = defaultdict(list)
    for account in NamedAccount.objects.effective(on).filter(company_id__in=company_ids or [0]):
        found[account.company_id].append(account)
    return found
