"""One row of a named-accounts file: from text to values, or the reasons why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from catalog.countries import country_of
from companies.enums import AccountKind
from companies.matching import CompanyQuery, registrable_domain
from companies.services.registry import check_name
from core.errors import BadInput

REQUIRED = ("reference", "name", "owner_name", "effective_from")
COLUMNS = (*REQUIRED, "website", "country", "kind", "owner_email", "ends_on")

_LENGTHS = {"reference": 80, "owner_name": 150, "website": 300}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell; `line` counts the file's lines from 1."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class AccountRow:
    """A row that can be imported."""

    line: int
    reference: str
    name: str
    website: str
    domain: str
    country: str
    kind: str
    owner_name: str
    owner_email: str
    effective_from: date
    ends_on: date | None

    @property
    def query(self) -> CompanyQuery:
        """What the row says about the company."""
        return CompanyQuery(name=self.name, domain=self.website, country=self.country)


def parse_row(line: int, cells: dict[str, str]) -> AccountRow | list[RowError]:
    """The row's values, or every reason why it can't be imported."""
    errors = [RowError(line, column, message) for column, message in _problems(cells)]
    if errors:
        return errors
    begins, ends = _date(cells["effective_from"]), _date(cells.get("ends_on", ""))
    assert begins is not None  # _problems has seen to it
    website = cells.get("website", "")
    return AccountRow(
        line=line,
        reference=cells["reference"],
        name=cells["name"],
        website=website,
        domain=registrable_domain(website),
        country=country_of(cells.get("country", "")),
        kind=_kind(cells.get("kind", "")),
        owner_name=cells["owner_name"],
        owner_email=cells.get("owner_email", ""),
        effective_from=begins,
        ends_on=ends,
    )


def _problems(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    for column in REQUIRED:
        if not cells.get(column):
            yield column, "is missing"
    for column, longest in _LENGTHS.items():
        if len(cells.get(column, "")) > longest:
            yield column, f"is longer than {longest} characters"
    if cells.get("name"):
        try:
            check_name(cells["name"])
        except BadInput as error:
            yield "name", error.message
    for column in ("effective_from", "ends_on"):
        if cells.get(column) and _date(cells[column]) is None:
            yield column, f"“{cells[column][:40]}” is no date; write it as 2026-03-31"
    begins, ends = _date(cells.get("effective_from", "")), _date(cells.get("ends_on", ""))
    if begins and ends and ends < begins:
        yield "ends_on", "is before effective_from"
    yield from _other_problems(cells)


def _other_problems(cells: dict[str, str]) -> Iterator[tuple[str, str]]:
    if cells.get("website") and not registrable_domain(cells["website"]):
        yield "website", f"“{cells['website'][:60]}” is no web address"
    if cells.get("country") and not country_of(cells["country"]):
        yield "country", f"“{cells['country'][:40]}” is no country; write its two letters, such as DE"
    if cells.get("kind") and not _kind(cells["kind"]):
        yield "kind", f"must be one of {', '.join(AccountKind.values)}"
    if cells.get("owner_email"):
        try:
            validate_email(cells["owner_email"])
        except ValidationError:
            yield "owner_email", f"“{cells['owner_email'][:60]}” is no e-mail address"


def _date(text: str) -> date | None:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        if pattern == "%Y-%m-%d" and not _ISO.fullmatch(text):
            continue
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def _kind(text: str) -> str:
    if not text:
        return AccountKind.NAMED_ACCOUNT
    code = text.lower().replace(" ", "_").replace("-", "_")
    return code if code in AccountKind.values else ""
