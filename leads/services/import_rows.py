"""One row of a file of leads: from text to values, or the reasons why not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from catalog.countries import country_of
from catalog.models import Currency, ProductLine, Territory
from companies.matching import registrable_domain
from companies.services.account_rows import RowError
from companies.services.registry import check_name
from core.errors import BadInput
from programs.enums import ProgramStatus
from programs.models import Program
from registrations.forms.fields import amount_in, without_controls

REQUIRED = ("company", "country", "need", "product_lines")
COLUMNS = (
    *REQUIRED,
    *("reference", "website", "city", "postcode", "contact_name", "contact_title", "contact_email"),
    *("contact_phone", "territory", "value", "currency", "program", "source", "note"),
)
# Columns that came later: a row that says nothing there is still the row that it was.
_LATER = ("program",)

_LENGTHS = {
    "company": 200,
    "website": 200,
    "city": 120,
    "postcode": 20,
    "contact_name": 120,
    "contact_title": 120,
    "contact_email": 254,
    "contact_phone": 40,
    "need": 2000,
    "source": 120,
    "note": 2000,
    "reference": 100,
}
# What a spreadsheet would run when the text is exported again. Telephone numbers may begin with +, lists with -.
_FORMULA = ("=", "@")
_FORMULA_IN_NAMES = (*_FORMULA, "+", "-")
_NAMES = ("company", "contact_name", "contact_title", "city", "source", "reference")
_LISTED = re.compile(r"[;,|/\n]")


class Catalog:
    """Product lines, territories, currencies and open programs by code and by name, read once for a file."""

    def __init__(self) -> None:
        self.lines = _by_words(ProductLine.objects.filter(is_active=True))
        self.territories = _by_words(Territory.objects.all())
        self.currencies = _by_words(Currency.objects.all())
        self.programs = _by_words(Program.objects.filter(status=ProgramStatus.OPEN))
        self.base = Currency.objects.filter(rate_to_base=1).earliest("id")
        self.by_country: dict[str, Territory] = {}
        for territory in Territory.objects.all():
            for country in territory.countries:
                self.by_country.setdefault(country, territory)


@dataclass(frozen=True)
class LeadRow:
    """A row that can be imported: `fields` of a lead, its product lines, and what makes it the same row again."""

    line: int
    key: str
    fields: dict[str, Any]
    product_lines: list[ProductLine]


def parse_row(line: int, cells: dict[str, str], catalog: Catalog) -> LeadRow | list[RowError]:
    """The row's values, or every reason why it can't be imported."""
    cells = {name: _clean(name, text) for name, text in cells.items()}
    errors = [RowError(line, column, message) for column, message in _problems(cells, catalog)]
    if errors:
        return errors
    country = country_of(cells["country"])
    named = cells.get("territory", "").casefold()
    fields: dict[str, Any] = {
        "company_name": cells["company"],
        "country": country,
        "territory": catalog.territories[named] if named else catalog.by_country.get(country),
        "value": _amount(cells.get("value", "")),
        "currency": catalog.currencies.get(cells.get("currency", "").casefold(), catalog.base),
        "program": catalog.programs.get(cells.get("program", "").casefold()),
        "website": registrable_or_typed(cells.get("website", "")),
    }
    plain = ("city", "postcode", "contact_name", "contact_title", "contact_email", "contact_phone")
    fields |= {name: cells.get(name, "") for name in (*plain, "need", "source", "note")}
    lines = [catalog.lines[name] for name in _listed(cells["product_lines"])]
    return LeadRow(line, _key(cells), fields, list(dict.fromkeys(lines)))


def registrable_or_typed(website: str) -> str:
    """'https://www.acme.example/shop' as 'acme.example'."""
    return registrable_domain(website) or website


def _problems(cells: dict[str, str], catalog: Catalog) -> Iterator[tuple[str, str]]:
    for column in REQUIRED:
        if not cells.get(column):
            yield column, "is missing"
    for column, longest in _LENGTHS.items():
        if len(cells.get(column, "")) > longest:
            yield column, f"is longer than {longest} characters"
    for column, text in cells.items():
        if text.startswith(_FORMULA_IN_NAMES if column in _NAMES else _FORMULA):
            yield column, f"“{text[:40]}” begins like a formula; write it as plain text"
    if cells.get("company") and len(cells["company"]) <= _LENGTHS["company"]:
        try:
            check_name(cells["company"])
        except BadInput as error:
            yield "company", error.message
    yield from _catalog_problems(cells, catalog)
    yield from _format_problems(cells)


def _catalog_problems(cells: dict[str, str], catalog: Catalog) -> Iterator[tuple[str, str]]:
    for name in _listed(cells.get("product_lines", "")):
        if name not in catalog.lines:
            yield "product_lines", f"“{name[:60]}” is no product line"
    territory, currency = cells.get("territory", ""), cells.get("currency", "")
    if territory and territory.casefold() not in catalog.territories:
        yield "territory", f"“{territory[:60]}” is no territory"
    if currency and currency.casefold() not in catalog.currencies:
        yield "currency", f"“{currency[:20]}” is no currency of the portal"
    program = cells.get("program", "")
    if program and program.casefold() not in catalog.programs:
        yield "program", f"“{program[:60]}” is no open program"


def _format_problems(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    if cells.get("country") and not country_of(cells["country"]):
        yield "country", f"“{cells['country'][:40]}” is no country; write its two letters, such as DE"
    if cells.get("website") and not registrable_domain(cells["website"]):
        yield "website", f"“{cells['website'][:60]}” is no web address"
    if cells.get("contact_email"):
        try:
            validate_email(cells["contact_email"])
        except ValidationError:
            yield "contact_email", f"“{cells['contact_email'][:60]}” is no e-mail address"
    try:
        _amount(cells.get("value", ""))
    except ValidationError as error:
        yield "value", f"“{cells['value'][:40]}”: {' '.join(error.messages)}"


def _clean(name: str, text: str) -> str:
    if name in ("need", "note"):
        return without_controls(text, lines=True).strip()
    return " ".join(without_controls(text).split())


def _amount(text: str) -> Decimal | None:
    return amount_in(text) if text else None


def _listed(text: str) -> list[str]:
    return [part.strip().casefold() for part in _LISTED.split(text) if part.strip()]


def _key(cells: dict[str, str]) -> str:
    """The row's own number, else its content: the same file again makes no second lead."""
    if cells.get("reference"):
        return f"ref:{cells['reference']}"
    told = [cells.get(column, "") for column in COLUMNS if column not in _LATER]
    told += [cells[column] for column in _LATER if cells.get(column)]
    content = "\x1f".join(told)
    return f"row:{hashlib.sha256(content.encode()).hexdigest()}"


def _by_words(rows: Any) -> dict[str, Any]:
    found = {}
    for row in rows:
        found[row.code.casefold()] = row
        found[row.name.casefold()] = row
    return found
