"""Submitting: the conflict check and the policy run under the locks, and the registration lands (R4)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from accounts.models import User
from companies.models import Company
from companies.services import find_or_create_company, lock_companies, lock_registry
from core.clock import Clock, database_clock
from core.errors import BadInput, StaleVersion
from policies.models import RegistrationPolicy
from policies.outcome import Facts, Landing, Outcome, decide
from registrations import conflicts, workflow
from registrations.enums import Action, Audience, Status
from registrations.models import Conflict, Decision, Registration
from registrations.scope import scope_of
from registrations.services import notices, protection, receipts, routing, squatting, timeline
from registrations.services.clocks import review_due
from registrations.services.transitions import Step, held_together, move

_LANDS = {
    Landing.APPROVED: Status.APPROVED,
    Landing.IN_REVIEW: Status.IN_REVIEW,
    Landing.WAITLISTED: Status.WAITLISTED,
    Landing.REFUSED: Status.REFUSED,
}
_REQUIRED = {
    "company_name": "the company's legal name",
    "country": "the company's country",
    "value": "the value of the deal",
    "expected_close": "when you expect it to close",
}
_FIELDS = (
    *(
        "company",
        "rank",
        "submitted_at",
        "policy",
        "review_reasons",
        "review_due_at",
        "reviewer",
        "waits_for",
    ),
    *protection.FIELDS,
)


@dataclass(frozen=True)
class Precedence:
    """From when a submission counts, where that is earlier than now (a lead counts from the day it was given): the rank
    drawn at that time, the moment, the company it was drawn for, and the words for the timeline."""

    rank: int
    at: datetime
    company: Company
    words: str


def missing(draft: Registration) -> dict[str, str]:
    """What a draft still needs before it can be submitted: field → words. Empty when it is complete."""
    found = {name: words for name, words in _REQUIRED.items() if getattr(draft, name) in (None, "")}
    if not draft.lines.exists():
        found["lines"] = "at least one product line"
    return found


def submit(
    draft: Registration,
    *,
    by: User,
    version: int | None = None,
    counts_from: Precedence | None = None,
    clock: Clock = database_clock,
) -> Registration:
    """Submits a draft; returns it approved, in review, waitlisted or refused, with receipt, notices and conflicts.

    The registry lock makes submissions of one company in two spellings wait for each other, so that the check sees
    every registration that came first. `counts_from` gives it an earlier place in line than now. Raises BadInput for
    what is missing, WrongStatus, NotAllowed, StaleVersion.
    """
    with transaction.atomic():
        lock_registry()
        # Locked again after the company is known: only the draft's own row can change before that.
        locked = (
            Registration.objects.select_for_update(of=("self",))
            .select_related("partner", "currency")
            .get(pk=draft.pk)
        )
        workflow.check(by, Action.SUBMIT, locked)
        if version is not None and version != locked.version:
            raise StaleVersion("This draft was changed in another window. Look at it again, then submit.")
        gaps = missing(locked)
        if gaps:
            raise BadInput("Still needed: " + ", ".join(gaps.values()) + ".", field=next(iter(gaps)))
        if counts_from is None:
            query = conflicts.query_of(locked)
            company = find_or_create_company(query, by=by, clock=clock).company
        else:
            company = counts_from.company.survivor()
        lock_companies(held_together(company.pk))
        at = clock()
        locked.company = company
        if counts_from is None:
            locked.rank, locked.submitted_at = next_rank(), at
        else:
            locked.rank, locked.submitted_at = counts_from.rank, counts_from.at
            told = {"text": counts_from.words}
            timeline.record(locked, "counts_from", actor=None, at=at, data=told)
        return _land(locked, by=by, at=at)


def _land(registration: Registration, *, by: User, at: datetime) -> Registration:
    policy = RegistrationPolicy.objects.in_force(at)
    scope = scope_of(registration, policy)
    findings = conflicts.check(
        conflicts.query_of(registration),
        at=at,
        least=policy.review_score,
        scope=scope,
        about=registration.company,
        leave_out=registration.pk,
        partner=registration.partner_id,
    )
    holder = findings.holder_at(policy.same_score)
    # The line is kept per company, or family where the policy says so: a holder elsewhere is for a person to judge.
    if holder and holder.company_id not in scope.companies:
        holder = None
    outcome = decide(_facts(registration, findings, holder, policy, at), policy)
    registration.policy = policy
    registration.review_reasons = [finding.code for finding in outcome.findings]
    if outcome.landing == Landing.APPROVED:
        protection.renew(registration, policy, at=at)
    if outcome.landing == Landing.WAITLISTED:
        registration.waits_for = holder
    if outcome.landing == Landing.IN_REVIEW:
        registration.reviewer = routing.reviewer_for(registration.partner, at)
        registration.review_due_at = review_due(policy, at)
    step = Step({"rule": outcome.rule, "policy": policy.version}, _FIELDS)
    move(registration, Action.SUBMIT, _LANDS[outcome.landing], by=by, at=at, step=step)
    _keep_evidence(registration, findings, at)
    decision = None
    if outcome.landing != Landing.IN_REVIEW:
        decision = _receipt(registration, outcome, policy, at)
    notices.landed(registration, decision)
    return registration


def _facts(
    registration: Registration,
    findings: conflicts.Findings,
    holder: Registration | None,
    policy: RegistrationPolicy,
    at: datetime,
) -> Facts:
    return Facts(
        value_in_base=(registration.value or Decimal(0)) * registration.currency.rate_to_base,
        partner_status=registration.partner.status,
        tender=registration.tender,
        contact_stated=bool(registration.contact_made),
        best_score=findings.best_score,
        same_is_held=holder is not None,
        only_other_product_lines=findings.only_other_product_lines,
        crowd=findings.crowd,
        check_failed=findings.failed,
        at=at,
        tier=registration.partner.tier,
        open_registrations=squatting.open_beside(registration),
        let_expire_at=squatting.let_expire_at(registration),
    )


def _receipt(
    registration: Registration, outcome: Outcome, policy: RegistrationPolicy, at: datetime
) -> Decision:
    return receipts.write(
        registration, Action.SUBMIT, before=Status.DRAFT, by=None, at=at, rule=outcome.rule, policy=policy
    )


def _keep_evidence(registration: Registration, findings: conflicts.Findings, at: datetime) -> None:
    """Stores the conflicts, and notes the newcomer as an activity on each open rival, without a name (R9)."""
    for conflict in findings.conflicts:
        conflict.registration = registration
    Conflict.objects.bulk_create(findings.conflicts)
    for conflict in findings.conflicts:
        if conflict.rival is not None:
            rival = Registration.objects.select_for_update().get(pk=conflict.rival.pk)
            timeline.record(rival, "conflict_noted", actor=None, at=at)
            timeline.record(
                rival,
                "conflict_found",
                actor=None,
                at=at,
                audience=Audience.VENDOR,
                data={"with": registration.code, "score": round(conflict.score, 3)},
            )
            if rival.is_held and rival.partner_id != registration.partner_id:
                notices.conflict_noted(rival, registration)


def next_rank() -> int:
    """The place in time of submission: a sequence, read under the company's lock (reliability.md, rule 2)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registrations_rank')")
        rank: int = cursor.fetchone()[0]
    return rank
