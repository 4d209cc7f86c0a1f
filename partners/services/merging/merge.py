"""Doing a merge: every relation moves in one transaction, and what moved is kept for the way back."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Model

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, DomainError, NotAllowed, StaleVersion
from partners.enums import EntryAudience, PartnerStatus
from partners.merging.digests import columns_of, digests
from partners.merging.relations import (
    Moved,
    Relation,
    declared,
    fields,
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
    """Moves whatever of `gone` moves, and keeps what each row was right after; returns how many. The caller holds both
    locks."""
    lock_before({relation.name: moving(relation, gone, into) for relation in declared()})
    keys = {relation.name: move(relation, gone, into) for relation in declared()}
    keys = {name: moved for name, moved in keys.items() if moved}
    tell(Moved(gone, into, keys, merged_at=merge.at), by=merge.by, at=at)
    if not keys:
        return 0
    columns = {name: columns_of(fields()[name].model) for name in keys}
    # The hash is taken last: what other apps note about the merge is no change by somebody else.
    rows = [
        MergedRow(merge=merge, relation=name, row=key, digest=digest)
        for name, moved in keys.items()
        for key, digest in digests(fields()[name].model, moved, columns[name]).items()
    ]
    MergedRow.objects.bulk_create(rows, ignore_conflicts=True)
    merge.before = {**merge.before, "columns": {**merge.before.get("columns", {}), **columns}}
    merge.save(update_fields=["before"])
    return len(rows)


def move(relation: Relation, gone: Partner, into: Partner) -> list[int]:
    """Points the rows of one relation at the survivor, under their locks; returns their keys."""
    field = fields()[relation.name]
    model: type[Model] = field.model
    locked = list(
        moving(relation, gone, into).order_by("pk").select_for_update().values_list("pk", flat=True)
    )
    model._base_manager.filter(pk__in=locked).update(**{field.name: into})
    return locked
