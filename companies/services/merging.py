"""What a merge moves, and the way back. The plan that a person sees before reads with the same functions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from companies.enums import NameKind, VerdictKind
from companies.index.domains import domain_anew
from companies.models import Company, CompanyName, NamedAccount, Verdict
from companies.services.ancestry import ancestors_of, stands_in_a_circle
from core.clock import Clock
from core.errors import WrongStatus


def names_to_carry(absorbed: Company, into: Company) -> list[CompanyName]:
    """The names of `absorbed` that `into` doesn't have yet."""
    known = set(CompanyName.objects.active().filter(company=into).values_list("text", flat=True))
    names = CompanyName.objects.active().filter(company=absorbed).select_related("confirmed_by")
    return [name for name in names if name.text not in known]


def accounts_to_carry(absorbed: Company) -> QuerySet[NamedAccount]:
    """The named accounts that go over."""
    return NamedAccount.objects.filter(company=absorbed)


def subsidiaries_to_carry(absorbed: Company, into: Company) -> QuerySet[Company]:
    """The companies below `absorbed` that come to stand below `into`."""
    return Company.objects.filter(parent=absorbed).exclude(pk=into.pk)


def verdicts_to_carry(absorbed: Company, into: Company) -> list[Verdict]:
    """What was declared different from `absorbed` and isn't yet from `into`: if A is not X and A is B, then B is not X."""
    rows = Verdict.objects.active().different().about(absorbed.pk).select_related("low", "high", "by")
    others = {row.pk: row.other(absorbed) for row in rows}
    settled = Verdict.objects.active().about(into.pk)
    known = {pk for pair in settled.values_list("low_id", "high_id") for pk in pair}
    return [row for row in rows if others[row.pk].pk != into.pk and others[row.pk].pk not in known]


def parent_after(absorbed: Company, into: Company) -> int | None:
    """The id of the parent that `into` has afterwards: it can't stand below what it takes in, so it goes up."""
    return absorbed.parent_id if absorbed.pk in ancestors_of(into.pk) else into.parent_id


def facts_to_carry(absorbed: Company, into: Company) -> dict[str, str]:
    """What `into` doesn't know and `absorbed` does: website and domain, country, place, telephone; field → value."""
    filled: dict[str, str] = {}
    if not into.website and not into.domain:
        filled |= {"website": absorbed.website, "domain": absorbed.domain}
    if not into.country:
        filled["country"] = absorbed.country
    if not into.city and not into.postcode and into.country in ("", absorbed.country):
        filled |= {"city": absorbed.city, "postcode": absorbed.postcode}
    if not into.phone:
        filled["phone"] = absorbed.phone
    return {field: value for field, value in filled.items() if value}


def merge(absorbed: Company, *, into: Company, verdict: Verdict, by: User | None, clock: Clock) -> None:
    """Hand everything of `absorbed` to `into` and point its row there. Both rows are locked by the caller."""
    accounts, subsidiaries = accounts_to_carry(absorbed), subsidiaries_to_carry(absorbed, into)
    verdict.moved |= {
        "named_accounts": list(accounts.values_list("pk", flat=True)),
        "subsidiaries": list(subsidiaries.values_list("pk", flat=True)),
    }
    parent = parent_after(absorbed, into)
    if parent != into.parent_id:
        verdict.moved["survivor_parent"] = [into.parent_id, parent]
        Company.objects.filter(pk=into.pk).update(parent=parent)
    facts = facts_to_carry(absorbed, into)
    if facts:
        verdict.moved["facts"] = facts
        Company.objects.filter(pk=into.pk).update(**facts)
    accounts.update(company=into)
    subsidiaries.update(parent=into)
    moment = clock()
    _carry_names(absorbed, into, verdict, by=by, moment=moment)
    _carry_verdicts(absorbed, into, verdict, by=by, moment=moment)
    Company.objects.filter(pk=absorbed.pk).update(merged_into=into)
    verdict.save(update_fields=["moved"])


def unmerge(verdict: Verdict, *, by: User | None, moment: datetime) -> tuple[Company, Company]:
    """Take a merge apart; returns the restored company and the one it had gone into. What was changed since stays.

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
    CompanyName.objects.active().filter(from_verdict=verdict).update(withdrawn_at=moment)
    Verdict.objects.active().filter(carried_by=verdict).update(undone_at=moment, undone_by=by)
    NamedAccount.objects.filter(pk__in=moved.get("named_accounts", []), company=survivor).update(
        company=absorbed
    )
    Company.objects.filter(pk__in=moved.get("subsidiaries", []), parent=survivor).update(parent=absorbed)
    if "survivor_parent" in moved:
        before, after = moved["survivor_parent"]
        Company.objects.filter(pk=survivor.pk, parent=after).update(parent=before)
    _take_back_facts(survivor, moved.get("facts", {}))
    if stands_in_a_circle(absorbed.pk) or stands_in_a_circle(survivor.pk):
        raise WrongStatus("A parent was set since that would close a circle. Take that back first.")
    absorbed.merged_into = None
    return absorbed, survivor


def _take_back_facts(survivor: Company, facts: dict[str, str]) -> None:
    """What it was given and still has, goes. A domain goes with its website, and may have been reduced anew since."""
    for field, value in facts.items():
        if field == "domain":
            now = domain_anew(facts.get("website", ""), value, survivor.name)
            website = facts.get("website", survivor.website)
            held = Company.objects.filter(pk=survivor.pk, website__in=["", website], domain__in=[value, now])
            held.update(domain="")
        else:
            Company.objects.filter(pk=survivor.pk, **{field: value}).update(**{field: ""})


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


def _carry_verdicts(
    absorbed: Company, into: Company, verdict: Verdict, *, by: User | None, moment: datetime
) -> None:
    for row in verdicts_to_carry(absorbed, into):
        other = row.other(absorbed).pk
        Verdict.objects.create(
            low_id=min(into.pk, other),
            high_id=max(into.pk, other),
            verdict=VerdictKind.DIFFERENT,
            by=by,
            reason=row.reason,
            at=moment,
            carried_by=verdict,
        )
