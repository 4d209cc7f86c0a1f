"""Decisions past their time (N3): the reviewer is told when it runs out, their manager a business day later. A sweep:
safe to run never, once or a hundred times, by two workers at once; each item is told once per level and due date."""

import logging
from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.absences import Roster, roster
from accounts.models import User
from core.business_time import business_time_between, vendor_calendar
from core.clock import Clock, database_clock, fixed
from notifications.holding import by_calendar
from notifications.services import notify
from registrations.enums import Audience, Status
from registrations.models import Escalation, Registration
from registrations.querysets import RegistrationQuerySet
from registrations.services import places, routing, timeline
from registrations.services.expiry import Sweep
from registrations.services.requests_overdue import escalate_requests

log = logging.getLogger(__name__)

REVIEWER, MANAGER = 1, 2


def escalate_overdue(*, clock: Clock = database_clock, dry_run: bool = False) -> Sweep:
    """Tells of what is overdue: level 1 the reviewer (or who stands in for them), level 2 the reviewer's manager, else
    an administrator. One mail for each reader and level lists all that is new; `waiting` has what nobody could be
    told of, `failed` what raised and is logged. Requests of partners (requests_overdue.py) are told one by one."""
    now = clock()
    present, sweep = roster(now), Sweep()
    for level in (REVIEWER, MANAGER):
        for person, rows in _by_reader(level, now, present, sweep).items():
            try:
                told = rows if dry_run else _tell(person, rows, level, now)
                sweep.done.extend(row.code for row in told)
            except Exception:
                log.exception("telling %s of overdue reviews failed; the others go on", person.pk)
                sweep.failed.extend(row.code for row in rows)
    escalate_requests(now, present, sweep, dry_run=dry_run)
    return sweep


def _by_reader(level: int, now: datetime, present: Roster, sweep: Sweep) -> dict[User, list[Registration]]:
    calendar = vendor_calendar()
    found: dict[User, list[Registration]] = defaultdict(list)
    for row in _due(level, now):
        assert row.review_due_at is not None
        late = business_time_between(row.review_due_at, now, calendar)
        if level == MANAGER and late < calendar.day_length:
            continue
        person = (routing.acting if level == REVIEWER else routing.above)(row, present)
        if person is None:
            sweep.waiting.append(row.code)
        else:
            found[person].append(row)
    return found


def _untold(level: int, now: datetime) -> RegistrationQuerySet:
    told = Escalation.objects.filter(
        registration=OuterRef("pk"), due_at=OuterRef("review_due_at"), level=level
    )
    return Registration.objects.overdue(now).exclude(Exists(told))


def _due(level: int, now: datetime) -> list[Registration]:
    rows = _untold(level, now)
    people = (
        "reviewer__role",
        "reviewer__manager__role",
        "partner__manager__role",
        "partner__manager__manager__role",
    )
    return list(rows.select_related("partner", *people).order_by("review_due_at", "pk"))


def _tell(person: User, rows: list[Registration], level: int, now: datetime) -> list[Registration]:
    """Claims the rows that no other worker has, and writes one message about them."""
    with transaction.atomic(), by_calendar(now):
        free = (
            _untold(level, now)
            .filter(pk__in=[row.pk for row in rows])
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("partner", "reviewer")
            .order_by("review_due_at", "pk")
        )
        claimed = list(free)
        if not claimed:
            return []
        first = claimed[0]
        message = notify(
            event="registration.overdue",
            recipient=person,
            context=_context(claimed, level, now),
            occasion=f"overdue:{level}:{first.code}:{first.review_due_at:%Y%m%dT%H%M%S}",
            link=_link(claimed),
            about=first.code if len(claimed) == 1 else "",
            clock=fixed(now),
        )
        for row in claimed:
            assert row.review_due_at is not None  # what has no due date is never overdue
            data = {"level": level, "to": str(person)}
            timeline.record(row, "review_overdue", actor=None, at=now, data=data, audience=Audience.VENDOR)
            Escalation.objects.create(
                registration=row, due_at=row.review_due_at, level=level, told=person, message=message, at=now
            )
    return claimed


def _context(rows: list[Registration], level: int, now: datetime) -> dict[str, object]:
    asked = [row for row in rows if row.status == Status.INFORMATION_ASKED]
    behind = {row.pk for row in asked if places.keeps_waiting(row, at=now)}
    return {
        "to_manager": level == MANAGER,
        "any_asked": bool(asked),
        "line_waits": len(behind) == len(asked),  # behind each of them
        "registrations": [
            {
                "code": row.code,
                "company_name": row.company_name,
                "partner_name": row.partner.name,
                "due": row.review_due_at,
                "reviewer": str(row.reviewer or ""),
                "is_asked": row in asked,
                "line_waits": row.pk in behind,
            }
            for row in rows
        ],
    }


def _link(rows: list[Registration]) -> str:
    if len(rows) == 1:
        return reverse("registrations:review_item", args=[rows[0].code])
    return reverse("registrations:queue") + "?view=overdue"
