"""Named accounts from CSV: read kindly, checked row by row, all of it or nothing."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from companies.matching import CompanyQuery
from companies.models import Company, CompanyName, NamedAccount
from companies.search import search
from companies.services import create_company, declare_different, import_named_accounts
from companies.services.csv_reading import LARGEST_BYTES, MOST_ROWS, read_table
from companies.services.named_accounts import ImportReport
from core.clock import fixed
from core.errors import BadInput, NotAllowed

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLOCK = fixed(MOMENT)
HEAD = "reference,name,owner_name,effective_from,website,country,kind,owner_email,ends_on\n"


def run(text: str | bytes, **options: bool) -> ImportReport:
    content = text.encode() if isinstance(text, str) else text
    return import_named_accounts(content, by=None, clock=CLOCK, **options)


def errors_of(rows: str) -> list[tuple[int, str]]:
    report = import_named_accounts((HEAD + rows).encode(), by=None, dry_run=True)
    return [(error.line, error.column) for error in report.errors]


def test_rows_become_claims_on_companies(olga: User) -> None:
    held = create_company(CompanyQuery("Nordwind Logistik GmbH", country="DE"), by=None, clock=CLOCK)
    rows = (
        "C-1,NORDWIND LOGISTIK,Dana,2026-01-01,nordwind.de,DE,,dana@vendor.example,\n"
        "C-2,Acme Tools Ltd,Eli,15.03.2026,,United Kingdom,Open opportunity,,2026-12-31\n"
        "C-3,ACME Tools,Eli,2026-03-15,,GB,named-account,,\n"
    )
    report = import_named_accounts((HEAD + rows).encode(), by=olga, clock=CLOCK)

    assert (report.written, report.created, report.changed, report.new_companies) == (True, 3, 0, 1)
    one, two, three = NamedAccount.objects.order_by("reference")
    assert (one.company, one.domain, one.kind, one.created_by, one.created_at) == (
        *(held, "nordwind.de", "named_account", olga, MOMENT),
    )
    assert (two.kind, two.country, two.effective_from, two.ends_on) == (
        *("open_opportunity", "GB", date(2026, 3, 15), date(2026, 12, 31)),
    )
    assert two.company == three.company != held
    assert two.company.names.get().source == "named account"
    found = search(CompanyQuery("acme tools"), on=date(2026, 4, 1)).candidates[0]
    assert {account.reference for account in found.named_accounts} == {"C-2", "C-3"}


def test_the_same_file_twice_changes_nothing() -> None:
    text = HEAD + "C-1,Nordwind,Dana,2026-01-01,,DE,,,\n"
    run(text)
    before = list(NamedAccount.objects.values())
    report = import_named_accounts(text.encode(), by=None)

    assert (report.created, report.changed, report.unchanged) == (0, 0, 1)
    assert list(NamedAccount.objects.values()) == before
    assert Company.objects.count() == CompanyName.objects.count() == 1


def test_what_people_told_apart_stays_so_as_the_file_comes_again(mara: User) -> None:
    """Nor where the row's name fits both: a new owner moves the claim to no other company."""
    limited = create_company(CompanyQuery("Kroll Logistik GmbH", country="DE"), by=None)
    row = "C-1,Kroll Logistik,{},2026-01-01,,DE,,,\n"
    run(HEAD + row.format("Dana"))
    stock_company = create_company(CompanyQuery("Kroll Logistik AG", country="DE"), by=None)
    declare_different(limited, stock_company, by=mara, reason="Two firms.")

    same, changed = run(HEAD + row.format("Dana")), run(HEAD + row.format("Eli"))

    assert (same.unchanged, same.new_companies) == (1, 0)
    assert (changed.changed, changed.new_companies) == (1, 0)
    account = NamedAccount.objects.get()
    assert (account.company, account.owner_name) == (limited, "Eli")
    assert Company.objects.count() == 2
    assert not search(CompanyQuery("Kroll Logistik AG", country="DE")).candidates[0].named_accounts


def test_a_website_that_the_row_says_by_now_is_no_other_company(mara: User) -> None:
    limited = create_company(CompanyQuery("Kroll Logistik GmbH", country="DE"), by=None)
    row = "C-1,Kroll Logistik,Dana,2026-01-01,{},DE,,,\n"
    run(HEAD + row.format(""))
    stock_company = create_company(CompanyQuery("Kroll Logistik AG", country="DE"), by=None)
    declare_different(limited, stock_company, by=mara, reason="Two firms.")

    run(HEAD + row.format("kroll-logistik.de"))

    account = NamedAccount.objects.get()
    assert (account.company, account.domain) == (limited, "kroll-logistik.de")


def test_another_name_in_the_row_is_another_company() -> None:
    run(HEAD + "C-1,Kroll Logistik GmbH,Dana,2026-01-01,,DE,,,\n")
    run(HEAD + "C-1,Harbour Cranes GmbH,Dana,2026-01-01,,DE,,,\n")

    assert NamedAccount.objects.get().company.name == "Harbour Cranes GmbH"


def test_a_known_reference_is_changed_and_keeps_its_first_day_here() -> None:
    run(HEAD + "C-1,Nordwind,Dana,2026-01-01,,DE,,,\n")
    later = fixed(datetime(2026, 5, 1, tzinfo=UTC))
    text = HEAD + "C-1,Nordwind,Eli,2026-02-01,,DE,,,2026-12-31\n"
    report = import_named_accounts(text.encode(), by=None, clock=later)

    account = NamedAccount.objects.get()
    assert (report.changed, account.owner_name, account.ends_on) == (1, "Eli", date(2026, 12, 31))
    assert account.created_at == MOMENT


def test_a_claim_cannot_be_moved_back_in_time() -> None:
    run(HEAD + "C-1,Nordwind,Dana,2026-02-01,,DE,,,\n")

    assert errors_of("C-1,Nordwind,Dana,2026-01-01,,DE,,,\n") == [(2, "effective_from")]


def test_a_dry_run_writes_nothing_and_says_the_same() -> None:
    text = HEAD + "C-1,Nordwind,Dana,2026-01-01,,DE,,,\nC-2,nordwind gmbh,Dana,2026-01-01,,DE,,,\n"
    dry = import_named_accounts(text.encode(), by=None, dry_run=True)
    assert (dry.written, dry.created, dry.new_companies) == (False, 2, 1)
    assert not Company.objects.exists()

    wet = import_named_accounts(text.encode(), by=None)
    assert (wet.created, wet.new_companies) == (dry.created, dry.new_companies)


def test_one_bad_row_stops_all() -> None:
    report = import_named_accounts(
        (HEAD + "C-1,Nordwind,Dana,2026-01-01,,,,,\nC-2,,Dana,soon,,,,,\n").encode(), by=None
    )

    assert [(e.line, e.column) for e in report.errors] == [(3, "name"), (3, "effective_from")]
    assert (report.written, Company.objects.count(), NamedAccount.objects.count()) == (False, 0, 0)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",Nordwind,Dana,2026-01-01,,,,,", "reference"),
        ("C-1,🚀,Dana,2026-01-01,,,,,", "name"),
        (f"C-1,{'x' * 400},Dana,2026-01-01,,,,,", "name"),
        ("C-1,Nordwind,,2026-01-01,,,,,", "owner_name"),
        ("C-1,Nordwind,Dana,01/02/2026,,,,,", "effective_from"),
        ("C-1,Nordwind,Dana,2026-02-30,,,,,", "effective_from"),
        ("C-1,Nordwind,Dana,2026-01-01,no site,,,,", "website"),
        ("C-1,Nordwind,Dana,2026-01-01,,Atlantis,,,", "country"),
        ("C-1,Nordwind,Dana,2026-01-01,,,vip,,", "kind"),
        ("C-1,Nordwind,Dana,2026-01-01,,,,not-mail,", "owner_email"),
        ("C-1,Nordwind,Dana,2026-01-01,,,,,2025-12-31", "ends_on"),
        (f"{'9' * 81},Nordwind,Dana,2026-01-01,,,,,", "reference"),
    ],
)
def test_each_fault_is_named_with_its_line_and_column(row: str, column: str) -> None:
    assert errors_of(row + "\n") == [(2, column)]


def test_a_reference_stands_in_a_file_once() -> None:
    row = "C-1,Nordwind,Dana,2026-01-01,,,,,\n"
    assert errors_of(row + "\n" + row) == [(4, "reference")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    text = (HEAD + "C-1,Müller,Dana,2026-01-01,,,,,\r\n").replace(",", separator)
    table = read_table(text.encode(encoding))

    assert (table.separator, table.rows[0][1]["name"]) == (separator, "Müller")


def test_headings_in_any_case_and_order_others_are_told() -> None:
    text = "Owner Name;NAME;Effective-From;Reference;Budget\nDana;Nordwind;2026-01-01;C-1;5\n"
    report = import_named_accounts(text.encode(), by=None)

    assert (report.written, report.ignored_columns) == (True, ["budget"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (HEAD.encode(), "no rows"),
        (b"name,owner_name\nx,y\n", "lacks the column reference"),
        (b"name,name\nx,y\n", "twice"),
        (b"PK\x03\x04 workbook", "spreadsheet"),
        (b"reference,na\0me\nx,y\n", "not a text file"),
        (b"\x81\x8d\x8f,\n", "letters"),
        (b'reference,name\n"x,y', "CSV"),
        (b"x" * (LARGEST_BYTES + 1), "larger"),
        (b"a\n" + b"b\n" * (MOST_ROWS + 1), "more than"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        import_named_accounts(content, by=None)


def test_only_with_the_permission(mara: User) -> None:
    with pytest.raises(NotAllowed):
        import_named_accounts(HEAD.encode(), by=mara)


def test_as_many_statements_for_many_rows_as_for_few() -> None:
    def statements(first: int, last: int) -> int:
        rows = "".join(f"C-{n},Company Number{n} Works,Dana,2026-01-01,,,,,\n" for n in range(first, last))
        with CaptureQueriesContext(connection) as captured:
            run(HEAD + rows)
        return len(captured)

    assert statements(0, 3) == statements(10, 190)


def test_the_command_imports_and_its_dry_run_does_not(tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(HEAD + "C-1,Nordwind,Dana,2026-01-01,,DE,,,\n", encoding="utf-8")
    out = io.StringIO()
    call_command("import_named_accounts", str(file), "--dry-run", stdout=out)
    assert not NamedAccount.objects.exists()
    call_command("import_named_accounts", str(file), stdout=out)

    assert NamedAccount.objects.count() == 1
    assert [line.split(":")[0] for line in out.getvalue().splitlines()] == ["Would import", "Imported"]


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(HEAD + "C-1,,Dana,2026-01-01,,,,,\n", encoding="utf-8")
    err = io.StringIO()
    with pytest.raises(CommandError, match="nothing was imported"):
        call_command("import_named_accounts", str(file), stderr=err)
    assert err.getvalue() == "line 2, name: is missing\n"
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_named_accounts", str(tmp_path / "none.csv"))


def test_find_company_prints_reasons_or_json() -> None:
    create_company(CompanyQuery("Zubrin Quellmann Basalt Corp."), by=None)
    lines, document = io.StringIO(), io.StringIO()
    call_command("find_company", "ZQB", stdout=lines)
    call_command("find_company", "ZQB", "--json", stdout=document)

    assert "Zubrin Quellmann Basalt Corp." in lines.getvalue()
    assert "initials" in lines.getvalue()
    assert '"tier": "possible"' in document.getvalue()
