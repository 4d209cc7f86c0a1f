"""Submitting: the conflict check and the policy run under the locks, and the registration lands (R4)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from accounts.models import User
from companies.models import Company
from companies.services import find_or_create_company, lock_companies, lock_registry
from core.clock import Clock, database_clock
from core.errors import BadInput, ScopeTaken, StaleVersion
from policies.facts import Facts
from policies.models import RegistrationPolicy
from policies.outcome import Landing, Outcome, decide
from policies.rulebook import Rulebook, rulebook_at
from policies.rules import required_fields
from policies.sources import sources_of
from registrations import claims, conflicts, workflow
from registrations.claims import OwnClaim, Precedence
from registrations.enums import Action, Occasion, Status
from registrations.facts import facts_of, left_empty
from registrations.models import Conflict, Registration
from registrations.scope import keep_lines, lines_of
from registrations.services import holdings, notices, noting, protection, receipts, routing, timeline
from registrations.services.clocks import review_due
from registrations.services.locks import lock_registration
from registrations.services.policy_runs import keep_run
from registrations.services.transitions import Step, held_together, move

log = logging.getLogger(__name__)

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
    every registration that came first. `counts_from` gives it an earlier place in line than now; so do the leads that
    the firm has there, which this becomes, unless the policy refuses it. Raises BadInput for what is missing, WrongStatus,
    NotAllowed, StaleVersion.
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
        own = claims.own_claims(locked, locked.company, by=by, at=at) if counts_from is None else []
        if own:
            taken_up = _take_up(draft.pk, own, locked.company, by=by, at=at)
            if taken_up is not None:
                return taken_up
        return _enter(locked, counts_from, by=by, at=at, is_new=how == "created")


class _Refused(Exception):
    """The policy would refuse what should take up claims."""


def _take_up(
    pk: int, own: Sequence[OwnClaim], company: Company, *, by: User, at: datetime
) -> Registration | None:
    """The registration that claims of its own firm become; None where the policy would refuse it: then they stay."""
    try:
        with transaction.atomic():
            locked = lock_registration(pk)
            locked.company = company
            landed = _enter(locked, claims.earliest(own), by=by, at=at, is_new=False)
            if landed.status == Status.REFUSED:
                raise _Refused
            for claim in own:
                claim.take_up(landed)
            return landed
    except _Refused:
        return None


def _enter(
    locked: Registration, counts_from: Precedence | None, *, by: User, at: datetime, is_new: bool
) -> Registration:
    """Gives it its place in time, and lands it."""
    if counts_from is None:
        locked.rank, locked.submitted_at = next_rank(), at
    else:
        locked.rank, locked.submitted_at = counts_from.rank, counts_from.at
        told = {"text": counts_from.words}
        timeline.record(locked, "counts_from", actor=None, at=at, data=told)
    return _land(locked, by=by, at=at, is_new=is_new)


def _refuse_gaps(gaps: dict[str, str]) -> None:
    """Raises BadInput for what is still needed."""
    if gaps:
        raise BadInput("Still needed: " + ", ".join(gaps.values()) + ".", field=next(iter(gaps)))


@dataclass(frozen=True)
class _Look:
    """What was found and known when it was submitted, and what everything that binds says about it."""

    found: conflicts.Findings
    facts: Facts
    outcome: Outcome


def _land(registration: Registration, *, by: User, at: datetime, is_new: bool) -> Registration:
    """Looks, and does what follows. A holder that the database knows and the look has missed is a check that failed, for a
    person to look at (R4): nothing that was submitted ends in an error."""
    book = rulebook_at(at)
    registration.policy = book.policy
    look = _look(registration, book, at, is_new=is_new)
    before = {name: getattr(registration, name) for name in protection.FIELDS}
    try:
        with transaction.atomic():
            return _settle(registration, look, book, by=by, at=at)
    except ScopeTaken:
        log.exception("the conflict check missed who holds what %s wants", registration.code)
    for name, value in before.items():
        setattr(registration, name, value)
    facts = replace(look.facts, check_failed=True)
    return _settle(registration, _Look(look.found, facts, decide(facts, book)), book, by=by, at=at)


def _look(registration: Registration, book: Rulebook, at: datetime, *, is_new: bool) -> _Look:
    """The conflict check, and beside it whoever holds what the deal wants."""
    policy = book.policy
    found = conflicts.check_deal(registration, at=at, least=policy.review_score, is_new=is_new)
    facts = facts_of(registration, at=at, found=found, submitting=True)
    held = {holding.registration_id for holding in holdings.held_by_others(registration)}
    holders = Registration.objects.filter(pk__in=held).select_related("company").order_by("rank")
    found = found.with_holders(holders, facts, policy)
    facts = replace(facts, rivals=found.rivals)
    outcome = decide(facts, book)
    if outcome.landing == Landing.SENT_BACK:  # another version came into force since the first look
        _refuse_gaps(required_fields.missing(facts.left_empty, policy))
    return _Look(found, facts, outcome)


def _settle(
    registration: Registration, look: _Look, book: Rulebook, *, by: User, at: datetime
) -> Registration:
    """Writes where it lands, and what goes with it. Raises ScopeTaken."""
    found, facts, outcome, policy = look.found, look.facts, look.outcome, book.policy
    registration.review_reasons = [finding.rule for finding in outcome.findings]
    if outcome.landing == Landing.APPROVED:
        protection.renew(registration, policy, at=at)
    if outcome.landing == Landing.WAITLISTED:
        registration.waits_for = found.holder(facts, policy)
    if outcome.landing == Landing.IN_REVIEW:
        registration.reviewer = routing.reviewer_for(registration, at, routes=book.routes)
        registration.review_due_at = review_due(policy, at)
    records = sources_of(outcome, book)
    step = Step({"rule": outcome.rule, "policy": policy.version, "records": records}, _FIELDS)
    move(registration, Action.SUBMIT, _LANDS[outcome.landing], by=by, at=at, step=step)
    keep_run(registration, Occasion.SUBMISSION, facts=facts, outcome=outcome, policy=policy, records=records)
    _keep_evidence(registration, found.evidence(facts, policy), at)
    decision = None
    if outcome.landing != Landing.IN_REVIEW:
        decision = receipts.write(
            registration,
            Action.SUBMIT,
            before=Status.DRAFT,
            by=None,
            at=at,
            rule=outcome.rule,
            policy=policy,
            records=records,
        )
    notices.landed(registration, decision)
    return registration


def _keep_evidence(registration: Registration, rivals: list[Conflict], at: datetime) -> None:
    """Stores the conflicts, and notes the newcomer as an activity on each open rival, without a name (R9)."""
    for conflict in rivals:
        conflict.registration = registration
    Conflict.objects.bulk_create(rivals)
    news = {row.rival_id: row.score for row in rivals if row.rival_id is not None}
    if registration.waits_for_id is not None:
        news.setdefault(registration.waits_for_id, 1.0)  # it may hold this company from another one
    noting.note_on(news, registration, at=at)


def next_rank() -> int:
    """The place in time of submission: a sequence, read under the company's lock (reliability.md, rule 2)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registrations_rank')")
        rank: int = cursor.fetchone()[0]
    return rank
