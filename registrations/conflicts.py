"""The conflict check: which open registrations and named accounts may be of the same company (C1-C5).

It has two users: submission, which stores what is found, and the pre-check, which says only 'clear' or 'needs review'.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Value

from companies.matching import CompanyQuery
from companies.models import Company, NamedAccount
from companies.search import Candidate, SearchFailed, search
from registrations.enums import Status
from registrations.models import Conflict, Registration

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Findings:
    """What the check found. `conflicts` are unsaved rows; `best_score` is the highest of them, 0 without any."""

    conflicts: list[Conflict] = field(default_factory=list)
    crowd: bool = False
    failed: bool = False

    @property
    def best_score(self) -> float:
        return max((conflict.score for conflict in self.conflicts), default=0.0)

    @property
    def only_other_product_lines(self) -> bool:
        """All rivals work on other product lines."""
        return bool(self.conflicts) and not any(conflict.same_product_line for conflict in self.conflicts)

    def holder_at(self, score: float) -> Registration | None:
        """The holder of an overlapping scope among the rivals that score at least `score`."""
        for conflict in self.conflicts:
            rival = conflict.rival
            if (
                rival
                and rival.status == Status.APPROVED
                and conflict.same_product_line
                and conflict.score >= score
            ):
                return rival
        return None


def query_of(registration: Registration) -> CompanyQuery:
    """What the partner wrote about the company, as the search wants it."""
    return CompanyQuery(
        name=registration.company_name,
        domain=registration.website,
        country=str(registration.country or ""),
        city=registration.city,
        postcode=registration.postcode,
        phone=registration.contact_phone,
    )


def check(
    query: CompanyQuery,
    *,
    at: datetime,
    least: float,
    product_lines: Collection[int] = (),
    about: Company | None = None,
    leave_out: int | None = None,
) -> Findings:
    """All rivals whose company scores at least `least`. Never raises: a search that fails is told as failed (R4).

    `product_lines` are ids; `about` is the company that the registration stands for; `leave_out` its own id.
    """
    try:
        result = search(query, limit=10, about=about, on=at.date())
    except SearchFailed:
        log.exception("the conflict check failed")
        return Findings(failed=True)
    likely = [candidate for candidate in result.candidates if candidate.score >= least]
    if about is not None and about.pk not in {candidate.company.pk for candidate in likely}:
        claims = list(NamedAccount.objects.effective(at.date()).filter(company=about))
        likely.insert(0, Candidate(about, 1.0, "same", (), about.name, claims))
    rivals = _open_registrations(likely, leave_out)
    rows: list[Conflict] = []
    for candidate in likely:
        rows += [
            _against(candidate, rival, product_lines, at) for rival in rivals.get(candidate.company.pk, [])
        ]
        rows += [
            _row(candidate, at, named_account=account, same_product_line=True)
            for account in candidate.named_accounts
        ]
    rows.sort(key=lambda row: row.score, reverse=True)
    return Findings(rows, crowd=result.crowd)


def _open_registrations(candidates: list[Candidate], leave_out: int | None) -> dict[int, list[Registration]]:
    found: dict[int, list[Registration]] = {}
    rows = (
        Registration.objects.open()
        .filter(company__in=[candidate.company.pk for candidate in candidates] or [0])
        .exclude(pk=leave_out or 0)
        .select_related("partner")
        # One statement whatever is found: the number of queries must not tell a pre-check's answers apart.
        .annotate(product_lines=ArrayAgg("lines__product_line", default=Value([])))
        .order_by("rank")
    )
    for row in rows:
        found.setdefault(row.company_id or 0, []).append(row)
    return found


def _against(
    candidate: Candidate, rival: Registration, product_lines: Collection[int], at: datetime
) -> Conflict:
    theirs = set(rival.product_lines)  # type: ignore[attr-defined]
    shared = not product_lines or not theirs.isdisjoint(product_lines)
    return _row(candidate, at, rival=rival, same_product_line=shared)


def _row(candidate: Candidate, at: datetime, **rival: object) -> Conflict:
    return Conflict(
        company=candidate.company,
        matched_name=candidate.matched_name[:250],
        score=candidate.score,
        signals=[signal.as_json() for signal in candidate.signals],
        found_at=at,
        **rival,
    )
