"""The one door of a firm's status: begin onboarding, activate, suspend, end, reinstate, with what follows for its records."""

from typing import Any

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock, fixed
from core.errors import BadInput, StaleVersion, WrongStatus
from partners import consequences, workflow
from partners.enums import PartnerStatus, StandingChange
from partners.models import Partner, PartnerMerge
from partners.services import ending, notices, onboarding
from partners.services.history import record
from partners.services.locking import lock_firm

REASON_LIMIT = 1000
_STOPPED = (PartnerStatus.SUSPENDED, PartnerStatus.ENDED)


def change_standing(
    partner: Partner,
    change: StandingChange,
    *,
    by: User | None,
    reason: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Partner:
    """Makes one change of status, and in the same transaction what follows for registrations, leads and whatever else has
    an entry in partners/consequences.py; where a partnership ends with more open than ending.BATCH, the rest follows in
    the background. The firm's admins get a mail with `reason`, and a line of history is kept.

    `version` is what the person's page was made from. Raises WrongStatus, NotAllowed, StaleVersion, BadInput without a
    reason where one is needed; WrongStatus for an activation while required steps are open. A firm whose onboarding
    begins or goes on becomes active at once where nothing required is left and its plan says so.
    """
    with transaction.atomic():
        locked = lock_firm(partner.pk)
        if version is not None and version != locked.version:
            raise StaleVersion("Somebody changed this firm while you were looking. Look at it, then decide.")
        workflow.check(by, change, locked)
        _check_stands_alone(locked)
        reason = _reason(change, reason)
        if change == StandingChange.ACTIVATE and (left := onboarding.required_left(locked)):
            steps = "1 required step" if left == 1 else f"{left} required steps"
            verb, them = ("is", "it") if left == 1 else ("are", "them")
            raise WrongStatus(f"{steps} of onboarding {verb} not done yet. Look at {them} first.")
        at = clock()
        source = locked.status
        if source == PartnerStatus.ENDED:
            ending.conclude(locked, at=at)  # what ended is told, though not all of it may have
        locked.status = workflow.MOVES[change].target or stands_at(locked)
        locked.version += 1
        locked.save(update_fields=["status", "version"])
        if change == StandingChange.BEGIN:
            onboarding.give_plan(locked, by=by, at=at)
        ends = change == StandingChange.END
        done = consequences.carry_out(
            locked, change, by=by, reason=reason, clock=fixed(at), most=ending.BATCH if ends else None
        )
        told: dict[str, Any] = {"from": source, "to": locked.status, "reason": reason, "done": done}
        if ends and (left := ending.left_of(locked)):
            told["left"] = left
        entry = record(locked, change.value, actor=by, at=at, data=told)
        if ends:
            ending.begin(locked, entry)
        notices.standing_changed(locked, change, entry, reason=reason, but_not=by)
        return activate_by_itself(locked, clock=fixed(at))


def activate_by_itself(partner: Partner, *, clock: Clock) -> Partner:
    """Activates a firm in onboarding whose plan says so, once no required step is left; else nothing happens. Whatever may
    have been the last thing wanted calls this, in its transaction."""
    if partner.status != PartnerStatus.ONBOARDING:
        return partner
    plan = onboarding.plan_for(partner.kind)
    if plan is None or not plan.activates_by_itself or onboarding.required_left(partner):
        return partner
    return change_standing(partner, StandingChange.ACTIVATE, by=None, clock=clock)


def stands_at(partner: Partner) -> PartnerStatus:
    """How far a firm has come: its status or, of one that is suspended or ended, what it goes back to when it is reinstated:
    what it was before, as its history says. Nobody becomes active by that who was not."""
    status = PartnerStatus(partner.status)
    if status not in _STOPPED:
        return status
    stops = partner.history.filter(kind__in=(StandingChange.SUSPEND, StandingChange.END))
    before = (
        stops.exclude(data__from__in=_STOPPED).order_by("-at", "-id").values_list("data__from", flat=True)
    )
    known = before.first()
    if known is not None:
        return PartnerStatus(known)
    return PartnerStatus.ONBOARDING if onboarding.required_left(partner) else PartnerStatus.ACTIVE


def set_by_merge(locked: Partner, status: PartnerStatus) -> None:
    """Writes the status of a record that became part of another one, or stands for itself again. Nothing follows for its
    records: they moved. The caller holds its lock."""
    locked.status = status
    locked.version += 1
    locked.save(update_fields=["status", "version"])


def _check_stands_alone(partner: Partner) -> None:
    merge = PartnerMerge.objects.filter(gone=partner, undone_at=None).select_related("survivor").first()
    if merge is not None:
        raise WrongStatus(f"{partner.name} is part of {merge.survivor.name} now: its status is that one's.")


def _reason(change: StandingChange, reason: str) -> str:
    reason = reason.strip()
    if workflow.MOVES[change].reason and not reason:
        raise BadInput("Say why; the firm reads it.", field="reason")
    if len(reason) > REASON_LIMIT:
        raise BadInput(f"Say it in at most {REASON_LIMIT} characters.", field="reason")
    return reason
