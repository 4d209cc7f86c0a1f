"""The reminder loop and the final notices (R7). A sweep, like expiry.

A period of protection has milestones, counted in days from the last update: a reminder each `reminder_days`, and
final notices `final_notice_days` before the end. Of those that are due and not dealt with, only the newest is sent.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from core.clock import Clock, database_clock
from notifications.models import Message
from policies.models import RegistrationPolicy
from registrations.enums import Status
from registrations.models import Milestone, Registration
from registrations.services import notices, still_active, timeline
from registrations.services.expiry import Sweep

log = logging.getLogger(__name__)


def milestones(policy: RegistrationPolicy) -> dict[int, bool]:
    """Day of the period → whether it is a final notice. With the defaults: {30: False, 53: True, 59: True}."""
    finals = {
        policy.protection_days - days for days in policy.final_notice_days if days < policy.protection_days
    }
    loop = range(policy.reminder_days, policy.protection_days, policy.reminder_days)
    first_final = min(finals, default=policy.protection_days)
    days = {day: False for day in loop if day < first_final} | dict.fromkeys(finals, True)
    return dict(sorted(days.items()))


def send_reminders(*, clock: Clock = database_clock, dry_run: bool = False) -> Sweep:
    """Writes the reminder or notice that is due into the outbox, one for each registration at most."""
    now = clock()
    sweep = Sweep()
    for registration in _due(now):
        try:
            if dry_run or _remind(registration, now):
                sweep.done.append(registration.code)
        except Exception:
            log.exception("reminding of %s failed; the others go on", registration.code)
            sweep.failed.append(registration.code)
    return sweep


def _due(now: datetime) -> Iterator[Registration]:
    """Protected registrations with a milestone that is due and not dealt with; one query a policy and milestone."""
    seen: set[int] = set()
    protected = Registration.objects.protected()
    for policy in RegistrationPolicy.objects.filter(pk__in=protected.values("policy")):
        for day in sorted(milestones(policy), reverse=True):
            dealt = Milestone.objects.filter(
                registration=OuterRef("pk"), epoch=OuterRef("protection_epoch"), day__gte=day
            )
            rows = protected.filter(policy=policy, last_update_at__lte=now - timedelta(days=day))
            for row in rows.exclude(Exists(dealt)).order_by("id"):
                if row.pk not in seen:
                    seen.add(row.pk)
                    yield row


def _remind(registration: Registration, now: datetime) -> bool:
    """Deals with all due milestones of one registration under its row lock; sends the newest."""
    with transaction.atomic():
        locked = (
            Registration.objects.select_for_update(of=("self",))
            .select_related("partner", "policy", "owner__role", "owner__member")
            .get(pk=registration.pk)
        )
        if locked.status != Status.APPROVED or locked.last_update_at is None or locked.policy is None:
            return False
        passed = (now - locked.last_update_at) / timedelta(days=1)
        due = {day: final for day, final in milestones(locked.policy).items() if day <= passed}
        done = set(
            locked.milestones.filter(epoch=locked.protection_epoch)
            .select_for_update()
            .values_list("day", flat=True)
        )
        fresh = sorted(set(due) - done)
        if not fresh or (done and max(done) > fresh[-1]):
            return False
        newest = fresh[-1]
        _keep_open_long_enough(locked, final=due[newest], now=now)
        rows = [
            Milestone(registration=locked, epoch=locked.protection_epoch, day=day, final=due[day], at=now)
            for day in fresh
        ]
        rows[-1].message = _mail(locked, final=due[newest], day=newest, now=now)
        Milestone.objects.bulk_create(rows)
    return True


def _keep_open_long_enough(registration: Registration, *, final: bool, now: datetime) -> None:
    """A first warning that comes late moves the end: a partner has the policy's days after it, whatever was down."""
    assert registration.policy is not None and registration.protected_until is not None
    if not final or registration.milestones.filter(
        epoch=registration.protection_epoch, message__isnull=False, final=True
    ):
        return
    least = now + timedelta(days=registration.policy.warning_days_before_expiry)
    if registration.protected_until < least:
        registration.protected_until = least
        registration.version += 1
        registration.save(update_fields=["protected_until", "version"])
        timeline.record(
            registration, "extended_by_late_warning", actor=None, at=now, data={"until": least.isoformat()}
        )


def _mail(registration: Registration, *, final: bool, day: int, now: datetime) -> Message | None:
    event = "registration.final_notice" if final else "registration.reminder"
    timeline.record(registration, event.removeprefix("registration."), actor=None, at=now, data={"day": day})
    return notices.tell_partner(
        registration,
        event,
        occasion=f"epoch {registration.protection_epoch} day {day}",
        days_left=notices.days_left(registration, now),
        expires_on=registration.protected_until,
        for_each=lambda person: _still_active(registration, person),
    )


def _still_active(registration: Registration, person: User) -> dict[str, str]:
    """The one-click link, for people who may update; a channel manager gets the registration's page instead."""
    if person.is_vendor:
        return {}
    return {"still_active_url": still_active.link_for(registration, person)}
