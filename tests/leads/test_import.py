"""Leads from CSV: read kindly, checked row by row, all of it or nothing, once."""

from decimal import Decimal
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.matching import CompanyQuery
from companies.models import Company
from companies.services import create_company
from core.errors import BadInput, NotAllowed
from leads.models import Lead
from leads.services.importing import import_leads
from leads.services.keeping import close_lead
from leads.services.timeline import first_broken
from policies.services import publish_version
from programs.enums import ProgramStatus
from programs.models import Program
from tests.people import MONDAY_CLOCK
from tests.programs.makers import make_program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways", "sensors", "europe")]
HEAD = "company,country,need,product_lines,reference,website,contact_name,contact_email,contact_phone,territory,value,currency\n"
LONG = "Vereinigte " + "Wasserversorgungsgesellschaft" * 3 + " und Sohn KG"


def run(text, by, **options):
    content = text.encode() if isinstance(text, str) else text
    return import_leads(content, by=by, clock=MONDAY_CLOCK, **options)


def errors_of(row, by):
    return [(error.line, error.column) for error in run(HEAD + row + "\n", by, dry_run=True).errors]


def test_rows_become_leads(olga):
    known = create_company(CompanyQuery("Blohm Presswerk GmbH", country="DE"), by=None)
    assert len(LONG) > 100
    report = run(
        HEAD
        + "BLOHM Presswerk,Deutschland,Remote access,Gateways | sensors,F-1,https://www.blohm.example/x,Ines Blohm,"
        + 'ines@blohm.example,+49 431 5550,,"40.000,50",EUR\n'
        + f"{LONG},FR,Need,gateways,,,,,,Europe,,\n"
        + "Kobe Works,JP,Need,gateways,,,,,,,,\n",
        olga,
    )

    assert (report.written, report.created, report.new_companies) == (True, 3, 2)
    one, two, three = Lead.objects.order_by("pk")
    assert (one.company, one.website, str(one.value), one.territory.code) == (
        *(known, "blohm.example", "40000.50", "europe"),
    )
    assert {line.code for line in one.product_lines.all()} == {"gateways", "sensors"}
    assert (one.contact_phone, one.created_by, one.status) == ("+49 431 5550", olga, "new")
    assert (two.company_name, two.company.name, three.territory) == (LONG, LONG, None)
    assert all(first_broken(lead) is None for lead in (one, two, three))
    assert one.timeline.get().data["imported"] is True


def test_the_same_file_twice_makes_no_lead_twice(olga):
    text = HEAD + "Blohm,DE,Need,gateways,,,,,,,,\nNakamura,DE,Need,gateways,F-2,,,,,,,\n"
    run(text, olga)
    again = run(text.replace("Nakamura,DE,Need", "Nakamura,DE,Another need"), olga)

    assert (again.created, again.known) == (0, 2)
    assert Lead.objects.count() == 2


def test_rows_are_kept_for_the_firms_of_a_program_by_code_or_name(olga):
    edge, closed = make_program(olga, name="Edge Partners"), make_program(olga, name="Old One")
    Program.objects.filter(pk=closed.pk).update(status=ProgramStatus.CLOSED)
    head = HEAD.replace("currency\n", "currency,program\n")
    rows = [("One", edge.code.lower()), ("Two", "edge partners"), ("Three", "")]
    report = run(head + "".join(f"{name},DE,Need,gateways,,,,,,,,,{told}\n" for name, told in rows), olga)

    assert (report.created, report.ignored_columns) == (3, [])
    assert list(Lead.objects.order_by("pk").values_list("program", flat=True)) == [edge.pk, edge.pk, None]
    for told in ("Old One", "Nobody's", "=1+1"):
        report = run(f"{head}Four,DE,Need,gateways,,,,,,,,,{told}\n", olga)
        assert {error.column for error in report.errors} == {"program"} and not report.written


def test_a_row_from_before_the_column_of_programs_is_still_known(olga):
    row = "Blohm,DE,Need,gateways,,,,,,,,"
    run(f"{HEAD}{row}\n", olga)
    again = run(HEAD.replace("currency\n", "currency,program\n") + f"{row},\n", olga)
    assert (again.created, again.known) == (0, 1)
    # The key of the first release, so that what was imported then is known for good.
    cells = ["Blohm", "DE", "Need", "gateways", *[""] * 13]
    assert Lead.objects.get().import_key == f"row:{sha256(chr(31).join(cells).encode()).hexdigest()}"


def test_a_second_lead_for_the_same_is_named_before_it_is_written(olga, gateways):
    """As a row reads that was corrected in one cell and imported again."""
    run(HEAD + "Blohm GmbH,DE,Need,gateways,,,,,,,,\n", olga)
    there = Lead.objects.get()
    rows = [
        "BLOHM,DE,A corrected need,gateways | sensors,,,,,,,,",
        "Blohm GmbH,DE,Something else,sensors,,,,,,,,",
        "Nakamura,DE,Need,gateways,,,,,,,,",
        "Nakamura Ltd,DE,More,gateways,,,,,,,,",
        "Blohm GmbH,DE,Need,gateways,,,,,,,,",  # known: no new lead
    ]
    report = run(HEAD + "\n".join(rows) + "\n", olga, dry_run=True)
    assert [row.beside for row in report.rows] == [(there.code,), ("line 2",), (), ("line 4",), ()]
    assert (report.doubles, report.known) == (3, 1)

    close_lead(there, by=olga, reason="duplicate")
    again = run(HEAD + rows[0] + "\n", olga, dry_run=True)
    assert [row.beside for row in again.rows] == [()]


def test_what_is_too_small_for_any_registration_is_said_before_it_is_written(olga, client):
    publish_version(
        by=olga, settings={"least_value": Decimal(10_000)}, note="Large ones.", clock=MONDAY_CLOCK
    )
    rows = "Kobe Works,JP,Need,gateways,,,,,,,9000,EUR\nBlohm,DE,Need,gateways,,,,,,,10000,EUR\nElm,DE,Need,gateways,,,,,,,,\n"
    client.force_login(olga)
    file = SimpleUploadedFile("leads.csv", (HEAD + rows).encode())
    page = client.post(reverse("leads:import"), {"file": file}).content.decode()
    assert "1 new lead is worth less than 10,000 EUR, the smallest deal" in page
    assert page.count("too small to be registered") == 1
    assert run(HEAD + rows, olga).created == 3  # a guess is no reason to refuse it
    assert run(HEAD + rows, olga, dry_run=True).too_small == 0  # known already


def test_a_dry_run_writes_nothing_and_says_the_same(olga):
    text = HEAD + "Blohm GmbH,DE,Need,gateways,,,,,,,,\nBLOHM,DE,Other,gateways,,,,,,,,\n"
    dry = run(text, olga, dry_run=True)
    assert (dry.written, dry.created, dry.new_companies, Company.objects.count()) == (False, 2, 1, 0)
    wet = run(text, olga)
    assert (wet.created, wet.new_companies, Company.objects.count()) == (2, 1, 1)


def test_one_bad_row_stops_all(olga):
    report = run(HEAD + "Blohm,DE,Need,gateways,,,,,,,,\n,DE,,gateways,,,,,,,,\n", olga)
    assert [(error.line, error.column) for error in report.errors] == [(3, "company"), (3, "need")]
    assert (report.written, Lead.objects.count(), Company.objects.count()) == (False, 0, 0)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",DE,Need,gateways,,,,,,,,", "company"),
        ("🚀,DE,Need,gateways,,,,,,,,", "company"),
        (f"{'x' * 201},DE,Need,gateways,,,,,,,,", "company"),
        ("=HYPERLINK(1),DE,Need,gateways,,,,,,,,", "company"),
        ("+Blohm,DE,Need,gateways,,,,,,,,", "company"),
        ("Blohm,DE,=1+1,gateways,,,,,,,,", "need"),
        ("Blohm,DE,Need,gateways,,,@SUM(A1),,,,,", "contact_name"),
        ("Blohm,Atlantis,Need,gateways,,,,,,,,", "country"),
        ("Blohm,DE,Need,rockets,,,,,,,,", "product_lines"),
        ("Blohm,DE,Need,,,,,,,,,", "product_lines"),
        ("Blohm,DE,Need,gateways,,no site,,,,,,", "website"),
        ("Blohm,DE,Need,gateways,,,,not-mail,,,,", "contact_email"),
        ("Blohm,DE,Need,gateways,,,,,,Moon,,", "territory"),
        ("Blohm,DE,Need,gateways,,,,,,,a lot,", "value"),
        ("Blohm,DE,Need,gateways,,,,,,,5,XXX", "currency"),
    ],
)
def test_each_fault_is_named_with_its_line_and_column(row, column, olga):
    assert errors_of(row, olga) == [(2, column)]


def test_a_row_stands_in_a_file_once(olga):
    row = "Blohm,DE,Need,gateways,,,,,,,,"
    assert errors_of(f"{row}\n\n{row}", olga) == [(4, "reference")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_encodings_and_separators(encoding, olga):
    text = "Company;Country;Need;Product Lines;Budget\r\nMüller;DE;Wärme;Gateways;5\r\n"
    report = run(text.encode(encoding), olga)
    assert (report.written, report.ignored_columns) == (True, ["budget"])
    assert Lead.objects.get().company_name == "Müller"


def test_what_is_no_table_and_who_may_not(olga, ivan, alice):
    with pytest.raises(BadInput, match="lacks the column need"):
        run("company,country\nBlohm,DE\n", olga)
    for person in (ivan, alice):
        with pytest.raises(NotAllowed):
            run(HEAD, person)


def test_as_many_statements_for_many_rows_as_for_few(olga):
    def statements(first, last):
        rows = "".join(f"Company Number{n} Works,DE,Need,gateways,,,,,,,,\n" for n in range(first, last))
        with CaptureQueriesContext(connection) as captured:
            run(HEAD + rows, olga)
        return len(captured)

    assert statements(0, 3) == statements(10, 150)
