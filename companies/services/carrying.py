"""What a merge hands on to the company that goes on: asked by the plan that a person reads, by the merge, and by what is left
when another merge is taken back. Nothing is written."""

from __future__ import annotations

from django.db.models import QuerySet

from companies.models import Company, CompanyName, NamedAccount, Verdict
from companies.services.ancestry import ancestors_of


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
    """The id of the parent that `into` has afterwards. It can't stand below what it takes in, so it goes up; where it has no
    parent it gets that of `absorbed`, unless it stands above that one itself."""
    if absorbed.pk in ancestors_of(into.pk):
        return absorbed.parent_id
    above = absorbed.parent_id
    if into.parent_id is None and above is not None and into.pk not in ancestors_of(above):
        return above
    return into.parent_id


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
