"""What a merge moves, and the way back."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from companies.enums import NameKind, VerdictKind
from companies.models import Company, CompanyName, NamedAccount, Verdict
from companies.services.hierarchy import ancestors_of
from core.clock import Clock
from core.errors import WrongStatus


def merge(absorbed: Company, *, into: Company, verdict: Verdict, by: User | None, clock: Clock) -> None:
    """Hand everything of `absorbed` to `into` and point its row there. Both rows are locked by the caller."""
    accounts = NamedAccount.objects.filter(company=absorbed)
    subsidiaries = Company.objects.filter(parent=absorbed).exclude(pk=into.pk)
    moved: dict[str, object] = {
        "named_accounts": list(accounts.values_list("pk", flat=True)),
        "subsidiaries": list(subsidiaries.values_list("pk", flat=True)),
        "survivor_parent": into.parent_id,
    }
    # A subsidiary merged with its parent can't keep it as a parent, nor stand in a circle below it.
    if absorbed.pk in ancestors_of(into.pk):
        Company.objects.filter(pk=into.pk).update(parent=absorbed.parent_id)
    accounts.update(company=into)
    subsidiaries.update(parent=into)
    moment = clock()
    _carry_names(absorbed, into, verdict, by=by, moment=moment)
    _carry_verdicts(absorbed, into, verdict, by=by, moment=moment)
    Company.objects.filter(pk=absorbed.pk).update(merged_into=into)
    verdict.moved = moved
    verdict.save(update_fields=["moved"])


def unmerge(verdict: Verdict, *, by: User | None, moment: datetime) -> tuple[Company, Company]:
    """Take a merge apart; returns the restored company and the one it had gone into.

    Raises WrongStatus when the survivor was merged on since.
    """
    absorbed, survivor = verdict.low, verdict.high
    if absorbed.merged_into_id != survivor.pk:
        absorbed, survivor = survivor, absorbed
    if absorbed.merged_into_id != survivor.pk:
        raise WrongStatus("These companies are no longer merged.")
    if survivor.merged_into_id is not None:
        raise WrongStatus(f"{survivor.name} was merged into another company since. Undo that first.")
    moved = verdict.moved
    Company.objects.filter(pk=absorbed.pk).update(merged_into=None)
    CompanyName.objects.active().filter(from_verdict=verdict).update(withdrawn_at=moment)
    Verdict.objects.active().filter(carried_by=verdict).update(undone_at=moment, undone_by=by)
    NamedAccount.objects.filter(pk__in=moved.get("named_accounts", []), company=survivor).update(
        company=absorbed
    )
    Company.objects.filter(pk__in=moved.get("subsidiaries", []), parent=survivor).update(parent=absorbed)
    Company.objects.filter(pk=survivor.pk).update(parent=moved.get("survivor_parent"))
    absorbed.merged_into = None
    return absorbed, survivor


def _carry_names(
    absorbed: Company, into: Company, verdict: Verdict, *, by: User | None, moment: datetime
) -> None:
    known = set(CompanyName.objects.active().filter(company=into).values_list("text", flat=True))
    CompanyName.objects.bulk_create(
        CompanyName(
            company=into,
            text=name.text,
            kind=NameKind.ALIAS if name.kind == NameKind.LEGAL else name.kind,
            normalised=name.normalised,
            keys=name.keys,
            source="merge",
            confirmed_by=by,
            from_verdict=verdict,
            created_at=moment,
        )
        for name in CompanyName.objects.active().filter(company=absorbed)
        if name.text not in known
    )


def _carry_verdicts(
    absorbed: Company, into: Company, verdict: Verdict, *, by: User | None, moment: datetime
) -> None:
    # If A is not X and A is B, then B is not X.
    for row in Verdict.objects.active().different().about(absorbed.pk):
        other = row.high_id if row.low_id == absorbed.pk else row.low_id
        if other == into.pk or Verdict.objects.active().between(into.pk, other).exists():
            continue
        Verdict.objects.create(
            low_id=min(into.pk, other),
            high_id=max(into.pk, other),
            verdict=VerdictKind.DIFFERENT,
            by=by,
            reason=row.reason,
            at=moment,
            carried_by=verdict,
        )
