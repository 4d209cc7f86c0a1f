"""Letting protection run out (R7). A sweep: safe to run never, once or a hundred times, by two workers at once."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Value

from core.clock import Clock, database_clock
from core.errors import DomainError
from notifications.holding import by_calendar
from policies.models import RegistrationPolicy
from policies.rules.cooling_off import cooling_off_until
from registrations.enums import WARNINGS, Action, Status
from registrations.models import Milestone, Registration
from registrations.querysets import RegistrationQuerySet
from registrations.services import answers_owed, notices, rungs, waitlist
from registrations.services.mail_in import readings
from registrations.services.transitions import Step, move, opened

log = logging.getLogger(__name__)


@dataclass
class Sweep:
    """What a sweep did: codes of registrations by what became of them. `unanswered` are those that would expire if an
    answer were not owed to their partners, `unread` those whose partners may have answered: the mailbox was not read since."""

    done: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def expire_registrations(*, clock: Clock = database_clock, dry_run: bool = False) -> Sweep:
    """Expires what has run out and was warned of. `waiting` has those whose warning was not handed over long enough
    ago; `failed` those that raised: they are logged and the others go on."""
    now = clock()
    sweep = Sweep()
    due = run_out(now)
    if not due.exists():
        return sweep
    for registration in due.select_related("policy"):
        if answers_owed.owed(registration, now):
            sweep.unanswered.append(registration.code)
            continue
        if not was_warned(registration, now):
            sweep.waiting.append(registration.code)
            continue
        if _may_be_answered(registration):
            sweep.unread.append(registration.code)
            continue
        try:
            if dry_run or _expire(registration, now):
                sweep.done.append(registration.code)
        except DomainError as reason:
            log.info("%s does not expire: %s", registration.code, reason)
        except Exception:
            log.exception("expiring %s failed; the others go on", registration.code)
            sweep.failed.append(registration.code)
    if sweep.unread:
        log.warning("%s do not expire: the mailbox was not read since", len(sweep.unread))
    return sweep


def run_out(now: datetime) -> RegistrationQuerySet:
    """What is protected still, though protection and the policy's days of grace are over; the earliest end first."""
    grace = ExpressionWrapper(F("policy__grace_days") * Value(timedelta(days=1)), DurationField())
    rows = Registration.objects.protected().filter(protected_until__lte=now).annotate(grace=grace)
    return rows.filter(protected_until__lte=now - F("grace")).order_by("protected_until", "id")


def held_up_by_mail(now: datetime) -> int:
    """How many have run out since the mailbox was last read, and cannot expire before it is."""
    read = readings.last()
    return (
        run_out(now).filter(protected_until__gt=read - F("grace")).count() if read else run_out(now).count()
    )


def was_warned(registration: Registration, now: datetime) -> bool:
    """Whether a warning of this very end was really handed to the mail server long enough ago (rule 5), and none is due
    that was not dealt with: a late one moves the end."""
    assert registration.policy is not None and registration.protected_until is not None
    if rungs.owes_a_warning(registration, now):
        return False
    latest = now - timedelta(days=registration.policy.warning_days_before_expiry)
    return Milestone.objects.filter(
        registration=registration,
        epoch=registration.protection_epoch,
        rung__in=WARNINGS,
        until=registration.protected_until,
        message__sent_at__lte=latest,
    ).exists()


def saved_until(registration: Registration) -> datetime | None:
    """Until when an update still saves it: the end of protection and the policy's days of grace after it."""
    if registration.protected_until is None or registration.policy is None:
        return None
    return registration.protected_until + timedelta(days=registration.policy.grace_days)


def _may_be_answered(registration: Registration) -> bool:
    """Whether a reply that came in time, and would have saved it, may lie in the mailbox unread."""
    end = saved_until(registration)
    return end is not None and readings.may_lie_unread(end)


def _expire(registration: Registration, now: datetime) -> bool:
    """Expires one under the locks, if it is still due there: an update or a request may have come first."""
    with transaction.atomic(), by_calendar(now):
        locked = opened(registration, Action.EXPIRE, by=None)
        end = saved_until(locked)
        if end is None or end > now or not was_warned(locked, now) or answers_owed.owed(locked, now):
            return False
        if _may_be_answered(locked):
            return False
        locked.closed_at = now
        move(locked, Action.EXPIRE, Status.EXPIRED, by=None, at=now, step=Step({}, ["closed_at"]))
        notices.tell_partner(
            locked,
            "registration.expired",
            occasion=f"epoch {locked.protection_epoch}",
            at=now,
            again_from=cooling_off_until(now, RegistrationPolicy.objects.in_force(now)),
        )
        waitlist.move_up(locked, at=now)
    return True
