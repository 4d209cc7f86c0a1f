"""Keeping who changed what about a company, when and why, and taking a change back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from companies import permissions
from companies.enums import ChangeKind
from companies.index.domains import domain_anew
from companies.index.upkeep import keep_in_step
from companies.models import Change, Company, CompanyName
from companies.services import handed_on
from companies.services.ancestry import put_under
from companies.services.locks import lock_companies, lock_registry
from core.clock import Clock, database_clock
from core.errors import WrongStatus

_CHANGED_SINCE = "It was changed again since. Take the later change back first."


def record(
    company: Company,
    kind: ChangeKind,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    name: CompanyName | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Change:
    """Keeps a change that the caller has just made, and moves the company's version on. The caller holds its lock."""
    Company.objects.filter(pk=company.pk).update(version=F("version") + 1)
    return Change.objects.create(
        company=company,
        kind=kind,
        name=name,
        before=before or {},
        after=after or {},
        reason=reason.strip()[:2000],
        by=by,
        at=at,
    )


@transaction.atomic
def undo_change(change: Change, *, by: User | None, clock: Clock = database_clock) -> Change:
    """Take a change back: the company is as before it, whatever else was changed stays.

    Raises NotAllowed; WrongStatus where it was taken back already, where a later change rests on it, or where the
    company was merged into another.
    """
    permissions.check(by, permissions.JUDGE)
    lock_registry()
    company = lock_companies([change.company_id])[change.company_id]
    row = Change.objects.select_for_update(of=("self",)).select_related("name").get(pk=change.pk)
    if row.undone_at is not None:
        raise WrongStatus("This change was taken back already.")
    if company.merged_into_id is not None:
        raise WrongStatus("This company was merged into another. Take that back first.")
    moment = clock()
    _TAKE_BACK[ChangeKind(row.kind)](company, row, moment)
    keep_in_step()
    row.undone_at, row.undone_by = moment, by
    row.save(update_fields=["undone_at", "undone_by"])
    Company.objects.filter(pk=company.pk).update(version=F("version") + 1)
    return row


def _name_goes(company: Company, change: Change, moment: datetime) -> None:
    names = CompanyName.objects.active().filter(company=company)
    if not names.exclude(pk=change.name_id or 0).exists():
        raise WrongStatus("A company keeps at least one name.")
    if names.filter(pk=change.name_id or 0).update(withdrawn_at=moment) != 1:
        raise WrongStatus(_CHANGED_SINCE)


def _name_comes_back(company: Company, change: Change, moment: datetime) -> None:
    assert change.name is not None
    brought_by = change.name.from_verdict
    if brought_by is not None and brought_by.undone_at is not None:
        raise WrongStatus(
            "The name had come with a merge that was taken back since. It is the other company's."
        )
    if CompanyName.objects.active().filter(company=company, text=change.name.text).exists():
        raise WrongStatus("The company has this name again already.")
    CompanyName.objects.filter(pk=change.name.pk).update(withdrawn_at=None)


def _parent_back(company: Company, change: Change, moment: datetime) -> None:
    then, now = change.before.get("parent"), change.after.get("parent")
    if company.parent_id not in _ids_of(now):
        raise WrongStatus(_CHANGED_SINCE)
    before = _standing(then)
    kept = handed_on.parent_without(company, before.pk if before else None, since=change.at)
    put_under(company, Company.objects.filter(pk=kept or 0).first())
    if before is not None and kept is None:
        company.parent_id = None
        handed_on.fill_parent_again(company)


def _standing(kept: dict[str, Any] | None) -> Company | None:
    company = Company.objects.filter(pk=kept["id"]).first() if kept else None
    return company.survivor() if company else None


def _ids_of(kept: dict[str, Any] | None) -> set[int | None]:
    """The ids that a kept parent goes by: its own, and that of the company it was merged into since."""
    standing = _standing(kept)
    return {None} if kept is None else {kept["id"], standing.pk if standing else None}


def _facts_back(company: Company, change: Change, moment: datetime) -> None:
    left = handed_on.facts_that_left(company, change.before, since=change.at)
    facts, before = change.after, {**change.before, **dict.fromkeys(left, "")}
    # The domain follows the website, and may have been reduced anew since.
    if any(getattr(company, field) != value for field, value in facts.items() if field != "domain"):
        raise WrongStatus(_CHANGED_SINCE)
    if "domain" in before:
        before["domain"] = domain_anew(before.get("website", company.website), before["domain"], company.name)
    Company.objects.filter(pk=company.pk).update(**before)
    company.refresh_from_db()
    handed_on.fill_again(company, left)


_TAKE_BACK = {
    ChangeKind.NAME_ADDED: _name_goes,
    ChangeKind.NAME_WITHDRAWN: _name_comes_back,
    ChangeKind.PARENT: _parent_back,
    ChangeKind.FACTS: _facts_back,
}
