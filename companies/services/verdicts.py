"""What people decide about two companies. A verdict outranks every score and can be undone."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F

from accounts.models import User
from companies import permissions
from companies.enums import VerdictKind
from companies.index.upkeep import keep_in_step
from companies.models import Company, Verdict
from companies.services import merging, suggestions, told_apart
from companies.services.locks import lock_companies, lock_registry
from companies.signals import verdict_given, verdict_undone
from core.clock import Clock, database_clock
from core.errors import StaleVersion, WrongStatus

Versions = Mapping[int, int]


@transaction.atomic
def declare_same(
    a: Company,
    b: Company,
    *,
    by: User | None,
    reason: str = "",
    clock: Clock = database_clock,
    keep: Company | None = None,
    versions: Versions | None = None,
) -> Company:
    """Two companies are one. Returns the company that goes on: `keep`, else the older row.

    The other's names become aliases of it, its named accounts, subsidiaries and 'different' verdicts go over, and
    its row points at it. Apps above re-point their own rows: signals.verdict_given; what forbids the merge there is
    raised. `versions` are those, by company id, that the person saw. Raises WrongStatus where they are one already,
    StaleVersion, NotAllowed.
    """
    one, other = _locked_pair(a, b, by=by, versions=versions, words="These are one company already.")
    survivor, absorbed = (other, one) if keep is not None and keep.pk == other.pk else (one, other)
    verdict = _record(one, other, VerdictKind.SAME, by=by, reason=reason, clock=clock)
    merging.merge(absorbed, into=survivor, verdict=verdict, by=by, clock=clock)
    suggestions.follow_verdicts(survivor.pk)
    keep_in_step()
    absorbed.refresh_from_db()
    survivor.refresh_from_db()
    verdict_given.send(sender=Verdict, verdict=verdict, gone=absorbed, survivor=survivor)
    return survivor


@transaction.atomic
def declare_different(
    a: Company,
    b: Company,
    *,
    by: User | None,
    reason: str = "",
    clock: Clock = database_clock,
    versions: Versions | None = None,
) -> Verdict:
    """Two companies are not one: the search rules each out for the other from now on.

    Raises WrongStatus where they were merged: that verdict has to be undone first; StaleVersion, NotAllowed.
    """
    words = "These were declared the same company. Undo that first."
    one, other = _locked_pair(a, b, by=by, versions=versions, words=words)
    verdict = _record(one, other, VerdictKind.DIFFERENT, by=by, reason=reason, clock=clock)
    verdict_given.send(sender=Verdict, verdict=verdict, gone=None, survivor=None)
    return verdict


@transaction.atomic
def undo_verdict(verdict: Verdict, *, by: User | None, clock: Clock = database_clock) -> Verdict:
    """Take a verdict back: a merge is taken apart, what was handed on for this verdict alone goes with it, and the verdict that
    this one replaced holds again. Apps above re-point their own rows: signals.verdict_undone.

    Raises WrongStatus where it was undone already or the surviving company was merged on since.
    """
    permissions.check(by, permissions.JUDGE)
    lock_registry()
    lock_companies([verdict.low_id, verdict.high_id])
    row = Verdict.objects.select_for_update(of=("self",)).get(pk=verdict.pk)
    if row.undone_at is not None:
        raise WrongStatus("This verdict was undone already.")
    moment = clock()
    restored, survivor = None, None
    if row.verdict == VerdictKind.SAME:
        restored, survivor = merging.unmerge(row, by=by, moment=moment)
        keep_in_step()
    row.undone_at, row.undone_by = moment, by
    row.save(update_fields=["undone_at", "undone_by"])
    _restore_replaced(row)
    unsaid = told_apart.drop_unsaid(row.low_id, row.high_id, by=by, moment=moment)
    _touch(row.low_id, row.high_id)
    suggestions.follow_verdicts(*{pk for one in (row, *unsaid) for pk in (one.low_id, one.high_id)})
    for one in unsaid:
        verdict_undone.send(sender=Verdict, verdict=one, restored=None, survivor=None)
    verdict_undone.send(sender=Verdict, verdict=row, restored=restored, survivor=survivor)
    return row


def _locked_pair(
    a: Company, b: Company, *, by: User | None, versions: Versions | None, words: str
) -> tuple[Company, Company]:
    permissions.check(by, permissions.JUDGE)
    lock_registry()
    low, high = sorted({a.pk, b.pk})[0], sorted({a.pk, b.pk})[-1]
    rows = lock_companies({low, high})
    standing = {rows[low].survivor().pk, rows[high].survivor().pk}
    if len(standing) < 2:
        raise WrongStatus(words)
    if versions is not None and any(versions.get(pk) != rows[pk].version for pk in rows):
        raise StaleVersion("Somebody changed one of the two after you opened this page. Look at them again.")
    rows = lock_companies(standing)
    return rows[min(standing)], rows[max(standing)]


def _record(
    low: Company, high: Company, kind: VerdictKind, *, by: User | None, reason: str, clock: Clock
) -> Verdict:
    moment = clock()
    # One active verdict a pair: the newer one replaces the older, which holds again when the newer one is undone.
    replaced = Verdict.objects.active().between(low.pk, high.pk).first()
    if replaced is not None:
        Verdict.objects.filter(pk=replaced.pk).update(undone_at=moment, undone_by=by)
    _touch(low.pk, high.pk)
    suggestions.answer(low.pk, high.pk, kind, by=by, at=moment)
    moved = {"replaced": replaced.pk} if replaced else {}
    return Verdict.objects.create(
        low=low, high=high, verdict=kind, by=by, reason=reason[:2000], at=moment, moved=moved
    )


def _restore_replaced(verdict: Verdict) -> None:
    older = Verdict.objects.filter(pk=verdict.moved.get("replaced")).select_related("low", "high").first()
    if older is None:
        return
    if older.carried_by_id is not None:
        # One that had come with a merge holds only where a merge still hands it on.
        older.carried_by = told_apart.handing_on(older)
        if older.carried_by is None:
            return
    older.undone_at = older.undone_by = None
    older.save(update_fields=["carried_by", "undone_at", "undone_by"])


def _touch(*ids: int) -> None:
    Company.objects.filter(pk__in=ids).update(version=F("version") + 1)
