"""Who belongs to whom: reading up the line of parents, and writing one link of it."""

from __future__ import annotations

from companies.models import Company
from core.errors import WrongStatus

_DEEPEST = 50


def put_under(company: Company, parent: Company | None) -> None:
    """Writes the parent. Raises WrongStatus where that would close a circle. The caller holds the registry lock."""
    if parent is not None and company.pk in ancestors_of(parent.pk):
        raise WrongStatus(f"{parent.name} belongs to {company.name} already; it can't own it as well.")
    Company.objects.filter(pk=company.pk).update(parent=parent)


def brief(company: Company | None) -> dict[str, object] | None:
    """A company as a change keeps it: enough to find it again and to name it."""
    return {"id": company.pk, "code": company.code, "name": company.name} if company else None


def ancestors_of(company_id: int) -> list[int]:
    """The company's id and those of its parents, the nearest first."""
    chain = [company_id]
    while len(chain) < _DEEPEST:
        above = Company.objects.filter(pk=chain[-1]).values_list("parent_id", flat=True).first()
        if above is None or above in chain:
            break
        chain.append(above)
    return chain


def standing(company_id: int | None, *, until: int | None = None) -> int | None:
    """The id of the company that stands for this one after all merges; of what was merged into `until` the one that was."""
    company = Company.objects.filter(pk=company_id or 0).first()
    while company is not None and company.merged_into is not None and company.merged_into_id != until:
        company = company.merged_into
    return company.pk if company else None


def stands_in_a_circle(company_id: int) -> bool:
    """Whether going up from a company leads back to it."""
    above = Company.objects.filter(pk=company_id).values_list("parent_id", flat=True).first()
    return above is not None and company_id in ancestors_of(above)
