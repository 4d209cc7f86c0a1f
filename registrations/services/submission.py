"""Submitting: the conflict check and the policy run under the locks, and the registration lands (R4)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from accounts.models import User
from companies.models import Company
from companies.services import find_or_create_company, lock_companies, lock_registry
from core.clock import Clock, database_clock
from core.errors import BadInput, StaleVersion
from policies.models import RegistrationPolicy
from policies.outcome import Landing, Outcome, decide
from policies.rulebook import rulebook_at
from policies.rules import required_fields
from registrations import conflicts, workflow
from registrations.enums import Action, Audience, Occasion, Status
from registrations.facts import facts_of, left_empty
from registrations.models import Conflict, Decision, Registration
from registrations.scope import keep_lines, lines_of
from registrations.services import notices, protection, receipts, routing, timeline
from registrations.services.clocks import review_due
from registrations.services.locks import lock_registration, lock_registrations
from registrations.services.policy_runs import keep_run
from registrations.services.transitions import Step, held_together, move

_LANDS = {
    Landing.APPROVED: Status.APPROVED,
    Landing.IN_REVIEW: Status.IN_REVIEW,
    Landing.WAITLISTED: Status.WAITLISTED,
    Landing.REFUSED: Status.REFUSED,
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


def missing(draft: Registration, *, at: datetime | None = None) -> dict[str, str]:
    """What a draft still needs before it can be submitted: field → words. Empty when it is complete. The policy in force
    says what that is (policies/rules/required_fields.py)."""
    policy = RegistrationPolicy.objects.in_force(at or database_clock())
    return required_fields.missing(left_empty(draft, bool(lines_of(draft))), policy)


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
        locked = lock_registration(draft.pk)
        workflow.check(by, Action.SUBMIT, locked)
        if version is not None and version != locked.version:
            raise StaleVersion("This draft was changed in another window. Look at it again, then submit.")
        keep_lines(locked, lines_of(locked))
        _refuse_gaps(missing(locked, at=clock()))
        if counts_from is None:
            query = conflicts.query_of(locked)
            company, how = find_or_create_company(query, by=by, clock=clock)
        else:
            company, how = counts_from.company.survivor(), "found"
        companies = lock_companies(held_together(company.pk))
        at = clock()
        locked.company = companies.get(company.pk, company)
        if counts_from is None:
            locked.rank, locked.submitted_at = next_rank(), at
        else:
            locked.rank, locked.submitted_at = counts_from.rank, counts_from.at
            told = {"text": counts_from.words}
            timeline.record(locked, "counts_from", actor=None, at=at, data=told)
        return _land(locked, by=by, at=at, is_new=how == "created")


def _refuse_gaps(gaps: dict[str, str]) -> None:
    """Raises BadInput for what is still needed."""
    if gaps:
        raise BadInput("Still needed: " + ", ".join(gaps.values()) + ".", field=next(iter(gaps)))


def _land(registration: Registration, *, by: User, at: datetime, is_new: bool) -> Registration:
    book = rulebook_at(at)
    policy = book.policy
    found = conflicts.check(
        conflicts.query_of(registration),
        at=at,
        about=registration.company,
        leave_out=registration.pk,
        partner=registration.partner_id,
        least=policy.review_score,
        is_new=is_new,
    )
    facts = facts_of(registration, at=at, found=found, submitting=True)
    outcome = decide(facts, book)
    if outcome.landing == Landing.SENT_BACK:  # another version came into force since the first look
        _refuse_gaps(required_fields.missing(facts.left_empty, policy))
    registration.policy = policy
    registration.review_reasons = [finding.rule for finding in outcome.findings]
    if outcome.landing == Landing.APPROVED:
        protection.renew(registration, policy, at=at)
    if outcome.landing == Landing.WAITLISTED:
        registration.waits_for = found.holder(facts, policy)
    if outcome.landing == Landing.IN_REVIEW:
        registration.reviewer = routing.reviewer_for(registration, at, routes=book.routes)
        registration.review_due_at = review_due(policy, at)
    step = Step({"rule": outcome.rule, "policy": policy.version}, _FIELDS)
    move(registration, Action.SUBMIT, _LANDS[outcome.landing], by=by, at=at, step=step)
    keep_run(registration, Occasion.SUBMISSION, facts=facts, outcome=outcome, policy=policy)
    _keep_evidence(registration, found.evidence(facts, policy), at)
    decision = None
    if outcome.landing != Landing.IN_REVIEW:
        decision = _receipt(registration, outcome, policy, at)
    notices.landed(registration, decision)
    return registration


def _receipt(
    registration: Registration, outcome: Outcome, policy: RegistrationPolicy, at: datetime
) -> Decision:
    return receipts.write(
        registration, Action.SUBMIT, before=Status.DRAFT, by=None, at=at, rule=outcome.rule, policy=policy
    )


def _keep_evidence(registration: Registration, rivals: list[Conflict], at: datetime) -> None:
    """Stores the conflicts, and notes the newcomer as an activity on each open rival, without a name (R9)."""
    for conflict in rivals:
        conflict.registration = registration
    Conflict.objects.bulk_create(rivals)
    scores = {conflict.rival_id: conflict.score for conflict in rivals if conflict.rival_id is not None}
    if not scores:
        return
    others = lock_registrations(list(scores)).values()
    events = []
    for rival in others:
        data = {"with": registration.code, "score": round(scores[rival.pk], 3)}
        events.append(timeline.Event(rival, "conflict_noted"))
        events.append(timeline.Event(rival, "conflict_found", Audience.VENDOR, data))
    timeline.record_all(events, actor=None, at=at)
    for rival in others:
        if rival.is_held and rival.partner_id != registration.partner_id:
            notices.conflict_noted(rival, registration)


def next_rank() -> int:
    """The place in time of submission: a sequence, read under the company's lock (reliability.md, rule 2)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registrations_rank')")
        rank: int = cursor.fetchone()[0]
    return rank
