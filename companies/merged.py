"""The records that were merged into a company: what people declared to be one is found by what either was known as."""

from __future__ import annotations

from collections.abc import Iterable

from companies.models import Company


def load_merged(companies: Iterable[Company]) -> list[Company]:
    """The companies, from `with_merged`, each with `merged`: all that is part of it, loaded by `with_active_names`. One statement
    for each time that what was merged had others merged into it, none where nothing was."""
    rows = list(companies)
    wholes = {company.pk: company for company in rows if company.has_merged}
    while wholes:
        parts = list(Company.objects.merged_into_any(wholes).with_merged())
        for part in parts:
            whole = wholes[part.merged_into_id or 0]
            whole.merged = [*whole.merged, part]
        wholes = {part.pk: wholes[part.merged_into_id or 0] for part in parts if part.has_merged}
    return rows
