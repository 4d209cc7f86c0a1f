"""Changing the order of a line: a manager may, with a reason that everybody concerned reads and the case file keeps."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput
from registrations.enums import Action, Status
from registrations.models import Decision, Registration
from registrations.services import notices, receipts, undo
from registrations.services.places import line_of, place_in_line, places_to_give
from registrations.services.transitions import Step, move, opened

_RULE = "A channel manager changed the order of the line, and said why."
_RESTORED = "A partner appealed against the last change of the order, and was right: its place is that of its submission again."


def reorder(
    registration: Registration,
    *,
    to_place: int,
    reason: str,
    by: User,
    version: int | None = None,
    clock: Clock = database_clock,
) -> list[Registration]:
    """Gives `registration` the place `to_place` (from 1) among all who wait at its company, or family where the policy
    holds families together; the others close up. Who is reviewed anew is counted, as in the places that partners read, and
    keeps its number.

    Everybody whose place changed gets the reason, as timeline entry, receipt and mail; they are returned. It is undone for all
    of them together, while their mails are held. The time of submission stays what it was. Raises BadInput without a reason,
    for a place that is none, or one that would change nobody's place.
    """
    if not reason.strip():
        raise BadInput(
            "Say why. Every partner whose place changes reads it, and it stands in the case file.", "reason"
        )
    with transaction.atomic():
        locked = opened(registration, Action.REORDER, by=by, version=version)
        at = clock()
        before = _locked_line(locked, at)
        after = [row for row in before if row.pk != locked.pk]
        numbers = places_to_give(line_of(locked, at=at, anew=True))
        if to_place not in numbers:
            raise BadInput(f"Choose one of the places {', '.join(map(str, numbers))}.", "to_place")
        after.insert(numbers.index(to_place), next(row for row in before if row.pk == locked.pk))
        if [row.pk for row in after] == [row.pk for row in before]:
            raise BadInput("It has this place already.", "to_place")
        with undo.kept(locked, Action.REORDER, beside=before) as memory:
            made = _write(before, after, reason.strip(), by, at)
            memory.decision = min(made, key=lambda decision: decision.registration_id != locked.pk)
    return [decision.registration for decision in made]


def by_time(locked: Registration, *, by: User, at: datetime) -> None:
    """Gives a registration, which came from `opened`, its place by time of submission back, as an appeal was granted, but
    never a worse one than it has. The others whose place changes are told."""
    before = _locked_line(locked, at)
    after = [row for row in before if row.pk != locked.pk]
    later = (place for place, row in enumerate(after) if (row.rank or 0) > (locked.rank or 0))
    now = [row.pk for row in before].index(locked.pk)
    after.insert(min(now, next(later, now)), next(row for row in before if row.pk == locked.pk))
    _write(before, after, _RESTORED, by, at, told_already=locked)


def moved_back(decision: Decision) -> bool:
    """Whether a change of the order put the registration of this receipt further back."""
    entries = decision.registration.timeline.filter(kind=Action.REORDER, at=decision.at)
    said = entries.values_list("data", flat=True).first() or {}
    return bool(said.get("place", 0) > said.get("before", 0))


def _locked_line(locked: Registration, at: datetime) -> list[Registration]:
    """The whole line. Every company of a family is locked together with the one at its top, which the caller holds."""
    line = line_of(locked, at=at)
    rows = Registration.objects.filter(pk__in=[row.pk for row in line])
    list(rows.order_by("rank").select_for_update())
    return line


def _write(
    before: list[Registration],
    after: list[Registration],
    reason: str,
    by: User,
    at: datetime,
    told_already: Registration | None = None,
) -> list[Decision]:
    """The same turns, handed out anew: who submits later still comes last."""
    turns = [row.turn for row in before]  # type: ignore[attr-defined]
    old_places = {row.pk: place_in_line(row, at=at) for row in before}
    changed = [(row, turn) for row, turn in zip(after, turns, strict=True) if row.turn != turn]  # type: ignore[attr-defined]
    for row, turn in changed:
        row.line_order = turn
        row.save(update_fields=["line_order"])
    told = [row for row in after if place_in_line(row, at=at) != old_places[row.pk]]
    if not told and told_already is None:  # nobody would read the reason
        raise BadInput(
            "Nobody's place would change by that: those it would pass wait for something else.", "to_place"
        )
    return [_tell(row, old_places[row.pk], reason, by, at) for row in told if row != told_already]


def _tell(row: Registration, old_place: int, reason: str, by: User, at: datetime) -> Decision:
    place = place_in_line(row, at=at)
    said = {"text": reason, "place": place, "before": old_place}
    move(row, Action.REORDER, Status.WAITLISTED, by=by, at=at, step=Step(said))
    rule = f"{_RULE} The place went from number {old_place} to number {place}."
    decision = receipts.write(
        row, Action.REORDER, before=Status.WAITLISTED, by=by, at=at, rule=rule, text=reason
    )
    notices.decided(row, "registration.place_changed", decision)
    return decision
