"""Import the vendor's named accounts and open opportunities from a CSV file: all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import User
from companies import permissions
from companies.models import Company, NamedAccount
from companies.services.account_rows import COLUMNS, REQUIRED, AccountRow, RowError, parse_row
from companies.services.csv_reading import read_table
from companies.services.locks import lock_registry
from companies.services.many import plan_companies, save_companies
from core.clock import Clock, database_clock
from core.errors import BadInput

SOURCE = "named account"

# What says which company an account is.
_NAMING = ("name", "website", "domain", "country")
_CHANGEABLE = (
    *_NAMING,
    "kind",
    "owner_name",
    "owner_email",
    "effective_from",
    "ends_on",
)


@dataclass(frozen=True)
class ImportRow:
    """What the import does with a row: `action` new, changed or same; `company` the row's name for a new company."""

    row: AccountRow
    action: str
    company: str
    company_is_new: bool


@dataclass
class ImportReport:
    """What an import did, or would do. With errors nothing was written."""

    rows: list[ImportRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    encoding: str = ""
    separator: str = ""
    written: bool = False

    def count(self, action: str) -> int:
        """How many rows are new, changed or same."""
        return sum(row.action == action for row in self.rows)

    @property
    def created(self) -> int:
        return self.count("new")

    @property
    def changed(self) -> int:
        return self.count("changed")

    @property
    def unchanged(self) -> int:
        return self.count("same")

    @property
    def new_companies(self) -> int:
        return len({row.company for row in self.rows if row.company_is_new})


def import_named_accounts(
    content: bytes, *, by: User | None, dry_run: bool = False, clock: Clock = database_clock
) -> ImportReport:
    """Read a file and, unless it is a dry run or has errors, write all its rows at once.

    A row whose reference is known changes that account. Its company stays as long as the row names it as before, whatever
    people have said about it since; else it is resolved as in `find_or_create_company`. Uploading the same file twice changes
    nothing the second time. Raises BadInput for a file that is no table,
    NotAllowed without the permission.
    """
    permissions.check(by, permissions.IMPORT_ACCOUNTS)
    report, rows = _read(content)
    if report.errors or dry_run:
        _plan(rows, report)
        return report
    with transaction.atomic():
        # Long waits behind an import are kept out of the way of submissions by writing in few statements.
        lock_registry()
        companies = _plan(rows, report)
        if not report.errors:
            _write(rows, companies, report, by=by, moment=clock())
            report.written = True
    return report


def _read(content: bytes) -> tuple[ImportReport, list[AccountRow]]:
    table = read_table(content)
    missing = [column for column in REQUIRED if column not in table.headings]
    if missing:
        found = ", ".join(filter(None, table.headings))[:200]
        raise BadInput(f"The file lacks the column {missing[0]}. It has: {found}.", field="file")
    report = ImportReport(encoding=table.encoding, separator=table.separator)
    report.ignored_columns = [heading for heading in table.headings if heading and heading not in COLUMNS]
    rows: list[AccountRow] = []
    lines: dict[str, int] = {}
    for line, cells in table.rows:
        parsed = parse_row(line, cells)
        if isinstance(parsed, list):
            report.errors += parsed
        elif parsed.reference in lines:
            report.errors.append(
                RowError(
                    line,
                    "reference",
                    f"“{parsed.reference}” stands in line {lines[parsed.reference]} already",
                )
            )
        else:
            lines[parsed.reference] = line
            rows.append(parsed)
    return report, rows


def _plan(rows: list[AccountRow], report: ImportReport) -> list[Company]:
    """The company of each row, saved or new; fills the report's rows, and its errors with what the database says."""
    references = [row.reference for row in rows]
    accounts = NamedAccount.objects.filter(reference__in=references).select_related("company")
    known = {account.reference: account for account in accounts}
    companies = _companies(rows, known)
    for row, company in zip(rows, companies, strict=True):
        account = known.get(row.reference)
        if account and row.effective_from < account.effective_from:
            words = f"can't move back behind {account.effective_from}, the date already on record"
            report.errors.append(RowError(row.line, "effective_from", words))
        report.rows.append(ImportRow(row, _action(row, account), company.name, company.pk is None))
    report.errors.sort(key=lambda error: error.line)
    return companies


def _companies(rows: list[AccountRow], known: dict[str, NamedAccount]) -> list[Company]:
    kept = {
        row.line: account.company
        for row in rows
        if (account := known.get(row.reference)) is not None and _names_alike(row, account)
    }
    planned = iter(plan_companies([row.query for row in rows if row.line not in kept]))
    return [kept[row.line] if row.line in kept else next(planned) for row in rows]


def _names_alike(row: AccountRow, account: NamedAccount) -> bool:
    """A field that was empty, or is by now, names no other company."""
    pairs = [(getattr(account, name), getattr(row, name)) for name in _NAMING]
    return all(was == says or not (was and says) for was, says in pairs)


def _action(row: AccountRow, account: NamedAccount | None) -> str:
    if account is None:
        return "new"
    return "same" if all(getattr(account, name) == getattr(row, name) for name in _CHANGEABLE) else "changed"


def _write(
    rows: list[AccountRow],
    companies: list[Company],
    report: ImportReport,
    *,
    by: User | None,
    moment: datetime,
) -> None:
    save_companies(companies, [row.query for row in rows], by=by, moment=moment, source=SOURCE)
    accounts = [
        NamedAccount(
            reference=row.reference,
            company=company,
            created_by=by,
            created_at=moment,
            **{name: getattr(row, name) for name in _CHANGEABLE},
        )
        for row, company, planned in zip(rows, companies, report.rows, strict=True)
        if planned.action != "same"
    ]
    # `created_at` and `created_by` stay those of the first import: they say since when the claim is known here.
    NamedAccount.objects.bulk_create(
        accounts,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["reference"],
        update_fields=[*_CHANGEABLE, "company"],
    )
