"""Parents and subsidiaries (C6)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from companies import permissions
from companies.enums import ChangeKind
from companies.models import Company
from companies.services import changes
from companies.services.ancestry import brief, put_under
from companies.services.locks import lock_companies, lock_registry
from core.clock import Clock, database_clock
from core.errors import StaleVersion, WrongStatus


@transaction.atomic
def set_parent(
    company: Company,
    parent: Company | None,
    *,
    by: User | None,
    reason: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Company:
    """Make a company the subsidiary of another, or of none; kept with who, when and why, and undoable.

    `version` is the company's that the person saw. Raises WrongStatus where it would close a circle or one of the two
    was merged away, StaleVersion, NotAllowed. Nothing is written where the parent is this one already.
    """
    permissions.check(by, permissions.JUDGE)
    lock_registry()
    locked = lock_companies([company.pk] + ([parent.pk] if parent else []))
    own, new = locked[company.pk], locked[parent.pk] if parent else None
    if version is not None and version != own.version:
        raise StaleVersion("Somebody changed this company after you opened it. Look at it again.")
    if own.merged_into_id is not None or (new is not None and new.merged_into_id is not None):
        raise WrongStatus("One of these companies was merged into another since. Look at it again.")
    if own.parent_id != (new.pk if new else None):
        before = brief(own.parent)
        put_under(own, new)
        changes.record(
            own,
            ChangeKind.PARENT,
            by=by,
            at=clock(),
            reason=reason,
            before={"parent": before},
            after={"parent": brief(new)},
        )
    company.refresh_from_db()
    return company
