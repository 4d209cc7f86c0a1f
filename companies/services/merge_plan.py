"""What merging two companies would do, read with the functions that the merge itself uses. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass

from companies import above
from companies.models import Company, CompanyName, NamedAccount, Verdict
from companies.services import carrying
from companies.words import country_name
from core.shown import sentence

_LABELS = {
    "website": "Website",
    "country": "Country",
    "city": "City",
    "postcode": "Postcode",
    "phone": "Telephone",
}


@dataclass(frozen=True)
class MergePlan:
    """Everything of `gone` that `survivor` would take over. `clashes` forbid the merge, `warnings` are to be read."""

    survivor: Company
    gone: Company
    names: list[CompanyName]
    accounts: list[NamedAccount]
    subsidiaries: list[Company]
    different: list[Company]
    parent: Company | None
    parent_changes: bool
    filled_facts: list[tuple[str, str]]
    lost_facts: list[tuple[str, str, str]]
    share: above.Share
    clashes: list[str]
    warnings: list[str]

    @property
    def is_possible(self) -> bool:
        """Whether nothing forbids it."""
        return not self.clashes


def plan_merge(gone: Company, *, into: Company) -> MergePlan:
    """The plan for merging `gone` into another company; a constant number of statements."""
    share = above.share_of(gone, into)
    clashes = list(share.clashes)
    if gone.survivor().pk == into.survivor().pk:
        clashes.append("These are one company already.")
    elif gone.merged_into_id is not None or into.merged_into_id is not None:
        clashes.append("One of the two was merged into another company since. Choose that one.")
    facts = carrying.facts_to_carry(gone, into)
    parent = carrying.parent_after(gone, into)
    different = [row.other(gone) for row in carrying.verdicts_to_carry(gone, into)]
    return MergePlan(
        survivor=into,
        gone=gone,
        names=carrying.names_to_carry(gone, into),
        accounts=list(carrying.accounts_to_carry(gone)),
        subsidiaries=list(carrying.subsidiaries_to_carry(gone, into)),
        different=different,
        parent=Company.objects.filter(pk=parent or 0).first(),
        parent_changes=parent != into.parent_id,
        filled_facts=[(_LABELS[field], value) for field, value in facts.items() if field in _LABELS],
        lost_facts=_lost(gone, into, parent),
        share=share,
        clashes=clashes,
        warnings=[*_warnings(gone, into), *share.follows],
    )


def _warnings(gone: Company, into: Company) -> list[str]:
    told = []
    declared = Verdict.objects.active().different().between(gone.pk, into.pk).select_related("by").first()
    if declared is not None:
        who = declared.by or "The portal"
        why = f": “{declared.reason}”" if declared.reason else ""
        told.append(f"{who} declared them different{why}. Merging sets that aside.")
    against = Verdict.objects.active().different().about(gone.pk).select_related("low", "high")
    for verdict in against:
        other = verdict.other(gone)
        if other.merged_into_id == into.pk:
            told.append(
                sentence(
                    f"{gone.name} was declared different from {other.name}, which is part of {into.name}"
                )
            )
    own, theirs = gone.domain, into.domain
    if own and theirs and own != theirs:
        told.append(f"Their domains differ: {own} and {theirs}. The search will know {theirs} only.")
    if gone.country and into.country and gone.country != into.country:
        told.append(
            f"They are in different countries: {country_name(gone.country)} and {country_name(into.country)}."
        )
    return told


def _lost(gone: Company, into: Company, parent: int | None) -> list[tuple[str, str, str]]:
    """What is known of `gone` and the survivor doesn't take over, its parent at the end: label, gone's, survivor's."""
    lost = [
        (label, getattr(gone, field), getattr(into, field))
        for field, label in _LABELS.items()
        if getattr(gone, field) and getattr(into, field) and getattr(gone, field) != getattr(into, field)
    ]
    if gone.parent is not None and into.parent is not None and gone.parent_id not in (parent, into.pk):
        lost.append(("Parent", gone.parent.name, into.parent.name))
    return lost
