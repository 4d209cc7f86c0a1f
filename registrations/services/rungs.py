"""How far down its ladder one registration is: the rungs that it has come to, and those dealt with. Asked by the reminders, which
go down it, and by the expiry, which comes after the last rung."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from core.mornings import zone_of
from registrations.enums import WARNINGS, Rung
from registrations.models import Registration
from registrations.services import ladder, notices
from registrations.services.ladder import Mark


def reader_zone(registration: Registration, at: datetime) -> ZoneInfo:
    """By whose days the rungs count: those of the first person at the partner who hears of it."""
    people = notices.people_of(registration, at)
    return zone_of(people[0].time_zone if people else "UTC")


def due_by(registration: Registration, at: datetime, zone: ZoneInfo) -> list[Mark]:
    """The rungs it has come to `at`, in order, whether dealt with or not."""
    assert registration.policy and registration.last_update_at and registration.protected_until
    marks = ladder.marks(
        registration.policy,
        since=registration.last_update_at,
        until=registration.protected_until,
        zone=zone,
    )
    return [mark for mark in marks if mark.at <= at]


def fresh(registration: Registration, due: Iterable[Mark]) -> list[Mark]:
    """Those not dealt with in this epoch; warnings, for this end of protection."""
    done = {
        (rung, day)
        for rung, day, until in registration.milestones.filter(
            epoch=registration.protection_epoch
        ).values_list("rung", "day", "until")
        if rung == Rung.REMINDER or until == registration.protected_until
    }
    return [mark for mark in due if (mark.rung, mark.day) not in done]


def was_told(registration: Registration) -> bool:
    """Whether a warning of this very end was written."""
    assert registration.protected_until is not None
    return registration.milestones.filter(
        epoch=registration.protection_epoch,
        rung__in=WARNINGS,
        until=registration.protected_until,
        message__isnull=False,
    ).exists()


def owes_a_warning(registration: Registration, now: datetime) -> bool:
    """Whether a warning of its end is due that the reminders have not dealt with: after an outage they may come second."""
    due = due_by(registration, now, reader_zone(registration, now))
    return any(mark.rung in WARNINGS for mark in fresh(registration, due))
