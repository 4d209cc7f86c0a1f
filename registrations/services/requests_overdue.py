"""Requests past their time (N3): who decides about an extension or an appeal is told when its answer is due, their manager a
business day later. The end of protection may wait for the answer, so none may be forgotten. Part of escalate_overdue."""

import logging
from datetime import datetime

from django.db import transaction

from accounts.absences import Roster
from accounts.models import User
from core.business_time import business_time_between, vendor_calendar
from notifications.holding import by_calendar
from registrations.enums import Audience, RequestState
from registrations.models import Appeal, Extension
from registrations.services import appeals, notices, routing, timeline
from registrations.services.expiry import Sweep
from registrations.services.locks import lock_registration

log = logging.getLogger(__name__)

DECIDER, MANAGER = 1, 2


def escalate_requests(now: datetime, present: Roster, sweep: Sweep, *, dry_run: bool) -> None:
    """Tells of each once per level, and adds to `sweep` their codes: `waiting` where nobody could be told."""
    parts = ("registration__partner__manager__manager__role", "registration__reviewer__manager__role")
    extensions = Extension.objects.awaiting().filter(due_at__lt=now).select_related(*parts)
    disputes = Appeal.objects.awaiting().filter(due_at__lt=now).select_related(*parts, "decision")
    calendar = vendor_calendar()
    for asked in [*extensions, *disputes]:
        late = business_time_between(asked.due_at, now, calendar)
        for level in (DECIDER, MANAGER) if late >= calendar.day_length else (DECIDER,):
            if _was_told(asked, level):
                continue
            people = _deciders(asked, present) if level == DECIDER else _above(asked, present)
            if not people:
                sweep.waiting.append(asked.code)
                continue
            try:
                if dry_run or _tell(asked, level, people, now):
                    sweep.done.append(asked.code)
            except Exception:
                log.exception("telling of %s failed; the others go on", asked.code)
                sweep.failed.append(asked.code)


def _was_told(asked: Extension | Appeal, level: int) -> bool:
    said = {"data__request": asked.code, "data__level": level}
    return asked.registration.timeline.filter(kind="review_overdue", **said).exists()


def _deciders(asked: Extension | Appeal, present: Roster) -> list[User]:
    if isinstance(asked, Appeal):
        return notices.who_decides(asked, appeals.judges_of(asked), present)
    return notices.who_answers(asked, present)


def _above(asked: Extension | Appeal, present: Roster) -> list[User]:
    person = routing.above(asked.registration, present)
    return [person] if person is not None else []


def _tell(asked: Extension | Appeal, level: int, people: list[User], now: datetime) -> bool:
    """Under the locks of registration and request: it may have been answered, or told by another worker, just now."""
    with transaction.atomic(), by_calendar(now):
        deal = lock_registration(asked.registration_id)
        fresh = type(asked)._default_manager.select_for_update(of=("self",)).get(pk=asked.pk)
        if fresh.state != RequestState.OPEN or _was_told(asked, level):
            return False
        notices.request_overdue(asked, people, level=level, at=now)
        told = {"level": level, "to": ", ".join(str(person) for person in people), "request": asked.code}
        timeline.record(deal, "review_overdue", actor=None, at=now, data=told, audience=Audience.VENDOR)
    return True
