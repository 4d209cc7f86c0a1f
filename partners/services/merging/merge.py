"""Doing a merge: every relation moves in one transaction, and what moved is kept for the way back."""

from copy import deepcopy
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, DomainError, NotAllowed, StaleVersion
from partners.enums import EntryAudience, PartnerStatus
from partners.merging.digests import columns_of, digests
from partners.merging.relations import (
    Moved,
    Relation,
    candidates,
    declared,
    fields,
    giving_way,
    lock_before,
    moving,
    rows_of,
    tell,
)
from partners.models import MergedRow, Partner, PartnerMerge
from partners.services.history import record
from partners.services.locking import lock_firm
from partners.services.merging.plan import plan_merge
from partners.services.standing import set_by_merge

EDIT = "partners.edit"
NOWHERE = 0  # no firm has this id


def merge_partners(
    gone: Partner,
    *,
    into: Partner,
    by: User,
    reason: str,
    versions: dict[int, int],
    clock: Clock = database_clock,
) -> PartnerMerge:
    """Moves everything of `gone` to `into`, and ends `gone`. `versions` are those of the two records that the person saw,
    by id.

    Raises NotAllowed without 'partners.edit', BadInput without a reason, StaleVersion when one of them was changed since,
    and DomainError with the first sentence of the plan that forbids it; then nothing was changed.
    """
    if not by.may(EDIT):
        raise NotAllowed("Your role does not include merging partners.")
    if not reason.strip():
        raise BadInput("Say why they are one firm.", field="reason")
    try:
        with transaction.atomic():
            gone, into = lock(gone, into)
            if any(versions.get(one.pk) != one.version for one in (gone, into)):
                raise StaleVersion(
                    "Somebody changed one of the two while you were looking. Read the plan again."
                )
            plan = plan_merge(gone, into=into)
            if plan.clashes:
                raise DomainError(plan.clashes[0])
            return _merge(gone, into, by=by, reason=reason.strip(), clock=clock)
    except IntegrityError as error:
        raise DomainError(
            "The two records hold something that only one of them can have. Nothing was changed."
        ) from error


def lock(*partners: Partner) -> list[Partner]:
    """The rows, locked in the order of their ids, as they are given. Rows that point to them can still be added meanwhile
    (services/standing.py says why): strays.py carries those over."""
    locked = {pk: lock_firm(pk) for pk in sorted(partner.pk for partner in partners)}
    return [locked[partner.pk] for partner in partners]


def _merge(gone: Partner, into: Partner, *, by: User, reason: str, clock: Clock) -> PartnerMerge:
    merge = PartnerMerge.objects.create(
        gone=gone,
        survivor=into,
        by=by,
        at=clock(),
        reason=reason,
        before={"status": gone.status, "left": _left(gone, into)},
    )
    carry(merge, gone, into, at=merge.at)
    set_by_merge(gone, PartnerStatus.ENDED)
    into.version += 1
    into.save(update_fields=["version"])
    for partner in (gone, into):
        told = {"label": f"{gone.name} is part of {into.name} now.", "reason": merge.reason}
        record(partner, "merged", actor=by, at=merge.at, data=told, audience=EntryAudience.VENDOR)
    return merge


def _left(gone: Partner, into: Partner) -> dict[str, list[int]]:
    """What people of `gone` have with the other record already: it is not theirs through this merge."""
    found = {
        one.name: list(
            rows_of(one, into).filter(**{f"{one.goes_with}__partner": gone}).values_list("pk", flat=True)
        )
        for one in declared()
        if one.goes_with
    }
    return {name: keys for name, keys in found.items() if keys}


def carry(merge: PartnerMerge, gone: Partner, into: Partner, *, at: datetime) -> int:
    """Moves whatever of `gone` moves, and keeps what each row was right after; returns how many. What stayed when this was
    called before stays, whatever the survivor has by now. The caller holds both locks."""
    stayed: dict[str, list[int]] = merge.before.get("stayed", {})
    gave_way: dict[str, list[int]] = merge.before.get("gave_way", {})
    leaving = {
        one.name: moving(one, gone, into).exclude(pk__in=stayed.get(one.name, [])) for one in declared()
    }
    lock_before(leaving)
    keys: dict[str, list[int]] = {}
    for relation in declared():
        moved, aside = move(relation, leaving[relation.name], gone, into)
        if moved:
            keys[relation.name] = moved
        if aside:
            gave_way = {**gave_way, relation.name: [*gave_way.get(relation.name, []), *aside]}
    notes = deepcopy(merge.before.get("notes", {}))
    tell(Moved(gone, into, keys, merged_at=merge.at, notes=notes), by=merge.by, at=at)
    columns = {name: columns_of(fields()[name].model) for name in keys}
    # The hash is taken last: what other apps note about the merge is no change by somebody else.
    rows = [
        MergedRow(merge=merge, relation=name, row=key, digest=digest)
        for name, moved in keys.items()
        for key, digest in digests(fields()[name].model, moved, columns[name]).items()
    ]
    MergedRow.objects.bulk_create(rows, ignore_conflicts=True)
    before = {
        **merge.before,
        "columns": {**merge.before.get("columns", {}), **columns},
        "gave_way": gave_way,
        "stayed": _doubles_of(gone),
        "notes": notes,
    }
    if before != merge.before:
        merge.before = before
        merge.save(update_fields=["before"])
    return len(rows)


def _doubles_of(gone: Partner) -> dict[str, list[int]]:
    """What the record that goes still has of what may move, after that."""
    found = {
        one.name: sorted(candidates(one, gone).values_list("pk", flat=True))
        for one in declared()
        if one.unless
    }
    return {name: keys for name, keys in found.items() if keys}


def move(
    relation: Relation, leaving: QuerySet[Model], gone: Partner, into: Partner
) -> tuple[list[int], list[int]]:
    """Points these rows of one relation at the survivor, and those of its own that they are better than at the old record,
    under their locks; returns the keys of both."""
    field = fields()[relation.name]
    model: type[Model] = field.model
    locked = list(leaving.order_by("pk").select_for_update().values_list("pk", flat=True))
    rows = model._base_manager.filter(pk__in=locked)
    aside = list(
        giving_way(relation, rows, into).order_by("pk").select_for_update().values_list("pk", flat=True)
    )
    point_nowhere(relation, aside)
    rows.update(**{field.name: into})
    model._base_manager.filter(pk__in=aside).update(**{field.name: gone})
    return locked, aside


def point_nowhere(relation: Relation, keys: list[int]) -> None:
    """Takes rows out of the way of those that come in their place: a UNIQUE is asked with each statement, a foreign key when the
    transaction ends, by when the caller has pointed them at a firm again."""
    field = fields()[relation.name]
    field.model._base_manager.filter(pk__in=keys).update(**{field.attname: NOWHERE})
