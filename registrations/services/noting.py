"""A registration of the same opportunity, noted as an activity on those that are there already, without a name (R9)."""

from datetime import datetime

from django.db.models import Q

from registrations.enums import Audience, Status
from registrations.models import Conflict, Registration
from registrations.services import notices, timeline
from registrations.services.locks import lock_registrations


def note_on(
    rivals: dict[int, float], newcomer: Registration, *, at: datetime, occasion: str = "landed"
) -> None:
    """Writes it on the timelines of `rivals` (id → likelihood), and tells those that hold the company. The referee reads on
    them who it is. `occasion` keeps a mail from being sent twice."""
    if not rivals:
        return
    others = lock_registrations(list(rivals)).values()
    events = []
    for rival in others:
        events.append(timeline.Event(rival, "conflict_noted"))
        events.append(_found(rival, newcomer, rivals[rival.pk]))
    timeline.record_all(events, actor=None, at=at)
    for rival in others:
        if is_told(rival, newcomer):
            notices.conflict_noted(rival, newcomer, occasion=occasion)


def note_for_referee(rivals: dict[int, float], returned: Registration, *, at: datetime) -> None:
    """Writes it on the timelines of `rivals` for the vendor alone: `returned` came before them and is back, which says nothing
    yet about anybody's place."""
    others = lock_registrations(list(rivals)).values()
    events = [_found(rival, returned, rivals[rival.pk]) for rival in others]
    timeline.record_all(events, actor=None, at=at)


def _found(rival: Registration, other: Registration, score: float) -> timeline.Event:
    return timeline.Event(
        rival, "conflict_found", Audience.VENDOR, {"with": other.code, "score": round(score, 3)}
    )


def is_told(rival: Registration, newcomer: Registration) -> bool:
    """Whether the partner of `rival` gets a mail about it; not of what the policy refused at once, which contests nothing."""
    contests = newcomer.status != Status.REFUSED and rival.partner_id != newcomer.partner_id
    return rival.is_held and contests


def is_known(one: Registration, other: Registration) -> bool:
    """Whether the check found the two when the later one was submitted, or `other` has been told of `one` since."""
    both = Q(registration=one, rival=other) | Q(registration=other, rival=one)
    told = other.timeline.standing().filter(kind="conflict_found", data__with=one.code)
    return Conflict.objects.filter(both).exists() or told.exists()
