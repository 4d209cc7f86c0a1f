"""What who sells along with a holder hears of its protection (R5, R7): their share ends with it, and only the holder can update
it."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from core.mornings import days_between, sending_time, zone_of
from notifications.enums import MessageStatus
from notifications.models import Message
from registrations.enums import WARNINGS, AgreementState, Rung
from registrations.models import Agreement, Registration
from registrations.services import notices, timeline
from registrations.services.ladder import Mark
from registrations.services.unsent import take_back_older_shared

_ENDS, _GOES_ON = "registration.shared_ends", "registration.shared_goes_on"


def of(holder: Registration) -> list[Registration]:
    """The registrations that are co-selling with `holder` now."""
    splits = Agreement.objects.current().filter(holder=holder, state=AgreementState.AGREED)
    return [split.other for split in splits.select_related("other__partner__manager", "other__owner")]


def warn(holder: Registration, mark: Mark, now: datetime) -> None:
    """With each warning that the holder gets of its end, tells who sells along. The caller holds the holder's row."""
    if mark.rung not in WARNINGS:
        return
    for other in of(holder):
        _tell(holder, other, mark, now)


def warn_newcomer(holder: Registration, other: Registration, now: datetime) -> None:
    """Who begins to sell along after the holder was warned hears of the end at once: there may be no further warning. The
    caller holds both rows."""
    assert holder.protected_until is not None
    warnings = holder.milestones.filter(
        epoch=holder.protection_epoch, until=holder.protected_until, rung__in=WARNINGS
    )
    last = warnings.order_by("-at", "-pk").first()
    if last is not None:
        _tell(holder, other, Mark(Rung(last.rung), last.day, last.at), now)


def say_it_goes_on(holder: Registration, at: datetime) -> None:
    """As the holder's end moves, tells those whom a warning of the end before has reached; once for all warnings until then.
    The caller holds the holder's row, and has taken back the warnings that wait."""
    for other in of(holder):
        if _thinks_it_ends(holder, other):
            Registration.objects.select_for_update(of=("self",)).get(pk=other.pk)
            timeline.record(other, "shared_goes_on", actor=None, at=at)
            notices.tell_partner(
                other,
                _GOES_ON,
                occasion=f"{holder.code} v{holder.version}",
                at=at,
                ends_on=holder.protected_until,
                other_partner=holder.partner.name,
            )


def _thinks_it_ends(holder: Registration, other: Registration) -> bool:
    """Whether the last that left about this split is a warning."""
    gone = (MessageStatus.CANCELLED, MessageStatus.FAILED)
    told = Message.objects.filter(about=other.code, event__in=(_ENDS, _GOES_ON)).exclude(status__in=gone)
    of_this = told.filter(occasion__contains=f":{other.code}:{holder.code} ")
    return of_this.order_by("-pk").values_list("event", flat=True).first() == _ENDS


def _tell(holder: Registration, other: Registration, mark: Mark, now: datetime) -> None:
    assert holder.policy is not None and holder.protected_until is not None
    until = holder.protected_until
    last = until + timedelta(days=holder.policy.grace_days) if mark.rung == Rung.GRACE else until
    Registration.objects.select_for_update(of=("self",)).get(pk=other.pk)
    take_back_older_shared(other)
    timeline.record(other, "shared_ends", actor=None, at=now, data={"day": mark.day})

    def when(person: User) -> datetime:
        return sending_time(now, zone_of(person.time_zone), last=last)

    def words(person: User) -> dict[str, Any]:
        return {"days_left": days_between(when(person), last, zone_of(person.time_zone))}

    notices.tell_partner(
        other,
        _ENDS,
        occasion=f"{holder.code} epoch {holder.protection_epoch} {until:%Y-%m-%d} {mark.rung} {mark.day}",
        for_each=words,
        when=when,
        at=now,
        ends_on=last,
        other_partner=holder.partner.name,
    )
