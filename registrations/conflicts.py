"""The conflict check: which open registrations, named accounts and claims (leads given out) may be of the same company
(C1-C5).

It has two users: submission, which stores what is found, and the pre-check, which says only 'clear' or 'needs review'.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Value

from companies.matching import CompanyQuery, Signal
from companies.models import Company, NamedAccount
from companies.search import Candidate, SearchFailed, search
from registrations.claims import Claim, claims_on
from registrations.enums import KEEPS_OTHERS_OUT
from registrations.models import Conflict, Registration
from registrations.scope import Scope

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
                and rival.status in KEEPS_OTHERS_OUT
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
    scope: Scope | None = None,
    about: Company | None = None,
    leave_out: int | None = None,
    partner: int | None = None,
) -> Findings:
    """All rivals whose company scores at least `least`. Never raises: a search that fails is told as failed (R4).

    `scope` is what the registration would hold: rivals outside it are told apart, and where it has more than one company
    those at parents and subsidiaries count, too. `about` is the company that the registration stands for; `leave_out`
    its own id; `partner` the id of the firm that asks, whose own claims are no rivals.
    """
    try:
        result = search(query, limit=10, about=about, on=at.date())
    except SearchFailed:
        log.exception("the conflict check failed")
        return Findings(failed=True)
    likely = [_for_a_look(candidate, least) for candidate in result.candidates]
    likely = [candidate for candidate in likely if candidate.score >= least]
    if about is not None and about.pk not in {candidate.company.pk for candidate in likely}:
        claims = list(NamedAccount.objects.effective(at.date()).filter(company=about))
        likely.insert(0, Candidate(about, 1.0, "same", (), about.name, claims))
    likely = _with_relatives(scope, likely, about)
    rivals = _open_registrations(likely, leave_out)
    claimed = claims_on([candidate.company.pk for candidate in likely] or [0], but_of=partner)
    rows: list[Conflict] = []
    for candidate in likely:
        rows += [_against(candidate, rival, scope, at) for rival in rivals.get(candidate.company.pk, [])]
        rows += [
            _row(candidate, at, named_account=account, same_product_line=True)
            for account in candidate.named_accounts
        ]
        rows += [_claimed(candidate, claim, scope, at) for claim in claimed.get(candidate.company.pk, [])]
    rows.sort(key=lambda row: row.score, reverse=True)
    return Findings(rows, crowd=result.crowd)


def _for_a_look(candidate: Candidate, least: float) -> Candidate:
    """A branch by its name ('Siemens India') counts as just likely enough: whether it collides is for a person to say."""
    if candidate.tier != "related" or candidate.score >= least:
        return candidate
    return replace(candidate, score=least)


def _with_relatives(scope: Scope | None, found: list[Candidate], about: Company | None) -> list[Candidate]:
    """The candidates, and those parents and subsidiaries that the policy counts as one with the company."""
    relatives = set(scope.companies) - {about.pk if about else 0} if scope is not None else set()
    if not relatives:
        return found
    known = {candidate.company.pk: candidate for candidate in found}
    signal = Signal("family", "It is a parent or a subsidiary, and the policy holds them together", 1.0)
    together = []
    for company in Company.objects.filter(pk__in=relatives).order_by("pk"):
        seen = known.get(company.pk) or Candidate(company, 1.0, "same", (), company.name)
        together.append(replace(seen, score=1.0, signals=(signal, *seen.signals)))
    return [candidate for candidate in found if candidate.company.pk not in relatives] + together


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


def _against(candidate: Candidate, rival: Registration, scope: Scope | None, at: datetime) -> Conflict:
    theirs: list[int] = rival.product_lines  # type: ignore[attr-defined]
    shared = scope is None or scope.meets(theirs, rival.territory_id, rival.industry_id)
    return _row(candidate, at, rival=rival, same_product_line=shared)


def _claimed(candidate: Candidate, claim: Claim, scope: Scope | None, at: datetime) -> Conflict:
    shared = scope is None or scope.meets(claim.product_lines, claim.territory, claim.industry)
    return _row(candidate, at, claim_code=claim.code, claim=claim.as_json(), same_product_line=shared)


def _row(candidate: Candidate, at: datetime, **rival: object) -> Conflict:
    return Conflict(
        company=candidate.company,
        matched_name=candidate.matched_name[:250],
        score=candidate.score,
        signals=[signal.as_json() for signal in candidate.signals],
        found_at=at,
        **rival,
    )
