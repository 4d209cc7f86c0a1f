"""What a merge moves, and the way back. The plan that a person sees before asks the same functions: carrying."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from companies.enums import NameKind
from companies.matching import CompanyQuery
from companies.models import Company, CompanyName, NamedAccount, Verdict
from companies.services import handed_on, told_apart
from companies.services.ancestry import stands_in_a_circle
from companies.services.came_since import that_mean
from companies.services.carrying import accounts_to_carry, names_to_carry, subsidiaries_to_carry
from core.clock import Clock
from core.errors import WrongStatus


def merge(absorbed: Company, *, into: Company, verdict: Verdict, by: User | None, clock: Clock) -> None:
    """Hand everything of `absorbed` to `into` and point its row there. Both rows are locked by the caller."""
    accounts, subsidiaries = accounts_to_carry(absorbed), subsidiaries_to_carry(absorbed, into)
    verdict.moved |= {
        "named_accounts": list(accounts.values_list("pk", flat=True)),
        "subsidiaries": list(subsidiaries.values_list("pk", flat=True)),
    }
    handed_on.give_parent(absorbed, into, verdict)
    handed_on.give_facts(absorbed, into, verdict)
    accounts.update(company=into)
    subsidiaries.update(parent=into)
    moment = clock()
    _carry_names(absorbed, into, verdict, by=by, moment=moment)
    told_apart.hand_on(absorbed, into, verdict, by=by, moment=moment)
    Company.objects.filter(pk=absorbed.pk).update(merged_into=into)
    verdict.save(update_fields=["moved"])


def unmerge(verdict: Verdict, *, by: User | None, moment: datetime) -> tuple[Company, Company]:
    """Take a merge apart; returns the restored company and the one it had gone into. What was changed since stays; named accounts
    that came in since by the restored one's name go with it.

    Raises WrongStatus when the survivor was merged on since, or a parent set since would close a circle.
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
    NamedAccount.objects.filter(pk__in=moved.get("named_accounts", []), company=survivor).update(
        company=absorbed
    )
    Company.objects.filter(pk__in=moved.get("subsidiaries", []), parent=survivor).update(parent=absorbed)
    handed_on.take_back(verdict, survivor, moment=moment)
    accounts = NamedAccount.objects.filter(company=survivor, created_at__gte=verdict.at)
    asked = {row.pk: CompanyQuery(row.name, domain=row.website, country=row.country) for row in accounts}
    accounts.filter(pk__in=that_mean(absorbed, survivor, asked)).update(company=absorbed)
    handed_on.follow_home(absorbed, survivor)
    if stands_in_a_circle(absorbed.pk) or stands_in_a_circle(survivor.pk):
        raise WrongStatus("A parent was set since that would close a circle. Take that back first.")
    absorbed.merged_into = None
    return absorbed, survivor


def _carry_names(
    absorbed: Company, into: Company, verdict: Verdict, *, by: User | None, moment: datetime
) -> None:
    CompanyName.objects.bulk_create(
        CompanyName(
            company=into,
            text=name.text,
            kind=NameKind.ALIAS if name.kind == NameKind.LEGAL else name.kind,
            source="merge",
            confirmed_by=by,
            from_verdict=verdict,
            created_at=moment,
        )
        for name in names_to_carry(absorbed, into)
    )
