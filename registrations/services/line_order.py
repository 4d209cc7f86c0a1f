"""Changing the order of a line: a manager may, with a reason that everybody concerned reads and the case file keeps."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput
from registrations.enums import Action, Status
from registrations.models import Registration
from registrations.services import notices, receipts
from registrations.services.places import line_of, place_in_line
from registrations.services.transitions import Step, move, opened

_RULE = "A channel manager changed the order of the line, and said why."


def reorder(
    registration: Registration,
    *,
    to_place: int,
    reason: str,
    by: User,
    version: int | None = None,
    clock: Clock = database_clock,
) -> list[Registration]:
    """Gives `registration` the place `to_place` (from 1) among all who wait at its company; the others close up.

    Everybody whose place changed gets the reason, as timeline entry, receipt and mail; they are returned. The time of
    submission stays what it was. Raises BadInput without a reason or for a place that is none, or is its place already.
    """
    if not reason.strip():
        raise BadInput(
            "Say why. Every partner whose place changes reads it, and it stands in the case file.", "reason"
        )
    with transaction.atomic():
        locked = opened(registration, Action.REORDER, by=by, version=version)
        at = clock()
        before = line_of(locked)
        list(
            Registration.objects.filter(pk__in=[row.pk for row in before])
            .order_by("rank")
            .select_for_update()
        )
        after = [row for row in before if row.pk != locked.pk]
        if not 1 <= to_place <= len(before):
            raise BadInput(f"Choose a place from 1 to {len(before)}.", "to_place")
        after.insert(to_place - 1, next(row for row in before if row.pk == locked.pk))
        if [row.pk for row in after] == [row.pk for row in before]:
            raise BadInput("It has this place already.", "to_place")
        return _write(before, after, reason.strip(), by, at)


def _write(
    before: list[Registration], after: list[Registration], reason: str, by: User, at: datetime
) -> list[Registration]:
    """The same turns, handed out anew: who submits later still comes last."""
    turns = [row.turn for row in before]  # type: ignore[attr-defined]
    old_places = {row.pk: place_in_line(row) for row in before}
    changed = [(row, turn) for row, turn in zip(after, turns, strict=True) if row.turn != turn]  # type: ignore[attr-defined]
    for row, turn in changed:
        row.line_order = turn
        row.save(update_fields=["line_order"])
    told = [row for row in after if place_in_line(row) != old_places[row.pk]]
    for row in told:
        _tell(row, old_places[row.pk], reason, by, at)
    return told


def _tell(row: Registration, old_place: int, reason: str, by: User, at: datetime) -> None:
    place = place_in_line(row)
    said = {"text": reason, "place": place, "before": old_place}
    move(row, Action.REORDER, Status.WAITLISTED, by=by, at=at, step=Step(said))
    decision = receipts.write(
        row, Action.REORDER, before=Status.WAITLISTED, by=by, at=at, rule=_RULE, text=reason
    )
    notices.decided(row, "registration.place_changed", decision)
