"""Import leads from a CSV file: all of it or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from companies.matching import CompanyQuery
from companies.models import Company
from companies.services import lock_registry
from companies.services.account_rows import RowError
from companies.services.csv_reading import read_table
from companies.services.many import plan_companies, save_companies
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed
from leads.enums import LeadAction
from leads.models import Lead, LeadEntry
from leads.permissions import MANAGE
from leads.services.beside import open_leads_at
from leads.services.import_rows import COLUMNS, REQUIRED, Catalog, LeadRow, parse_row
from leads.services.keeping import SOURCE, query_of, unsaved
from leads.services.timeline import digest
from leads.services.too_small import Smallest


@dataclass(frozen=True)
class PlannedLead:
    """What the import does with a row: `known` where it was imported before; `company` the row's name for a new one. `beside`
    names open leads for the same company and products, and lines of the file: a new one would be a second of them. `too_small`:
    no firm could register it."""

    row: LeadRow
    known: bool
    company: str
    company_is_new: bool
    beside: tuple[str, ...] = ()
    too_small: bool = False


@dataclass
class LeadImport:
    """What an import did, or would do. With errors nothing was written."""

    rows: list[PlannedLead] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    encoding: str = ""
    written: bool = False

    @property
    def created(self) -> int:
        return sum(not planned.known for planned in self.rows)

    @property
    def known(self) -> int:
        return sum(planned.known for planned in self.rows)

    @property
    def doubles(self) -> int:
        """How many new leads are for what another open one is for, too."""
        return sum(bool(planned.beside) for planned in self.rows)

    @property
    def too_small(self) -> int:
        """How many new leads no firm could register, as they are worth less than the smallest deal."""
        return sum(planned.too_small for planned in self.rows)

    @property
    def for_programs(self) -> bool:
        """Whether any row is kept for the firms of a program."""
        return any(planned.row.fields["program"] for planned in self.rows)

    @property
    def new_companies(self) -> int:
        return len({planned.company for planned in self.rows if planned.company_is_new})


def import_leads(
    content: bytes, *, by: User, dry_run: bool = False, clock: Clock = database_clock
) -> LeadImport:
    """Reads a file and, unless it is a dry run or has errors, writes all its new rows at once.

    A row that was imported before (by its reference, else by its content) is left as it is, so that a file uploaded twice
    makes no lead twice. Raises BadInput for a file that is no table, NotAllowed without the permission.
    """
    if not by.may(MANAGE):
        raise NotAllowed("Your role does not include this.")
    report, rows = _read(content)
    if report.errors or dry_run:
        _plan(rows, report, by=by, at=clock())
        return report
    with transaction.atomic():
        lock_registry()  # submissions wait: few statements, however many rows
        at = clock()
        leads = _plan(rows, report, by=by, at=at)
        _write(leads, by=by, at=at)
        report.written = True
    return report


def _read(content: bytes) -> tuple[LeadImport, list[LeadRow]]:
    table = read_table(content)
    missing = [column for column in REQUIRED if column not in table.headings]
    if missing:
        found = ", ".join(filter(None, table.headings))[:200]
        raise BadInput(f"The file lacks the column {missing[0]}. It has: {found}.", field="file")
    report = LeadImport(encoding=table.encoding)
    report.ignored_columns = [heading for heading in table.headings if heading and heading not in COLUMNS]
    catalog, rows, lines = Catalog(), [], dict[str, int]()
    for line, cells in table.rows:
        parsed = parse_row(line, cells, catalog)
        if isinstance(parsed, list):
            report.errors += parsed
        elif parsed.key in lines:
            words = f"the same lead stands in line {lines[parsed.key]} already"
            report.errors.append(RowError(line, "reference", words))
        else:
            lines[parsed.key] = line
            rows.append(parsed)
    return report, rows


@dataclass(frozen=True)
class _Planned:
    lead: Lead
    row: LeadRow
    query: CompanyQuery
    company: Company


def _plan(rows: list[LeadRow], report: LeadImport, *, by: User, at: datetime) -> list[_Planned]:
    """The new leads, unsaved, with their companies; fills the report's rows."""
    known = set(
        Lead.objects.filter(import_key__in=[row.key for row in rows]).values_list("import_key", flat=True)
    )
    leads = [unsaved(row.fields, by=by, at=at) for row in rows]
    queries = [query_of(lead) for lead in leads]
    companies = plan_companies(queries)
    beside, smallest = Beside(companies), Smallest()
    planned = []
    for row, lead, query, company in zip(rows, leads, queries, companies, strict=True):
        lead.import_key = row.key
        is_known = row.key in known
        others = () if is_known else beside.seen(company, row)
        small = not is_known and smallest.is_above(lead.value, lead.currency)
        report.rows.append(PlannedLead(row, is_known, company.name, company.pk is None, others, small))
        if not is_known:
            planned.append(_Planned(lead, row, query, company))
    return planned


class Beside:
    """Which leads there are for the same company and products: in the portal, and further up in the file."""

    def __init__(self, companies: Sequence[Company]) -> None:
        self._found: dict[int, list[tuple[str, frozenset[int]]]] = defaultdict(list)
        stand = open_leads_at([company.pk for company in companies if company.pk is not None])
        for company in {id(company): company for company in companies}.values():
            self._found[_key_of(company)] = list(stand.get(company.pk, ()))

    def seen(self, company: Company, row: LeadRow) -> tuple[str, ...]:
        """What stands beside this row; the rows after it will find it, too."""
        lines = frozenset(line.pk for line in row.product_lines)
        there = self._found[_key_of(company)]
        others = tuple(name for name, theirs in there if theirs & lines)
        there.append((f"line {row.line}", lines))
        return others


def _key_of(company: Company) -> int:
    """Told apart before they are saved, too: rows that mean one new company share its object."""
    return company.pk or -id(company)


def _write(planned: list[_Planned], *, by: User, at: datetime) -> None:
    companies = [one.company for one in planned]
    save_companies(companies, [one.query for one in planned], by=by, moment=at, source=SOURCE)
    for one in planned:
        one.lead.company = one.company
    Lead.objects.bulk_create([one.lead for one in planned], batch_size=500)
    through = Lead.product_lines.through
    through.objects.bulk_create(
        [
            through(lead_id=one.lead.pk, productline_id=line.pk)
            for one in planned
            for line in one.row.product_lines
        ],
        batch_size=1000,
    )
    LeadEntry.objects.bulk_create([_first_entry(one.lead, by=by, at=at) for one in planned], batch_size=500)


def _first_entry(lead: Lead, *, by: User, at: datetime) -> LeadEntry:
    data = {"source": lead.source, "imported": True}
    entry = LeadEntry(lead=lead, number=1, at=at, actor=by, kind=LeadAction.CREATE.value, data=data)
    entry.hash = digest(entry, lead.code)
    return entry
