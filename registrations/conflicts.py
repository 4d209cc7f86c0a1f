"""The conflict check: which open registrations, named accounts and claims (leads given out) may be of the same company
(C1-C5).

It finds and does not judge: how likely a rival has to be, what narrows the scope and whether families count as one is
for the policy (policies/overlap.py), so that any version of it can be applied to what was found; companies are looked at
from a likelihood on that lies below what versions ask for (policies/facts.py). It has two users:
submission, which stores the rivals as evidence, and the pre-check, which says only 'clear' or 'needs review'.
"""

import logging
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q, Value

from companies.evidence import CROWD
from companies.matching import REVIEW, CompanyQuery, Signal
from companies.models import Company, NamedAccount
from companies.relatives import families_of_each, relatives_of
from companies.search import Candidate, SearchFailed, search
from policies import overlap
from policies.facts import GATHERED_FROM, Facts, Rival
from policies.models import RegistrationPolicy
from registrations.claims import Claim, claims_on
from registrations.enums import KEEPS_OTHERS_OUT
from registrations.models import Conflict, Holding, Registration

log = logging.getLogger(__name__)
_FAMILY = Signal("family", "It is a parent or a subsidiary, and the policy holds them together", 1.0)
_SISTER = Signal("family", "It is of the same family, and the policy holds them together", 1.0)
_BRANCH = "It may be a branch, since one name adds only a place to the other"


@dataclass(frozen=True)
class Found:
    """One rival: as the rules see it, and the unsaved row that would keep it as evidence."""

    rival: Rival
    row: Conflict
    kept: bool = True  # as evidence; else it stands at another company, and nobody has to compare the two

    def is_likely(self, policy: RegistrationPolicy) -> bool:
        """Whether its name alone has put it there."""
        return self.rival.branch or self.rival.score >= min(policy.review_score, REVIEW)


@dataclass(frozen=True)
class Findings:
    """What the check found, the likeliest rival first."""

    found: tuple[Found, ...] = ()
    crowd: bool = False
    next_like: float = 0.0  # of the companies past the twentieth, how likely the likeliest is
    gathered_from: float = 0.0
    failed: bool = False
    companies: dict[int, float] = field(default_factory=dict)  # those that may be meant, with their scores
    family: frozenset[int] = frozenset()  # of those, the parents and subsidiaries of the one that is meant

    @property
    def rivals(self) -> tuple[Rival, ...]:
        """The rivals as the rules see them."""
        return tuple(one.rival for one in self.found)

    def evidence(self, facts: Facts, policy: RegistrationPolicy) -> list[Conflict]:
        """The rivals that the policy has looked at, as unsaved rows with what it says of each, the likeliest first. One that
        stands at two companies is there once, with the likelier."""
        kept: list[Conflict] = []
        seen: set[int] = set()
        for one in sorted(self.found, key=lambda one: overlap.score(one.rival, policy), reverse=True):
            if not one.kept or not overlap.counts(one.rival, policy) or one.row.rival_id in seen:
                continue
            if one.row.rival_id is not None:
                seen.add(one.row.rival_id)
            one.row.score = overlap.score(one.rival, policy)
            one.row.same_product_line = overlap.overlaps(facts, one.rival, policy)
            if not one.is_likely(policy):  # it is there for other reasons than its name
                one.row.matched_name, one.row.signals = one.row.company.name[:250], []
            if one.rival.family and policy.scope_family:
                told = _FAMILY if one.row.company_id in self.family else _SISTER
                one.row.signals = [told.as_json(), *one.row.signals]
            if overlap.is_lifted(one.rival, policy):  # what is counted up is told, too
                counted = _log_odds(one.row.score) - _log_odds(one.rival.score)
                one.row.signals = [*one.row.signals, Signal("branch", _BRANCH, counted).as_json()]
            kept.append(one.row)
        return kept

    def holder(self, facts: Facts, policy: RegistrationPolicy) -> Registration | None:
        """The likeliest rival that surely holds what the deal wants: it would wait behind that one."""
        for one in self.found:
            if overlap.keeps_out(facts, one.rival, policy):
                return one.row.rival
        return None

    def with_holders(
        self, holders: Iterable[Registration], facts: Facts, policy: RegistrationPolicy
    ) -> "Findings":
        """The same, and those `holders` of what the deal wants that the check took for no obstacle under `policy`: what they
        took under an older version, with another parent or with other countries is wider than what they registered."""
        found = list(self.found)
        for holder in holders:
            own = [one for one in found if one.row.rival_id == holder.pk]
            counted = [one for one in own if overlap.counts(one.rival, policy)]
            if any(overlap.overlaps(facts, one.rival, policy) for one in counted):
                continue
            wide = Rival(score=1.0, holds=holder.status in KEEPS_OTHERS_OUT, same_company=True)
            row = counted[0].row if counted else Conflict(company=holder.company, rival=holder)
            found = [one for one in found if one not in own]
            found.insert(0, Found(wide, row, kept=bool(counted)))
        return replace(self, found=tuple(found))

    def surely(self, score: float) -> list[int]:
        """The ids of the companies that are at least this likely the one asked about."""
        return sorted(company for company, likely in self.companies.items() if likely >= score)


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


def check_deal(registration: Registration, *, at: datetime, least: float, is_new: bool = False) -> Findings:
    """`check` of a registration whose company is known, by what its partner wrote."""
    return check(
        query_of(registration),
        at=at,
        about=registration.company,
        leave_out=registration.pk,
        partner=registration.partner_id,
        least=least,
        is_new=is_new,
    )


def check(
    query: CompanyQuery,
    *,
    at: datetime,
    about: Company | None = None,
    leave_out: int | None = None,
    partner: int | None = None,
    family_from: float | None = None,
    least: float = GATHERED_FROM,
    is_new: bool = False,
) -> Findings:
    """All rivals that are at least GATHERED_FROM likely, or `least` where that is less: what a version asks for below it.
    Never raises: a search that fails is told as failed (R4).

    `about` is the company that the registration stands for: its rivals and those at its parents and subsidiaries are
    found whatever their names, and those at its parents' other subsidiaries that want what they would have in common. Where
    nobody knows yet which company it is, the likeliest stands for it in this if it is at least `family_from` likely; as many
    queries whatever is found. `is_new`: `about` is the record that this very name has just left, so it is looked past as
    if it were not there. `leave_out` is the registration's own id; `partner` the id of the firm that asks, whose own
    claims are no rivals.
    """
    try:
        least = min(least, GATHERED_FROM)
        own = [about.pk] if about is not None and is_new else []
        result = search(
            query, limit=CROWD, about=about, on=at.date(), look_past=True, least=least, exclude=own
        )
    except SearchFailed:
        log.exception("the conflict check failed")
        return Findings(failed=True)
    candidates = list(result.candidates)
    family, sisters = set[int](), set[int]()
    if about is not None:
        family, sisters = _family_of(about.pk)
        candidates = _with_the_company(candidates, about, family | sisters, at)
    elif family_from is not None:
        likely = [one for one in candidates if one.score >= family_from]
        meant = max(likely, key=lambda one: one.score).company.pk if likely else 0
        family, sisters = _family_of(meant)
        candidates = _with_the_family(candidates, family | sisters)
    ids = [candidate.company.pk for candidate in candidates]
    registrations = _open_registrations(ids, leave_out, about.pk if about is not None else 0)
    claimed = claims_on(ids or [0], but_of=partner)
    found = []
    for candidate in candidates:
        pk = candidate.company.pk
        place = _Place(candidate, about, pk in family, pk in sisters, at)
        found += [place.registration(row) for row in registrations.get(candidate.company.pk, [])]
        found += [place.named_account(account) for account in candidate.named_accounts]
        found += [place.claim(claim) for claim in claimed.get(candidate.company.pk, [])]
    found.sort(key=lambda one: one.rival.score, reverse=True)
    companies = {candidate.company.pk: candidate.score for candidate in candidates}
    return Findings(
        tuple(found),
        crowd=result.common or any(one.is_likely for one in result.past),
        next_like=max((one.score for one in result.past), default=0.0),
        gathered_from=least,
        companies=companies,
        family=frozenset(family),
    )


def _log_odds(score: float) -> float:
    """What the reasons for a score add up to; of certainty what is nearly certain."""
    kept = min(0.999999, max(0.000001, score))
    return math.log(kept / (1 - kept))


def _family_of(company: int) -> tuple[set[int], set[int]]:
    """The ids of its parents and subsidiaries, and of the others that have one of these in common with it."""
    family = set(relatives_of(company)) - {company}
    return family, set(families_of_each([company])[company]) - family - {company}


def _with_the_company(
    found: list[Candidate], about: Company, family: set[int], at: datetime
) -> list[Candidate]:
    """The candidates, the company itself and its relatives: where the search missed those, with what stands at them."""
    known = {candidate.company.pk for candidate in found}
    if about.pk not in known:
        accounts = list(NamedAccount.objects.effective(at.date()).filter(company=about))
        found = [Candidate(about, 1.0, "same", (), about.name, accounts), *found]
    return _with_the_family(found, family)


def _with_the_family(found: list[Candidate], family: set[int]) -> list[Candidate]:
    """The candidates, and those of the family that the search missed."""
    known = {candidate.company.pk for candidate in found}
    missed = Company.objects.filter(pk__in=family - known or [0]).order_by("pk")
    return found + [Candidate(company, 0.0, "other", (), company.name) for company in missed]


def _open_registrations(
    companies: list[int], leave_out: int | None, about: int
) -> dict[int, list[Registration]]:
    """By company: those that stand there, and those that hold it from another company, as its parent or subsidiary of today
    or of once. At `about` itself who holds what is asked of the holdings (services/submission.py)."""
    held = defaultdict(set)
    elsewhere = Holding.objects.filter(company__in=companies or [0], ended_at=None)
    elsewhere = elsewhere.exclude(Q(registration__company=F("company")) | Q(company=about))
    for company, registration in elsewhere.values_list("company", "registration"):
        held[registration].add(company)
    found: dict[int, list[Registration]] = {}
    rows = (
        Registration.objects.open()
        .filter(Q(company__in=companies or [0]) | Q(pk__in=[*held] or [0]))
        .exclude(pk=leave_out or 0)
        .select_related("partner")
        # One statement whatever is found: the number of queries must not tell a pre-check's answers apart.
        .annotate(product_lines=ArrayAgg("lines__product_line", default=Value([])))
        .order_by("rank")
    )
    for row in rows:
        for company in sorted({row.company_id or 0, *held[row.pk]}):
            found.setdefault(company, []).append(row)
    return found


@dataclass(frozen=True)
class _Place:
    """A company that may be meant, and what stands there as rivals."""

    candidate: Candidate
    about: Company | None
    family: bool
    sister: bool
    at: datetime

    def registration(self, row: Registration) -> Found:
        # Who holds a sister keeps nobody out by that: who holds what both have in common is found there.
        holds = row.status in KEEPS_OTHERS_OUT
        lines = sorted(line for line in row.product_lines if line)  # type: ignore[attr-defined]
        seen = self._seen(
            holds=holds,
            product_lines=tuple(lines),
            territory=row.territory_id,
            industry=row.industry_id,
            family=self.family or (self.sister and not holds),
        )
        return Found(seen, self._row(rival=row))

    def named_account(self, account: NamedAccount) -> Found:
        # Relatives are asked for what is registered and claimed there; who named them counts where the name leads there.
        family = self.family and self.candidate.is_likely
        return Found(self._seen(kind="named_account", family=family), self._row(named_account=account))

    def claim(self, claim: Claim) -> Found:
        seen = self._seen(
            kind="claim",
            product_lines=tuple(sorted(claim.product_lines)),
            territory=claim.territory,
            industry=claim.industry,
            family=self.family or self.sister,
        )
        return Found(seen, self._row(claim_code=claim.code, claim=claim.as_json()))

    def _seen(self, **rival: Any) -> Rival:
        return Rival(
            score=self.candidate.score,
            branch=self.candidate.tier == "related",
            same_company=self.about is not None and self.candidate.company.pk == self.about.pk,
            **{"family": self.family, **rival},
        )

    def _row(self, **rival: Any) -> Conflict:
        return Conflict(
            company=self.candidate.company,
            matched_name=self.candidate.matched_name[:250],
            score=self.candidate.score,
            signals=[signal.as_json() for signal in self.candidate.signals],
            found_at=self.at,
            **rival,
        )
