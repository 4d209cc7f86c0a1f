"""Exports: what is in them, what a spreadsheet must not run, and who gets them."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Role
from catalog.models import Currency
from reports.exports import csv_lines, defused, xlsx_file
from tests.people import MONDAY

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_is_defused(text):
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Acme", "", "'=1", " =1", "1-2", Decimal("-5"), -5, None, MONDAY])
def test_other_cells_stay_as_they_are(cell):
    assert defused(cell) == cell


def test_csv_is_written_in_pieces_and_read_back():
    rows = ([number, 'with "quotes", and\nlines', "=1"] for number in range(1200))

    pieces = list(csv_lines(["a", "b", "c"], rows))

    assert len(pieces) == 3
    read = list(csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig"))))
    assert read[0] == ["a", "b", "c"] and len(read) == 1201
    assert read[5] == ["4", 'with "quotes", and\nlines', "'=1"]


def test_a_workbook_holds_figures_as_figures_and_no_formula_nor_control_character():
    book = load_workbook(
        xlsx_file("T", ["a", "b", "c"], [["=1+1", Decimal("12.50"), "bad\x00\x0b\ud800name"]])
    )

    cells = [cell.value for cell in list(book.active.rows)[1]]
    assert cells == ["'=1+1", 12.5, "badname"]
    assert all(cell.data_type != "f" for cell in list(book.active.rows)[1])


def test_an_empty_workbook_has_its_header():
    book = load_workbook(xlsx_file("Empty", ["a"], []))

    assert [[cell.value for cell in row] for row in book.active.rows] == [["a"]]


def exported(client, kind, query=""):
    answer = client.get(reverse("reports:export_open_registrations", args=[kind]) + query)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).active.rows]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_has_what_fits_the_filter_defused(kind, client, alice, charlie, mara, register):
    register(
        alice, "=cmd|' /C calc'!A0 GmbH", value=Decimal(10_000), currency=Currency.objects.get(code="USD")
    )
    register(charlie, "Zeta Foods AG")
    client.force_login(mara)

    everything = exported(client, kind)
    ours = exported(client, kind, "?partner=Northgate")

    head = everything[0]
    assert len(everything) == 3 and len(ours) == 2
    row = dict(zip(head, ours[1], strict=True))
    assert row["Name as registered"] == "'=cmd|' /C calc'!A0 GmbH" and row["Partner"] == "Northgate"
    assert (float(row["Value"]), row["Currency"], float(row["Value in EUR"])) == (10_000.0, "USD", 9_200.0)
    assert row["Product lines"] == "Gateways" and row["Status"] == "Protected"
    assert str(row["Submitted"]).startswith("2026-03-02 09:00")


@pytest.mark.django_db
def test_times_are_the_readers(client, alice, mara, register):
    register(alice, "Acme Pumps GmbH")
    type(mara).objects.filter(pk=mara.pk).update(time_zone="Asia/Tokyo")
    client.force_login(mara)

    row = dict(zip(*exported(client, "csv"), strict=True))

    assert row["Submitted"].startswith("2026-03-02 18:00")
    assert row["Protected until"].startswith(str((MONDAY + timedelta(days=60)).date()))


@pytest.mark.django_db
def test_the_export_asks_as_many_queries_for_three_as_for_one(client, alice, mara, register):
    client.force_login(mara)
    register(alice, "Acme Pumps GmbH")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            exported(client, "csv")
        return len(asked)

    one = queries()
    for name in ("Zeta Foods AG", "Omega Steel SpA"):
        register(alice, name)
    assert queries() == one


@pytest.mark.django_db
def test_who_may_export(client, alice, bob, mara):
    address = reverse("reports:export_open_registrations", args=["csv"])
    assert client.get(address).status_code == 302
    for person in (alice, bob):
        client.force_login(person)
        assert client.get(address).status_code == 403
    role = Role.objects.get(pk=mara.role_id)
    role.permissions = [name for name in role.permissions if name != "reports.export"]
    role.save()
    client.force_login(mara)
    assert client.get(address).status_code == 403
    page = client.get(reverse("reports:open_registrations")).content.decode()
    assert "export.csv" not in page
