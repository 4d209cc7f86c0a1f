"""Who reviews what: taking, handing over, dealing out in rotation, setting aside."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from accounts.absences import roster
from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, WrongStatus
from notifications.services import notify
from registrations.enums import UNDER_REVIEW, Audience
from registrations.models import Registration, Snooze
from registrations.services import routing, timeline


def take(registration: Registration, *, by: User, clock: Clock = database_clock) -> Registration:
    """`by` becomes the reviewer. Raises WrongStatus outside a review, NotAllowed."""
    with transaction.atomic():
        return _give(registration, to=by, by=by, note="", at=clock())


def hand_over(
    registration: Registration, *, to: User, by: User, note: str = "", clock: Clock = database_clock
) -> Registration:
    """`to` becomes the reviewer. The caller tells them with `tell_handed_over`, once for all that they were given.

    Raises BadInput for somebody who may not decide, WrongStatus outside a review, NotAllowed.
    """
    if not to.may("registrations.decide"):
        raise BadInput(f"{to} may not decide about registrations.", field="to")
    with transaction.atomic():
        return _give(registration, to=to, by=by, note=note, at=clock())


def deal_out(registration: Registration, *, by: User, clock: Clock = database_clock) -> Registration:
    """Gives it to the channel manager whose turn it is: here today, with the fewest reviews in hand.

    Raises WrongStatus where nobody is here.
    """
    at = clock()
    with transaction.atomic():
        turn = routing.next_in_rotation(roster(at))
        if turn is None:
            raise WrongStatus("No channel manager is here today. Hand it to somebody by name.")
        return _give(registration, to=turn, by=by, note="", at=at)


def tell_handed_over(
    given: Iterable[Registration], *, to: User, by: User, note: str = "", clock: Clock = database_clock
) -> None:
    """One mail about all that `to` was given, to whoever stands in for them now; none for one's own doing."""
    rows = list(given)
    at = clock()
    reader = roster(at).stand_in(to)
    if not rows or reader is None or reader == by:
        return
    first = rows[0]
    link = reverse("registrations:review_item", args=[first.code])
    context = {
        "by": str(by),
        "note": note,
        "stands_in_for": "" if reader == to else str(to),
        "registrations": [
            {
                "code": row.code,
                "company_name": row.company_name,
                "partner_name": row.partner.name,
                "due": row.review_due_at,
            }
            for row in rows
        ],
    }
    notify(
        event="registration.handed_over",
        recipient=reader,
        context=context,
        occasion=f"handed_over:{first.code}:{first.timeline.count()}:{len(rows)}",
        link=link if len(rows) == 1 else reverse("registrations:queue") + "?view=mine",
        about=first.code if len(rows) == 1 else "",
        clock=clock,
    )


def snooze(
    registration: Registration, *, until: datetime, reason: str, by: User, clock: Clock = database_clock
) -> Snooze:
    """Sets it aside until `until`; it comes back then, or as soon as its status changes or a rival ends. The clock of the
    review goes on.

    Raises BadInput for a moment that is past or over a year away and without a reason, WrongStatus outside a review.
    """
    at = clock()
    if until <= at:
        raise BadInput("Choose a day that is still to come.", field="until")
    if (until - at).days > 366:
        raise BadInput("Choose a day within a year.", field="until")
    if not reason.strip():
        raise BadInput("Say in a few words what you are waiting for.", field="reason")
    with transaction.atomic():
        locked = _locked(registration, by)
        row, _ = Snooze.objects.update_or_create(
            registration=locked, defaults={"until": until, "reason": reason.strip(), "by": by, "at": at}
        )
        data = {"until": until.isoformat(), "text": row.reason}
        timeline.record(locked, "snoozed", actor=by, at=at, data=data, audience=Audience.VENDOR)
    return row


def wake(registration: Registration, *, by: User, clock: Clock = database_clock) -> None:
    """Brings it back into the queue now. Waking what is awake changes nothing."""
    with transaction.atomic():
        locked = _locked(registration, by)
        if Snooze.objects.filter(registration=locked).delete()[0]:
            timeline.record(locked, "woken", actor=by, at=clock(), audience=Audience.VENDOR)


def _give(registration: Registration, *, to: User, by: User, note: str, at: datetime) -> Registration:
    locked = _locked(registration, by)
    before = locked.reviewer
    if before == to:
        raise WrongStatus(f"It is with {to} already.")
    locked.reviewer = to
    # The partner's own form does not grow old by it, so the version stays: the timeline tells of it.
    locked.save(update_fields=["reviewer"])
    data = {"changes": {"reviewer": [str(before or ""), str(to)]}} | (
        {"text": note.strip()} if note.strip() else {}
    )
    timeline.record(locked, "handed_over", actor=by, at=at, data=data, audience=Audience.VENDOR)
    return locked


def _locked(registration: Registration, by: User) -> Registration:
    if not by.may("registrations.decide"):
        raise NotAllowed("Your role does not include this.")
    rows = Registration.objects.select_for_update(of=("self",)).select_related("partner", "reviewer__role")
    locked = rows.get(pk=registration.pk)
    if locked.status not in UNDER_REVIEW:
        raise WrongStatus(f"{locked.code} is no longer in review.")
    return locked
