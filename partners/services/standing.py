"""The one door of a firm's status: begin onboarding, activate, suspend, end, reinstate, with what follows for its records."""

import logging
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, StaleVersion, WrongStatus
from partners import consequences, workflow
from partners.enums import PartnerStatus, StandingChange
from partners.models import Partner, PartnerMerge
from partners.services import notices, onboarding
from partners.services.history import record

REASON_LIMIT = 1000
log = logging.getLogger(__name__)


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
    an entry in partners/consequences.py. The firm's admins get a mail with `reason`, and a line of history is kept.

    `version` is what the person's page was made from. Raises WrongStatus, NotAllowed, StaleVersion, BadInput without a
    reason where one is needed; WrongStatus for an activation while required steps are open.
    """
    with transaction.atomic():
        locked = lock_firm(partner.pk)
        if version is not None and version != locked.version:
            raise StaleVersion("Somebody changed this firm while you were looking. Look at it, then decide.")
        workflow.check(by, change, locked)
        _check_stands_alone(locked)
        reason = _reason(change, reason)
        if change == StandingChange.ACTIVATE and (left := onboarding.required_left(locked)):
            raise WrongStatus(f"{left} required steps of onboarding are not done yet. Look at them first.")
        at = clock()
        source = locked.status
        locked.status = workflow.MOVES[change].target or _back_to(locked)
        locked.version += 1
        locked.save(update_fields=["status", "version"])
        if change == StandingChange.BEGIN:
            onboarding.give_plan(locked, by=by, at=at)
        done = consequences.carry_out(locked, change, by=by, reason=reason, clock=clock)
        told = {"from": source, "to": locked.status, "reason": reason, "done": done}
        entry = record(locked, change.value, actor=by, at=at, data=told)
        notices.standing_changed(locked, change, entry, reason=reason, but_not=by)
    return locked


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


def lock_firm(pk: int) -> Partner:
    """The firm's row, locked against other changes of it. Not against new rows that point to it: those hold locks of
    companies that a change of status takes afterwards."""
    firms = Partner.objects.select_for_update(of=("self",), no_key=True).select_related("manager")
    return firms.get(pk=pk)


def finish_ended(*, since: datetime, clock: Clock = database_clock) -> list[str]:
    """A sweep: what came to life for a firm while its partnership was being ended (a registration submitted in that very
    moment) ends, too. Looks at firms that ended after `since`; returns their codes."""
    ended = Partner.objects.filter(
        status=PartnerStatus.ENDED, history__kind=StandingChange.END, history__at__gte=since
    ).distinct()
    finished = []
    for partner in ended.order_by("pk"):
        if not any(row.changes for row in consequences.foresee(partner, StandingChange.END)):
            continue
        try:
            if _finish(partner, clock):
                finished.append(partner.code)
        except Exception:
            log.exception("what came in while %s ended could not be ended; the others go on", partner.code)
    return finished


def _finish(partner: Partner, clock: Clock) -> bool:
    with transaction.atomic():
        locked = lock_firm(partner.pk)
        if locked.status != PartnerStatus.ENDED:
            return False
        last = locked.history.filter(kind=StandingChange.END).latest("at", "id")
        reason = str(last.data.get("reason", ""))
        consequences.carry_out(locked, StandingChange.END, by=None, reason=reason, clock=clock)
    return True


def _reason(change: StandingChange, reason: str) -> str:
    reason = reason.strip()
    if workflow.MOVES[change].reason and not reason:
        raise BadInput("Say why; the firm reads it.", field="reason")
    if len(reason) > REASON_LIMIT:
        raise BadInput(f"Say it in at most {REASON_LIMIT} characters.", field="reason")
    return reason


def _back_to(partner: Partner) -> PartnerStatus:
    return PartnerStatus.ONBOARDING if onboarding.required_left(partner) else PartnerStatus.ACTIVE
