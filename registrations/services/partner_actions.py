"""What a partner does with a registration after submitting: answer, update, withdraw, win, lose."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.zones import local_day
from core.clock import Clock, database_clock
from core.errors import BadInput
from policies.models import RegistrationPolicy
from registrations.enums import Action, LossReason, Status
from registrations.models import Registration
from registrations.services import attachments, notices, outgrown, protection, qualifying, squatting, waitlist
from registrations.services.clocks import review_due
from registrations.services.transitions import Step, move, opened

# The facts of a deal whose change says that somebody works on it.
UPDATABLE = ("stage", "value", "expected_close", "next_step", "contact_made", "contact_on", "competitors")


def answer(
    registration: Registration,
    *,
    by: User,
    text: str,
    version: int | None = None,
    clock: Clock = database_clock,
) -> Registration:
    """Answers the channel manager's question; it returns to review and the SLA clock starts anew."""
    if not text.strip():
        raise BadInput("Write your answer, so that the review can go on.", field="text")
    with transaction.atomic():
        locked = opened(registration, Action.ANSWER, by=by, version=version)
        at = clock()
        locked.review_due_at = review_due(locked.policy or _in_force(at), at)
        step = Step({"text": text}, ["review_due_at"])
        move(locked, Action.ANSWER, Status.IN_REVIEW, by=by, at=at, step=step)
        notices.tell_referee(locked, "registration.information_answered", occasion=f"v{locked.version}")
    return locked


def update(
    registration: Registration,
    *,
    by: User,
    fields: dict[str, Any],
    note: str = "",
    via: str = "portal",
    upload: "UploadedFile[Any] | None" = None,
    version: int | None = None,
    clock: Clock = database_clock,
) -> Registration:
    """A qualifying update: something changed, or the note says what happened. Protection is renewed in full.

    Raises BadInput when nothing new was said (the same words again do not keep a deal alive), or where the policy wants
    evidence and there is none, or for a contact in the future or a close in the past.
    """
    with transaction.atomic():
        locked = opened(registration, Action.UPDATE, by=by, version=version)
        worth = locked.value
        changes = _changes(locked, fields)
        refused = qualifying.why_not(locked, changes, note)
        if refused:
            raise BadInput(refused, field="note")
        new_file = upload is not None and not attachments.is_known(locked, upload)
        refused = qualifying.lacks_evidence(locked, changes, with_file=new_file)
        if refused:
            raise BadInput(refused, field="contact_on")
        at = clock()
        _check_days(locked, changes, local_day(by, at))
        if upload is not None:
            attachments.keep(locked, upload, by=by, at=at)
        renew(locked, by=by, at=at, changes=changes, note=note, via=via)
        if "value" in changes:
            outgrown.tell(locked, locked.policy or _in_force(at), before=worth, at=at)
    return locked


def renew(
    locked: Registration,
    *,
    by: User,
    at: datetime,
    changes: dict[str, list[str]] | None = None,
    note: str = "",
    via: str = "portal",
) -> None:
    """Writes an update on a registration that came from `opened`: changed fields, new protection, timeline."""
    protection.renew(locked, locked.policy or _in_force(at), at=at)
    data = {"changes": changes or {}, "via": via} | ({"text": note} if note.strip() else {})
    step = Step(data, (*protection.FIELDS, *(changes or {})))
    move(locked, Action.UPDATE, Status.APPROVED, by=by, at=at, step=step)


def withdraw(
    registration: Registration,
    *,
    by: User,
    text: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Registration:
    """The partner gives it up; a scope it held goes to the next in line."""
    with transaction.atomic():
        locked = opened(registration, Action.WITHDRAW, by=by, version=version)
        return _end(locked, Action.WITHDRAW, Status.WITHDRAWN, by=by, at=clock(), data={"text": text})


def release(
    registration: Registration,
    *,
    by: User,
    text: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Registration:
    """The holder lets go of the deal before its time; the next in line gets its turn."""
    with transaction.atomic():
        locked = opened(registration, Action.RELEASE, by=by, version=version)
        return _end(locked, Action.RELEASE, Status.WITHDRAWN, by=by, at=clock(), data={"text": text})


def record_won(
    registration: Registration,
    *,
    by: User,
    value: Decimal,
    closed_on: date,
    version: int | None = None,
    clock: Clock = database_clock,
) -> Registration:
    """Won: `value` in the registration's currency on `closed_on`, from the registration's day until today, as `by`
    has it."""
    with transaction.atomic():
        locked = opened(registration, Action.WIN, by=by, version=version)
        at = clock()
        _check_day(closed_on, locked, local_day(by, at))
        if value <= 0:
            raise BadInput("A deal that was won has a value above zero.", field="value")
        locked.closed_value, locked.closed_on = value, closed_on
        data = {"value": str(value), "on": closed_on.isoformat()}
        return _end(
            locked, Action.WIN, Status.WON, by=by, at=at, data=data, fields=("closed_value", "closed_on")
        )


def record_lost(
    registration: Registration,
    *,
    by: User,
    reason: str,
    closed_on: date,
    text: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Registration:
    """Lost, with a reason from the list; a scope it held goes to the next in line."""
    if reason not in LossReason.values:
        raise BadInput("Choose why the deal was lost.", field="reason")
    with transaction.atomic():
        locked = opened(registration, Action.LOSE, by=by, version=version)
        at = clock()
        _check_day(closed_on, locked, local_day(by, at))
        locked.loss_reason, locked.closed_on = reason, closed_on
        data = {"reason": reason, "on": closed_on.isoformat(), "text": text}
        return _end(
            locked, Action.LOSE, Status.LOST, by=by, at=at, data=data, fields=("loss_reason", "closed_on")
        )


def _end(
    locked: Registration,
    action: Action,
    target: Status,
    *,
    by: User,
    at: datetime,
    data: dict[str, Any],
    fields: tuple[str, ...] = (),
) -> Registration:
    locked.closed_at, locked.waits_for = at, None
    move(locked, action, target, by=by, at=at, step=Step(data, ("closed_at", "waits_for", *fields)))
    again_from = squatting.free_again_from(locked, _in_force(at)) if target == Status.WITHDRAWN else None
    notices.tell_partner(
        locked,
        f"registration.{target.value}",
        occasion=f"v{locked.version}",
        but_not=by,
        again_from=again_from,
    )
    if target == Status.WON:
        waitlist.return_to_review(locked, at=at)
    else:
        waitlist.move_up(locked, at=at)
    return locked


def _changes(registration: Registration, fields: dict[str, Any]) -> dict[str, list[str]]:
    """Writes what differs onto the registration; returns field → [before, after] as text for the timeline."""
    changes = {}
    for name in UPDATABLE:
        if name not in fields or fields[name] is None:
            continue
        before, after = getattr(registration, name), fields[name]
        if name in qualifying.TEXTS and qualifying.same_words(before, after):
            continue
        if before != after:
            setattr(registration, name, after)
            changes[name] = ["" if before is None else str(before), str(after)]
    return changes


def _check_days(updated: Registration, changes: Collection[str], today: date) -> None:
    """Raises BadInput where an update says that the deal closes in the past, or that a contact took place in the future."""
    closes = updated.expected_close if "expected_close" in changes else None
    if closes is not None and closes < today:
        raise BadInput("This day has passed. Choose today or a later day.", field="expected_close")
    met = updated.contact_on if "contact_on" in changes else None
    if met is not None and met > today:
        words = "This day lies in the future. Choose the day the contact took place."
        raise BadInput(words, field="contact_on")


def _check_day(day: date, registration: Registration, today: date) -> None:
    if day > today:
        raise BadInput("The day cannot lie in the future.", field="closed_on")
    submitted = registration.submitted_at
    if submitted is not None and day < submitted.date() - timedelta(
        days=1
    ):  # it may be a day earlier elsewhere
        words = "This day lies before the registration. Choose the day on which it was decided."
        raise BadInput(words, field="closed_on")


def _in_force(at: datetime) -> RegistrationPolicy:
    return RegistrationPolicy.objects.in_force(at)
