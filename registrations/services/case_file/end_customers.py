"""What a case holds of the companies themselves: what was said about them, and direct sales' side of the dispute."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q

from companies.models import Change, Company, NamedAccount, Verdict
from companies.relatives import merged_down
from registrations.models import Registration
from registrations.services.case_file.records import Row, fields_of


def companies_of(registrations: Sequence[Registration]) -> list[dict[str, Any]]:
    """Their companies with all names, each 'same' and 'different' that a person said, and what was changed, of those that were
    merged into them as well, one into the other; what was taken back, too."""
    found = Company.objects.filter(registrations__in=registrations).distinct().order_by("pk")
    merged = merged_down(found.values_list("pk", flat=True))
    rows = found.select_related("industry", "parent", "merged_into")
    return [_company(company, merged[company.pk]) for company in rows]


def named_accounts_of(registrations: Sequence[Registration]) -> list[Row]:
    """Every claim of direct sales on their companies, in force or not, and those that a conflict check met elsewhere: who
    owns it, and from when on it counts, which decides against a registration (C5)."""
    companies = {row.company_id for row in registrations} - {None}
    found = NamedAccount.objects.filter(
        Q(company__in=companies) | Q(conflicts__registration__in=registrations)
    )
    found = found.distinct().select_related("company", "created_by")
    return [fields_of(account) for account in found.order_by("effective_from", "pk")]


def _company(company: Company, merged: Collection[int]) -> dict[str, Any]:
    """`merged` are the ids of all that it stands for, its own among them."""
    said = Verdict.objects.filter(Q(low__in=merged) | Q(high__in=merged))
    verdicts = said.select_related("low", "high", "by", "undone_by", "carried_by")
    changes = Change.objects.filter(company__in=merged).select_related("company", "name", "by", "undone_by")
    names = company.names.select_related("company", "confirmed_by", "from_verdict__low", "from_verdict__high")
    return {
        "fields": fields_of(company),
        "names": [fields_of(name) for name in names.order_by("pk")],
        "verdicts": [fields_of(verdict) for verdict in verdicts.order_by("at", "pk")],
        "changes": [fields_of(change) for change in changes.order_by("at", "pk")],
    }
