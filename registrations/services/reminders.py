"""Going down the ladder of a silent deal: reminders, final notices, grace, and a word to the channel manager (R7, N3).

A sweep, like expiry. Of the rungs that are due and not dealt with, only the newest is sent to the partner. What is due is
said by ladder.py; mail leaves in the reader's day, else in their next morning.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.absences import roster
from accounts.models import User
from core.clock import Clock, database_clock
from core.mornings import days_between, sending_time, zone_of
from notifications.enums import MessageStatus
from notifications.models import Message
from registrations.enums import WARNINGS, Audience, Rung, Status
from registrations.models import Milestone, Registration
from registrations.services import answers_owed, co_sellers, ladder, notices, rungs, still_active, timeline
from registrations.services.due import due_for_a_rung
from registrations.services.expiry import Sweep
from registrations.services.ladder import Mark
from registrations.services.mail_in.address import reply_address
from registrations.services.unsent import take_back_older

log = logging.getLogger(__name__)

_EVENTS = {
    Rung.REMINDER: "registration.reminder",
    Rung.FINAL: "registration.final_notice",
    Rung.GRACE: "registration.grace",
}


def send_reminders(*, clock: Clock = database_clock, dry_run: bool = False) -> Sweep:
    """Writes what is due into the outbox: for each registration one mail to the partner at most, and one to the channel
    manager. A dry run does the same and takes it back."""
    now = clock()
    sweep = Sweep()
    for registration in due_for_a_rung(now):
        try:
            if _descend(registration, now, dry_run=dry_run):
                sweep.done.append(registration.code)
        except Exception:
            log.exception("reminding of %s failed; the others go on", registration.code)
            sweep.failed.append(registration.code)
    return sweep


def _descend(registration: Registration, now: datetime, *, dry_run: bool) -> bool:
    """Deals with all due rungs of one registration under its row lock."""
    with transaction.atomic():
        locked = (
            Registration.objects.select_for_update(of=("self",))
            .select_related("partner__manager", "policy", "owner__role", "owner__member")
            .get(pk=registration.pk)
        )
        if locked.status != Status.APPROVED or locked.last_update_at is None or locked.policy is None:
            return False
        waits = answers_owed.owed(locked, now) is not None
        warned = _warn_partner(locked, now, waits=waits)
        told = not waits and _tell_manager(locked, now)
        transaction.set_rollback(dry_run)
    return warned or told


def _warn_partner(locked: Registration, now: datetime, *, waits: bool) -> bool:
    """Sends the newest rung that is due. Where the end `waits` for an answer, no warning of it, and nothing after one."""
    people, zone = notices.people_of(locked, now), rungs.reader_zone(locked, now)
    due = rungs.due_by(locked, now, zone)
    if not rungs.fresh(locked, due) or (waits and any(mark.rung in WARNINGS for mark in due)):
        return False
    unreached = _unreached(locked)
    if unreached:
        people = [person for person in people if person.pk not in unreached] or notices.people_beside(
            locked.partner, people, now
        )
    if people and due[-1].rung in WARNINGS:
        due = _after_delay(locked, due, now, zone)
    fresh = rungs.fresh(locked, due)
    rows = [_milestone(locked, mark, now) for mark in fresh]
    if due[-1] in fresh:
        if people:
            take_back_older(locked)
        rows[-1].message = _mail(locked, due[-1], people, now)
        co_sellers.warn(locked, due[-1], now)
    Milestone.objects.bulk_create(rows)
    return due[-1] in fresh


def _after_delay(registration: Registration, due: list[Mark], now: datetime, zone: ZoneInfo) -> list[Mark]:
    """The rungs that are due, the newest a warning: those of the end as it is, or of the later end that a late warning has."""
    at = sending_time(now, zone, last=registration.protected_until if rungs.was_told(registration) else None)
    if due[-1] not in rungs.fresh(registration, due[-1:]) or not _is_late(registration, due[-1], at, zone):
        return due
    at = sending_time(now, zone)  # the end no longer presses
    return rungs.due_by(registration, at, zone) if _keep_open_long_enough(registration, at) else due


def _unreached(registration: Registration) -> set[int]:
    """The ids of those to whom a mail of this period could not be delivered: somebody else has to hear of the next."""
    failed = registration.milestones.filter(
        epoch=registration.protection_epoch, message__status=MessageStatus.FAILED
    )
    return set(failed.values_list("message__recipient", flat=True))


def _is_late(registration: Registration, warning: Mark, at: datetime, zone: ZoneInfo) -> bool:
    """Whether a warning that leaves `at` comes late: the first of this end, or one that leaves after its own day."""
    own_day = warning.at.astimezone(zone).date()
    return at.astimezone(zone).date() > own_day or not rungs.was_told(registration)


def _keep_open_long_enough(registration: Registration, at: datetime) -> bool:
    """A warning that comes late, at `at`, moves the end: a partner has the policy's days after it, whatever was down. True if
    it did."""
    assert registration.policy is not None and registration.protected_until is not None
    least = at + timedelta(days=registration.policy.warning_days_before_expiry)
    grace = timedelta(days=registration.policy.grace_days)
    if registration.protected_until + grace >= least:
        return False
    registration.protected_until = least
    registration.version += 1
    registration.save(update_fields=["protected_until", "version"])
    timeline.record(
        registration, "extended_by_late_warning", actor=None, at=at, data={"until": least.isoformat()}
    )
    return True


def _milestone(registration: Registration, mark: Mark, now: datetime) -> Milestone:
    assert registration.protected_until is not None
    return Milestone(
        registration=registration,
        epoch=registration.protection_epoch,
        rung=mark.rung,
        day=mark.day,
        until=registration.protected_until,
        at=now,
    )


def _mail(registration: Registration, mark: Mark, people: list[User], now: datetime) -> Message | None:
    event = _EVENTS[mark.rung]
    until = registration.protected_until
    assert until is not None and registration.policy is not None
    saved_until = until + timedelta(days=registration.policy.grace_days)
    last = saved_until if mark.rung == Rung.GRACE else until
    timeline.record(
        registration, event.removeprefix("registration."), actor=None, at=now, data={"day": mark.day}
    )

    def when(person: User) -> datetime:
        return sending_time(now, zone_of(person.time_zone), last=last)

    def words(person: User) -> dict[str, Any]:
        zone = zone_of(person.time_zone)
        return {
            "days_left": days_between(when(person), last, zone),
            "expires_on": until,
            "saved_until": saved_until,
            **_ways_to_answer(registration, person, now),
        }

    occasion = f"epoch {registration.protection_epoch} {until:%Y-%m-%d} {mark.rung} {mark.day}"
    return notices.tell_partner(
        registration, event, occasion=occasion, people=people, for_each=words, when=when, at=now
    )


def _ways_to_answer(registration: Registration, person: User, now: datetime) -> dict[str, str]:
    """The one-click link and the address for a reply, for people who may update; a channel manager gets the
    registration's page instead."""
    if person.is_vendor:
        return {}
    return {
        "still_active_url": still_active.link_for(registration, person),
        "reply_to": reply_address(registration, person, at=now),
    }


def _tell_manager(locked: Registration, now: datetime) -> bool:
    """The channel manager hears once for each end of protection that the partner stays silent."""
    assert locked.policy and locked.last_update_at and locked.protected_until
    manager = notices.manager_of(locked, roster(now))
    zone = zone_of(manager.time_zone if manager else "UTC")
    mark = ladder.escalation(
        locked.policy, since=locked.last_update_at, until=locked.protected_until, zone=zone
    )
    if mark is None or mark.at > now or not rungs.fresh(locked, [mark]):
        return False
    row = _milestone(locked, mark, now)
    if manager is not None and manager not in notices.people_of(locked, now):
        timeline.record(locked, "escalated", actor=None, at=now, audience=Audience.VENDOR)
        row.message = notices.tell_manager(
            locked,
            manager,
            "registration.silent",
            occasion=f"epoch {locked.protection_epoch} {locked.protected_until:%Y-%m-%d}",
            at=now,
            not_before=sending_time(now, zone, last=locked.protected_until),
            silent_since=locked.last_update_at,
            days_left=days_between(now, locked.protected_until, zone),
            expires_on=locked.protected_until,
        )
    row.save(force_insert=True)
    return row.message is not None
