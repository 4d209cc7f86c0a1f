"""What a case holds of the companies themselves: what was said about them, and direct sales' side of the dispute."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from companies.models import Change, Company, NamedAccount, Verdict
from registrations.models import Registration
from registrations.services.case_file.records import Row, fields_of


def companies_of(registrations: Sequence[Registration]) -> list[dict[str, Any]]:
    """Their companies with all names, each 'same' and 'different' that a person said, and what was changed; what was
    taken back, too."""
    found = Company.objects.filter(registrations__in=registrations).distinct().order_by("pk")
    return [_company(company) for company in found.select_related("industry", "parent", "merged_into")]


def named_accounts_of(registrations: Sequence[Registration]) -> list[Row]:
    """Every claim of direct sales on their companies, in force or not, and those that a conflict check met elsewhere: who
    owns it, and from when on it counts, which decides against a registration (C5)."""
    companies = {row.company_id for row in registrations} - {None}
    found = NamedAccount.objects.filter(
        Q(company__in=companies) | Q(conflicts__registration__in=registrations)
    )
    found = found.distinct().select_related("company", "created_by")
    return [fields_of(account) for account in found.order_by("effective_from", "pk")]


def _company(company: Company) -> dict[str, Any]:
    verdicts = Verdict.objects.about(company.pk).select_related(
        "low", "high", "by", "undone_by", "carried_by"
    )
    changes = Change.objects.filter(company=company).select_related("company", "name", "by", "undone_by")
    names = company.names.select_related("company", "confirmed_by", "from_verdict__low", "from_verdict__high")
    return {
        "fields": fields_of(company),
        "names": [fields_of(name) for name in names.order_by("pk")],
        "verdicts": [fields_of(verdict) for verdict in verdicts.order_by("at", "pk")],
        "changes": [fields_of(change) for change in changes.order_by("at", "pk")],
    }
