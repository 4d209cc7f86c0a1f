"""Taking a merge apart within a day: the rows that it moved go back with what is their people's own; what else changed stays."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import DomainError, NotAllowed, TooLate, WrongStatus
from partners.enums import EntryAudience, PartnerStatus
from partners.merging.digests import digests
from partners.merging.relations import (
    Moved,
    Relation,
    declared,
    fields,
    has_its_place,
    lock_before,
    rows_of,
    tell,
)
from partners.models import Invitation, Member, MergedRow, Partner, PartnerMerge
from partners.services.history import record
from partners.services.merging.merge import EDIT, NOWHERE, lock, point_nowhere
from partners.services.standing import set_by_merge

UNDO_HOURS = 24
_EXAMPLES = 5
_PEOPLE, _INVITATIONS = "partners.Member.partner", "partners.Invitation.partner"


def may_undo(merge: PartnerMerge, now: datetime) -> bool:
    """Whether it stands and can still be taken back."""
    return merge.undone_at is None and now <= merge.at + timedelta(hours=UNDO_HOURS)


def undoable(now: datetime) -> "QuerySet[PartnerMerge]":
    """The merges that stand and can still be taken back."""
    return PartnerMerge.objects.filter(undone_at=None, at__gte=now - timedelta(hours=UNDO_HOURS))


def moved_on_trial(relation: str, now: datetime) -> "QuerySet[Any, int]":
    """The keys of the rows that merges moved which can still be taken back. A sweep that would end such a row by what the
    survivor is waits until the merge stands for good."""
    rows = MergedRow.objects.filter(relation=relation, merge__in=undoable(now))
    return rows.values_list("row", flat=True)


def undo_merge(merge: PartnerMerge, *, by: User, clock: Clock = database_clock) -> PartnerMerge:
    """Moves back what the merge moved; `kept` of the result says what stays with the survivor because it changed since.

    Raises NotAllowed without 'partners.edit', WrongStatus when it was undone or the survivor was merged on since, TooLate
    after a day, DomainError where going back would break a rule.
    """
    if not by.may(EDIT):
        raise NotAllowed("Your role does not include merging partners.")
    try:
        with transaction.atomic():
            gone, survivor = lock(merge.gone, merge.survivor)
            locked = PartnerMerge.objects.select_for_update().get(pk=merge.pk)
            now = clock()
            if locked.undone_at is not None:
                raise WrongStatus("This merge was taken back already.")
            if PartnerMerge.objects.filter(gone=survivor, undone_at=None).exists():
                raise WrongStatus(
                    f"{survivor.name} was merged into another record since. Take that back first."
                )
            if not may_undo(locked, now):
                raise TooLate(f"A merge can be taken back for {UNDO_HOURS} hours.")
            _undo(locked, gone, survivor, by=by, now=now)
            return locked
    except IntegrityError as error:
        raise DomainError(
            "Something was added since that stands in the way of going back. Nothing was changed."
        ) from error


def _undo(merge: PartnerMerge, gone: Partner, survivor: Partner, *, by: User, now: datetime) -> None:
    keys: dict[str, list[int]] = {}
    left: dict[str, list[int]] = {}
    kept: list[dict[str, Any]] = []
    _lock_before(merge, survivor)
    for relation in sorted(
        declared(), key=lambda one: one.name != _PEOPLE
    ):  # the people first: their own goes with them
        moved = dict(merge.rows.filter(relation=relation.name).values_list("row", "digest"))
        columns = merge.before.get("columns", {}).get(relation.name, [])
        back, stays = _split(relation, moved, columns, survivor) if moved else ([], [])
        people = keys.get(_PEOPLE, [])
        own = _own_of(relation, people, survivor) - set(merge.before.get("left", {}).get(relation.name, []))
        if relation.name == _PEOPLE:
            own = _newcomers(merge, back, survivor)
        stays = sorted({*stays, *_written_of(relation, people, survivor, merge.at)} - own - set(back))
        back = sorted({*back, *own})
        _point_back(relation, back, merge.before.get("gave_way", {}).get(relation.name, []), gone, survivor)
        if back or stays:
            keys[relation.name] = back
            if stays:
                left[relation.name] = stays
                kept.append(
                    {"label": relation.label, "count": len(stays), "examples": _names(relation, stays)}
                )
    notes = merge.before.get("notes", {})
    tell(Moved(survivor, gone, keys, merged_at=merge.at, back=True, stays=left, notes=notes), by=by, at=now)
    merge.undone_by, merge.undone_at, merge.kept = by, now, kept
    merge.save(update_fields=["undone_by", "undone_at", "kept"])
    if gone.status == PartnerStatus.ENDED:
        set_by_merge(gone, PartnerStatus(merge.before["status"]))
    survivor.version += 1
    survivor.save(update_fields=["version"])
    for partner in (gone, survivor):
        told = {"label": f"{gone.name} stands for itself again, apart from {survivor.name}."}
        record(partner, "parted", actor=by, at=now, data=told, audience=EntryAudience.VENDOR)


def _point_back(
    relation: Relation, back: list[int], gave_way: list[int], gone: Partner, survivor: Partner
) -> None:
    """Points the rows that go back at the old record, and those that gave way to them at the survivor again, but for those
    whose place is taken: what came there was changed since, and stays."""
    if not back and not gave_way:
        return
    field = fields()[relation.name]
    rows = field.model._base_manager
    aside = list(
        rows_of(relation, gone).filter(pk__in=gave_way).select_for_update().values_list("pk", flat=True)
    )
    point_nowhere(relation, aside)
    rows.filter(pk__in=back).update(**{field.name: gone})
    taken = rows.filter(has_its_place(relation, survivor), pk__in=aside)
    rows.filter(pk__in=list(taken.values_list("pk", flat=True))).update(**{field.name: gone})
    rows.filter(**{field.attname: NOWHERE}, pk__in=aside).update(**{field.name: survivor})


def _newcomers(merge: PartnerMerge, people: list[int], survivor: Partner) -> set[int]:
    """The keys of members who came meanwhile by an invitation that the merge moved, or of somebody who goes back (`people`),
    locked: they are the old record's people, too."""
    moved = merge.rows.filter(relation=_INVITATIONS).values("row")
    theirs = Q(pk__in=moved) | Q(invited_by__member__in=people)
    came = Invitation.objects.filter(theirs, partner=survivor, accepted_by__isnull=False).values(
        "accepted_by"
    )
    rows = Member.objects.filter(partner=survivor, user__in=came).exclude(pk__in=people)
    return set(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _own_of(relation: Relation, people: list[int], survivor: Partner) -> set[int]:
    """The keys of rows with the survivor that belong to people who go back, locked."""
    if not relation.goes_with or not people:
        return set()
    own = rows_of(relation, survivor).filter(**{f"{relation.goes_with}__in": people})
    model = fields()[relation.name].model
    locked = model._base_manager.filter(pk__in=list(own.values_list("pk", flat=True)))
    return set(locked.order_by("pk").select_for_update().values_list("pk", flat=True))


def _written_of(relation: Relation, people: list[int], survivor: Partner, since: datetime) -> set[int]:
    """The keys of rows with the survivor that people who go back wrote since."""
    if relation.written is None or not people:
        return set()
    rows = rows_of(relation, survivor).filter(relation.written(people, since))
    return set(rows.values_list("pk", flat=True))


def _lock_before(merge: PartnerMerge, survivor: Partner) -> None:
    """Takes the locks that come before those of the rows that may go back."""
    people = list(merge.rows.filter(relation=_PEOPLE).values_list("row", flat=True))
    rows = {}
    for relation in declared():
        may = Q(pk__in=list(merge.rows.filter(relation=relation.name).values_list("row", flat=True)))
        if relation.goes_with:
            may |= Q(**{f"{relation.goes_with}__in": people})
        rows[relation.name] = rows_of(relation, survivor).filter(may)
    lock_before(rows)


def _split(
    relation: Relation, moved: dict[int, str], columns: list[str], survivor: Partner
) -> tuple[list[int], list[int]]:
    """The keys of the rows that go back, locked, since nobody touched them or they return whatever was written on them; and
    of those that were changed. Rows that are gone are in neither."""
    model = fields()[relation.name].model
    there = list(
        model._base_manager.filter(pk__in=moved)
        .order_by("pk")
        .select_for_update()
        .values_list("pk", flat=True)
    )
    now = digests(model, there, columns)
    back = {key for key in there if now.get(key) == moved[key]}
    if relation.returns is not None:
        with_survivor = rows_of(relation, survivor).filter(relation.returns, pk__in=there)
        back.update(with_survivor.values_list("pk", flat=True))
    return [key for key in there if key in back], [key for key in there if key not in back]


def _names(relation: Relation, keys: list[int]) -> list[str]:
    if not relation.shows:
        return []
    rows = fields()[relation.name].model._base_manager.filter(pk__in=keys).order_by("pk")
    return [str(value) for value in rows.values_list(relation.shows, flat=True)[:_EXAMPLES]]
