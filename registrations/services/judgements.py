"""Saying that two companies are the same or different. The answer is remembered by the companies app (C4)."""

from datetime import datetime

from django.db import models, transaction

import companies.services as company_services
from accounts.models import User
from companies.enums import VerdictKind
from companies.models import Company, Verdict
from core.clock import Clock, database_clock, fixed
from core.errors import WrongStatus
from core.shown import sentence
from registrations.conflicts import query_of
from registrations.enums import Action, Audience, ConflictState, Status
from registrations.models import Conflict, Decision, Registration
from registrations.services import kept, receipts, undo
from registrations.services.transitions import Step, move, opened


def declare_same(
    conflict: Conflict,
    *,
    by: User,
    reason: str = "",
    version: int | None = None,
    seen_from: Registration | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """The registration's company and the conflict's are one: the rows are joined and the name kept as an alias.

    `seen_from` is the side it is judged from, the conflict's rival where that one is still under review; `version`
    is that side's. Raises ScopeTaken when both have a holder for one product line: one must be revoked first.
    """
    return _judge(
        conflict, ConflictState.SAME, by=by, reason=reason, version=version, seen_from=seen_from, clock=clock
    )


def declare_different(
    conflict: Conflict,
    *,
    by: User,
    reason: str = "",
    version: int | None = None,
    seen_from: Registration | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """They are two companies; the pair will not be flagged again. Where both were taken for one company because
    their names are the same, the registration gets a company row of its own.

    Raises WrongStatus where a person said 'same' before and two records were joined: that is undone on the company's page.
    """
    return _judge(
        conflict,
        ConflictState.DIFFERENT,
        by=by,
        reason=reason,
        version=version,
        seen_from=seen_from,
        clock=clock,
    )


def _judge(
    conflict: Conflict,
    state: ConflictState,
    *,
    by: User,
    reason: str,
    version: int | None,
    seen_from: Registration | None,
    clock: Clock,
) -> Decision:
    with transaction.atomic():
        # The order of locks is registry, companies, registrations; the registry also keeps two judgements apart.
        company_services.lock_registry()
        conflict.refresh_from_db(fields=["company", "state"])
        subject, other_id = _sides(conflict, seen_from)
        locked = opened(subject, Action.JUDGE, by=by, version=version, also_companies=[other_id])
        at = clock()
        other = Company.objects.get(pk=other_id)
        with undo.kept(
            locked, Action.JUDGE, beside=Registration.objects.open().filter(company=other)
        ) as memory:
            _answer(conflict, state, locked, other, by=by, at=at, reason=reason)
            memory.decision = decision = _write(locked, state, other, by=by, at=at, reason=reason)
    return decision


def _answer(
    conflict: Conflict,
    state: ConflictState,
    locked: Registration,
    other: Company,
    *,
    by: User,
    at: datetime,
    reason: str,
) -> None:
    """Joins or parts the two companies."""
    if state == ConflictState.SAME:
        join(locked, other, by=by, at=at, reason=reason)
        locked.refresh_from_db()
        return
    if conflict.state == ConflictState.SAME and _were_joined(locked, other):
        raise WrongStatus(
            "Somebody said before that these are the same, and two records were joined. Undo that on the company's page first."
        )
    _part(locked, other, by=by, at=at, reason=reason)
    locked.refresh_from_db(fields=["company", "review_reasons"])  # what was kept for it may be given back


def _were_joined(registration: Registration, other: Company) -> bool:
    """Whether there is a verdict to undo: where both stood at one record already, 'same' was only noted with the conflict."""
    joined = Verdict.objects.active().filter(verdict=VerdictKind.SAME).about(other.pk)
    return registration.company_id != other.pk or joined.exists()


def _write(
    locked: Registration, state: ConflictState, other: Company, *, by: User, at: datetime, reason: str
) -> Decision:
    before = Status(locked.status)
    said = {"company": other.name, "verdict": state.value, "text": reason}
    step = Step(said, ["company", "review_reasons"], Audience.VENDOR)
    move(locked, Action.JUDGE, before, by=by, at=at, step=step)
    words = "the same company as" if state == ConflictState.SAME else "a different company from"
    return receipts.write(
        locked,
        Action.JUDGE,
        before=before,
        by=by,
        at=at,
        rule=sentence(f"{locked.company_name} is {words} {other.name}"),
        internal_note=reason,
        policy=locked.policy,
    )


def _sides(conflict: Conflict, seen_from: Registration | None) -> tuple[Registration, int]:
    """The registration under judgement and the id of the company it is compared with."""
    if seen_from is not None and conflict.rival_id == seen_from.pk:
        assert conflict.registration.company_id is not None
        return seen_from, conflict.registration.company_id
    return conflict.registration, conflict.company_id


def join(registration: Registration, other: Company, *, by: User, at: datetime, reason: str) -> Company:
    """Joins the registration's company with `other`, whose row goes on; both must be locked, and the registry before
    them. Returns that row. The conflicts between the two companies are answered by it; where one says so already, who said it
    first, and when, stays."""
    own = registration.company
    assert own is not None
    answered = list(_between(registration, own, other).values_list("pk", flat=True))
    if own.pk != other.pk:
        # What of this app goes over follows from the verdict, and whose turn it is: services/merging.py.
        other = company_services.declare_same(own, other, by=by, reason=reason, clock=fixed(at), keep=other)
    _say(ConflictState.SAME, answered, by=by, at=at)
    return other


def _part(registration: Registration, other: Company, *, by: User, at: datetime, reason: str) -> None:
    own = registration.company
    assert own is not None
    answered = list(_between(registration, own, other).values_list("pk", flat=True))
    if own.pk == other.pk:
        own = company_services.create_company(
            query_of(registration), by=by, clock=fixed(at), source="declared different"
        )
        Registration.objects.filter(pk=registration.pk).update(company=own)
        Conflict.objects.filter(rival=registration).update(company=own)
    company_services.declare_different(own, other, by=by, reason=reason, clock=fixed(at))
    _say(ConflictState.DIFFERENT, answered, by=by, at=at)


def _say(state: ConflictState, answered: list[int], *, by: User, at: datetime) -> None:
    unsaid = Conflict.objects.filter(pk__in=answered).exclude(state=state)
    unsaid.update(state=state, judged_by=by, judged_at=at)


def frees(conflict: Conflict, seen_from: Registration) -> bool:
    """Whether 'different' would give back what is kept for `seen_from`, so that the next in line has its turn."""
    subject, other_id = _sides(conflict, seen_from)
    return kept.is_elsewhere(subject, other_id)


def giving_way(conflict: Conflict, seen_from: Registration) -> list[Registration]:
    """For which reviews 'same' would give back what is kept, since somebody else holds it there."""
    subject, other_id = _sides(conflict, seen_from)
    return kept.yielding(subject, other_id)


def _between(registration: Registration, own: Company, other: Company) -> models.QuerySet[Conflict]:
    """The conflicts that an answer about the two companies settles. Within one company only the registration's own."""
    mine = models.Q(registration=registration, company=other) | models.Q(
        rival=registration, registration__company=other
    )
    if own.pk != other.pk:
        mine |= models.Q(registration__company=own, company=other) | models.Q(
            registration__company=other, company=own
        )
    return Conflict.objects.filter(mine)
