"""Names, facts and the parent that merges have handed on: the company that goes on keeps each as long as a company that is part
of it has it. Taking a merge back leaves what the others would have handed on without it. See told_apart for verdicts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from companies.enums import VerdictKind
from companies.index.domains import domain_anew
from companies.models import Company, CompanyName, Verdict
from companies.services.ancestry import standing
from companies.services.carrying import facts_to_carry, parent_after

# Facts that only mean something together: who loses one of them may get all of them from another company.
_TOGETHER = ({"website", "domain"}, {"country", "city", "postcode"}, {"phone"})
_EVERY = frozenset[str]().union(*_TOGETHER)


def parts_of(survivor: Company) -> list[tuple[Company, Verdict]]:
    """The companies that are part of `survivor` now, each with the verdict that says so, the oldest first."""
    said = Verdict.objects.active().filter(verdict=VerdictKind.SAME).about(survivor.pk)
    rows = [(row.other(survivor), row) for row in said.select_related("low", "high").order_by("pk")]
    return [(company, row) for company, row in rows if company.merged_into_id == survivor.pk]


def give_facts(part: Company, survivor: Company, verdict: Verdict, *, only: Collection[str] = _EVERY) -> None:
    """Fills what `survivor` doesn't know; the verdict keeps what it got."""
    facts = {field: value for field, value in facts_to_carry(part, survivor).items() if field in only}
    if facts:
        verdict.moved["facts"] = {**verdict.moved.get("facts", {}), **facts}
        verdict.save(update_fields=["moved"])
        _write(survivor, facts)


def give_parent(part: Company, survivor: Company, verdict: Verdict) -> None:
    """Gives `survivor` the parent that it has with this part; the verdict keeps the one before and the one after."""
    parent = parent_after(part, survivor)
    if parent != survivor.parent_id:
        verdict.moved["survivor_parent"] = [survivor.parent_id, parent]
        verdict.save(update_fields=["moved"])
        _write(survivor, {"parent_id": parent})


def take_back(verdict: Verdict, survivor: Company, *, moment: datetime) -> None:
    """Takes from `survivor` what this merge gave to it and it still has. The merged company stands for itself already."""
    survivor.refresh_from_db()
    _take_back_names(verdict, survivor, moment)
    lost = _that_came(verdict.moved.get("facts", {}), _facts_of(survivor), survivor.name)
    _write(survivor, dict.fromkeys(lost, ""))
    fill_again(survivor, lost)
    _take_back_parent(verdict, survivor)


def fill_again(survivor: Company, lost: Collection[str]) -> None:
    """What was lost with one company may be known of another that is part of the same."""
    fields = {field for group in _TOGETHER if group.intersection(lost) for field in group}
    for part, merge in parts_of(survivor) if fields else []:
        give_facts(part, survivor, merge, only=fields)


def fill_parent_again(survivor: Company) -> None:
    """Where it has no parent any more, or one that is part of it by now, it has the parent that its parts give it."""
    for part, merge in parts_of(survivor):
        if survivor.parent_id in (None, part.pk):
            give_parent(part, survivor, merge)


def follow_home(restored: Company, survivor: Company) -> None:
    """Companies that belong to `restored` again and are part of another one: that one belongs there with them, where it had got
    `survivor` as its parent with them, or is `survivor` itself and has none."""
    for low in Company.objects.filter(parent=restored).exclude(merged_into=None):
        whole = low.merged_into
        assert whole is not None
        for part, merge in parts_of(whole):
            if part.pk != low.pk:
                continue
            if whole.pk == survivor.pk and whole.parent_id is None:
                give_parent(part, whole, merge)
            elif whole.parent_id == survivor.pk == merge.moved.get("survivor_parent", [None, None])[1]:
                merge.moved["survivor_parent"][1] = restored.pk
                merge.save(update_fields=["moved"])
                _write(whole, {"parent_id": restored.pk})


def facts_that_left(company: Company, facts: Mapping[str, str], *, since: datetime) -> set[str]:
    """Which of the facts that `company` had at a moment had come with a merge that was taken back since."""
    left = {
        field
        for moved in _taken_back_since(company, since)
        for field in _that_came(moved.get("facts", {}), facts, company.name)
    }
    return left | {"domain"} if "website" in left else left


def parent_without(company: Company, parent: int | None, *, since: datetime) -> int | None:
    """The parent that `company` had at a moment; where that had come with a merge that was taken back since, the one before."""
    for moved in _taken_back_since(company, since):
        before, after = moved.get("survivor_parent", (None, None))
        if parent is not None and _is_same(parent, after):
            parent = standing(before)
    return parent


def _taken_back_since(company: Company, moment: datetime) -> list[dict[str, Any]]:
    """What each merge that stood at a moment, and was taken back since, had moved; the newest first."""
    said = Verdict.objects.filter(verdict=VerdictKind.SAME, at__lte=moment, undone_at__gte=moment)
    return [row.moved for row in said.about(company.pk).order_by("-pk")]


def _write(company: Company, values: Mapping[str, Any]) -> None:
    if values:
        Company.objects.filter(pk=company.pk).update(**values)
    for field, value in values.items():
        setattr(company, field, value)


def _facts_of(company: Company) -> dict[str, str]:
    return {field: getattr(company, field) for field in _EVERY}


def _that_came(given: dict[str, str], facts: Mapping[str, str], name: str) -> set[str]:
    """The fields that hold what a merge gave. A domain goes with its website, and may have been reduced anew since."""
    came = {field for field, value in given.items() if field != "domain" and facts.get(field) == value}
    if "domain" in given:
        website, now = given.get("website", ""), facts.get("website", "")
        same = facts.get("domain") in (given["domain"], domain_anew(website, given["domain"], name))
        came |= {"domain"} if same and now in ("", website or now) else set()
    return came


def _take_back_names(verdict: Verdict, survivor: Company, moment: datetime) -> None:
    merges = {part.pk: merge for part, merge in parts_of(survivor)}
    theirs = CompanyName.objects.active().filter(company__in=merges)
    heirs = {text: merges[part] for text, part in theirs.values_list("text", "company_id")}
    for name in CompanyName.objects.filter(from_verdict=verdict, company=survivor):
        if name.text in heirs:
            name.from_verdict = heirs[name.text]
        else:
            name.withdrawn_at = name.withdrawn_at or moment
        name.save(update_fields=["from_verdict", "withdrawn_at"])


def _take_back_parent(verdict: Verdict, survivor: Company) -> None:
    if "survivor_parent" not in verdict.moved:
        return
    before, after = verdict.moved["survivor_parent"]
    since = _merges_since(after, survivor)
    if since is None:
        return
    if since and since[0].moved["survivor_parent"][0] is not None:
        # It moved up again with another company, so this is what leaving that one will give back.
        since[0].moved["survivor_parent"][0] = before
        since[0].save(update_fields=["moved"])
        return
    for row in since:
        # These only filled what this merge had left empty.
        del row.moved["survivor_parent"]
        row.save(update_fields=["moved"])
    _write(survivor, {"parent_id": standing(before, until=survivor.pk)})
    fill_parent_again(survivor)


def _merges_since(parent: int | None, survivor: Company) -> list[Verdict] | None:
    """The merges that have led `survivor` from this parent to the present one, in their order; None where a person has set it."""
    left = [merge for _, merge in parts_of(survivor) if "survivor_parent" in merge.moved]
    chain, now = list[Verdict](), survivor.parent_id
    while not _is_same(now, parent):
        row = next((row for row in left if _is_same(now, row.moved["survivor_parent"][1])), None)
        if row is None:
            return None
        left.remove(row)
        chain.insert(0, row)
        now = row.moved["survivor_parent"][0]
    return chain


def _is_same(now: int | None, then: int | None) -> bool:
    """Whether the parent is still that one, or the company that it was merged into since."""
    return now in (then, standing(then))
