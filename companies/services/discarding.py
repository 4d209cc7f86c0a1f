"""Taking a company away again that came into being by a mistake which is taken back at once."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError, Q

from companies.index.upkeep import keep_in_step
from companies.models import Company, CompanyName, Suggestion, Verdict
from companies.services.locks import lock_companies, lock_registry


@transaction.atomic
def discard(company: Company) -> bool:
    """Removes `company` with its names, and with what was said about it and taken back. False, and nothing changes, where
    anything else has come to point at it."""
    lock_registry()
    lock_companies([company.pk])
    either = Q(low=company) | Q(high=company)
    try:
        with transaction.atomic():
            Verdict.objects.filter(either, undone_at__isnull=False).delete()
            Suggestion.objects.filter(either).delete()
            CompanyName.objects.filter(company=company).delete()
            Company.objects.filter(pk=company.pk).delete()
    except ProtectedError:
        return False
    keep_in_step()
    return True
