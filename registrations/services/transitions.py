"""The one door of `Registration.status`.

`opened(...)` takes the locks and asks the guards; `move(...)` writes the status, the timeline and the holdings. The
order of locks is always: registry (only where companies are found or created), companies by id, registrations by rank.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from companies.relatives import families_of_each
from companies.services import lock_companies
from core.errors import StaleVersion
from policies.models import RegistrationPolicy
from registrations import workflow
from registrations.enums import OPEN, Action, Audience, OfferOutcome, RequestState, Status
from registrations.models import Extension, Offer, Registration
from registrations.services import (
    co_sellers,
    coming_back,
    firsts,
    holdings,
    moot,
    resting,
    rival_ends,
    timeline,
)
from registrations.services.locks import lock_registrations
from registrations.services.unsent import take_back_asks, take_back_reminders
from registrations.workflow import gives_back, transition

_OUTCOMES = {
    Action.MOVE_UP: OfferOutcome.ACCEPTED,
    Action.DECLINE: OfferOutcome.DECLINED,
    Action.LAPSE: OfferOutcome.LAPSED,
}


# In a line, or beside its holder until it ends: as long as that lasts a place that a manager gave stays.
_IN_LINE = (Status.WAITLISTED, Status.SHARED)
# They say themselves what becomes of appeals.
_ANSWERS_APPEALS = {Action.GRANT_APPEAL, Action.UNDO}


@dataclass(frozen=True)
class Step:
    """What is said about a change: the timeline's data, and further fields to save with the status."""

    data: dict[str, Any]
    fields: Iterable[str] = ()
    audience: Audience = Audience.BOTH


def opened(
    registration: Registration,
    action: Action,
    *,
    by: User | None,
    version: int | None = None,
    also_companies: Iterable[int] = (),
) -> Registration:
    """The registration, locked behind its company and fit for `action`. Call inside a transaction.

    `version` is what the person's form was made from. Raises StaleVersion, WrongStatus, NotAllowed.
    """
    kept = registration.holdings.filter(ended_at=None).values_list("company", flat=True)
    involved = {pk for pk in (registration.company_id, *kept, *also_companies) if pk is not None}
    companies = lock_companies(held_together(*involved))
    beside = rival_ends.locked_with(registration, action)
    locked = lock_registrations([registration.pk, *beside])[registration.pk]
    if locked.company_id != registration.company_id:
        raise StaleVersion(
            "The company of this registration was changed by somebody else just now. Look again."
        )
    if locked.company_id in companies:
        locked.company = companies[locked.company_id]
    workflow.check(by, action, locked)
    if version is not None and version != locked.version:
        raise StaleVersion(
            "Somebody changed this registration after you opened it. Look at it again, then decide."
        )
    return locked


def held_together(*companies: int) -> list[int]:
    """The companies, and their whole families where any version of the policy holds parents and subsidiaries together: what must
    be locked to look at one of them. Two subsidiaries of one parent are among them, since they exclude each other. Ascending."""
    if not RegistrationPolicy.objects.filter(scope_family=True).exists():
        return sorted(companies)
    return sorted({pk for family in families_of_each(companies).values() for pk in family})


def move(
    registration: Registration, action: Action, target: Status, *, by: User | None, at: datetime, step: Step
) -> Registration:
    """Writes `target` and what goes with it. The registration must come from `opened`.

    Raises ScopeTaken when protection begins on a scope that another registration holds.
    """
    if target not in transition(action).targets:
        raise ValueError(f"{action} does not lead to {target}")
    source = registration.status
    if action != Action.UNDO:  # what was held before that goes on as it was (undo.py)
        _hold(registration, source, target, at)
    if source == Status.OFFERED:
        _close_offer(registration, action, by=by, at=at)
    if source == Status.APPROVED and (target != Status.APPROVED or "protected_until" in step.fields):
        take_back_reminders(registration)
    if target != source:
        take_back_asks(registration, source)
    if source == Status.APPROVED and target != Status.APPROVED:
        asked = Extension.objects.filter(registration=registration, state=RequestState.OPEN)
        asked.update(state=RequestState.LAPSED, closed_at=at)  # nothing is left that could be extended
    registration.status = target
    registration.version += 1
    registration.changed_at = at
    fields = {"status", "version", "changed_at", *step.fields}
    if (source in _IN_LINE) != (target in _IN_LINE) and action != Action.UNDO:
        registration.line_order = None  # a place in one line is none in the next
        fields.add("line_order")
    if target == Status.IN_REVIEW and source not in (Status.DRAFT, Status.IN_REVIEW):
        resting.rest_on(registration, at)
        fields.add("review_due_at")
    registration.save(update_fields=fields)
    timeline.record(
        registration,
        action.value,
        actor=by,
        at=at,
        data={"from": source, "to": target, **step.data},
        audience=step.audience,
    )
    _follow_up(registration, action, Status(source), by=by, at=at, step=step)
    return registration


def _hold(registration: Registration, source: str, target: Status, at: datetime) -> None:
    """What a change of status takes, keeps or gives back of its scope."""
    if source == Status.OFFERED and target == Status.APPROVED:
        holdings.take_reserved(registration, at=at)
    elif target == Status.APPROVED and source != Status.APPROVED:
        holdings.take(registration, at=at)
    elif target == Status.OFFERED:
        holdings.reserve(registration, at=at)
    elif gives_back(source, target):
        holdings.release(registration, at=at)


def _follow_up(
    registration: Registration, action: Action, source: Status, *, by: User | None, at: datetime, step: Step
) -> None:
    """What a change that is written brings about beside it: for a firm's firsts, appeals, who sells along and its rivals."""
    target = Status(registration.status)
    goes_on = source == target == Status.APPROVED and "protected_until" in step.fields
    if goes_on and action != Action.UNDO:
        co_sellers.say_it_goes_on(registration, at)
    firsts.mark(registration, action, source, by=by, at=at)
    if coming_back.comes_back(source, target):
        coming_back.keep(registration, at=at, tells=action != Action.UNDO)
    if target != source and action not in _ANSWERS_APPEALS:
        moot.close_appeals(registration, by=by, at=at)
    if source in OPEN and target not in OPEN and action != Action.UNDO:
        rival_ends.note(registration, by=by, at=at)


def _close_offer(registration: Registration, action: Action, *, by: User | None, at: datetime) -> None:
    """An offer ends with the status that it stands for, whatever ends that."""
    outcome = _OUTCOMES.get(action, OfferOutcome.ENDED)
    Offer.objects.open().filter(registration=registration).update(outcome=outcome, ended_at=at, ended_by=by)
