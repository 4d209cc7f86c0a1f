"""Parents and subsidiaries (C6)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts.models import User
from companies import permissions
from companies.models import Company
from companies.services.locks import lock_companies, lock_registry
from core.clock import Clock, database_clock
from core.errors import WrongStatus

_DEEPEST = 50


@transaction.atomic
def set_parent(
    company: Company, parent: Company | None, *, by: User | None, clock: Clock = database_clock
) -> Company:
    """Make a company the subsidiary of another, or of none. Raises WrongStatus where that would close a circle."""
    permissions.check(by, permissions.JUDGE)
    lock_registry()
    lock_companies([company.pk] + ([parent.pk] if parent else []))
    if parent is not None and company.pk in ancestors_of(parent.pk):
        raise WrongStatus(f"{parent.name} belongs to {company.name} already; it can't own it as well.")
    Company.objects.filter(pk=company.pk).update(parent=parent, version=F("version") + 1)
    company.refresh_from_db()
    return company


def ancestors_of(company_id: int) -> list[int]:
    """The company's id and those of its parents, the nearest first."""
    chain = [company_id]
    while len(chain) < _DEEPEST:
        above = Company.objects.filter(pk=chain[-1]).values_list("parent_id", flat=True).first()
        if above is None or above in chain:
            break
        chain.append(above)
    return chain
