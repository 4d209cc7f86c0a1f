"""Rows for the tests of companies."""

from datetime import UTC, date, datetime
from itertools import count

from companies.models import Company, NamedAccount

_numbers = count(1)


def make_account(company: Company, **fields: object) -> NamedAccount:
    """A named account in force since 2026, with its own reference."""
    values: dict[str, object] = {
        "name": company.name,
        "owner_name": "Dana Direct",
        "effective_from": date(2026, 1, 1),
        "reference": f"CRM-{next(_numbers)}",
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return NamedAccount.objects.create(company=company, **{**values, **fields})
