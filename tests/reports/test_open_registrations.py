"""The first report (R12): what stands in a row, filters, order, pages, and what it costs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Currency, Territory
from core.clock import fixed
from registrations.enums import OPEN, Status
from registrations.models import Registration
from reports import open_registrations as report
from reports.models import OpenPosition
from reports.open_registrations import Filter
from tests.people import MONDAY

pytestmark = pytest.mark.django_db
NOW = MONDAY + timedelta(days=10)


def names(user, wanted=None, sort="-value"):
    rows, _ = report.page(user, wanted or Filter(), sort=sort, after="", now=NOW)
    return [row.position.company.name for row in rows]


def test_spelling_variants_stand_in_one_row_with_their_conflict(alice, charlie, mara, register):
    register(alice, "International Business Machines Corp.", country="US", value=Decimal(40_000))
    register(charlie, "International Business Machines", country="US", value=Decimal(20_000))

    rows, after = report.page(mara, Filter(), sort="-value", after="", now=NOW)

    assert len(rows) == 1 and after == ""
    row = rows[0]
    assert sorted(row.variants) == [
        "International Business Machines",
        "International Business Machines Corp.",
    ]
    assert (row.position.registrations, row.position.value_base) == (2, Decimal(60_000))
    assert [(mark.other, mark.judged) for mark in row.marks] == [(None, False)]


def test_a_possible_conflict_is_marked_on_both_companies(alice, charlie, mara, register):
    register(alice, "International Business Machines Corp.", country="US")
    register(charlie, "I.B.M.", country="US")

    rows, _ = report.page(mara, Filter(), sort="name", after="", now=NOW)

    if len(rows) == 1:  # the matcher was sure: one company, two spellings
        assert rows[0].marks[0].other is None
    else:
        assert {row.marks[0].other for row in rows} == {row.position.company.name for row in rows}


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in OPEN and status != Status.DRAFT]
)
def test_what_is_not_open_is_not_in_the_report(status, alice, mara, register):
    deal = register(alice, "Acme Pumps GmbH")

    Registration.objects.filter(pk=deal.pk).update(status=status)

    assert names(mara) == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(partner="Northgate"), ["Acme Pumps GmbH"]),
        (Filter(partner="north"), ["Acme Pumps GmbH"]),
        (Filter(partner="nobody"), []),
        (Filter(status="in_review"), ["Zeta Foods AG"]),
        (Filter(age="8-30"), ["Acme Pumps GmbH"]),
        (Filter(age="0-7"), ["Zeta Foods AG"]),
        (Filter(age="61-"), []),
    ],
)
def test_filters_pick_companies(wanted, expected, alice, charlie, mara, register):
    register(alice, "Acme Pumps GmbH")
    register(charlie, "Zeta Foods AG", value=Decimal(200_000), clock=fixed(NOW - timedelta(days=3)))

    assert names(mara, wanted) == expected


def test_filter_by_territory_and_product_line(alice, mara, register, gateways, sensors, europe):
    asia = Territory.objects.create(code="asia", name="Asia")
    register(alice, "Acme Pumps GmbH", line=gateways, territory=europe)
    register(alice, "Zeta Foods AG", line=sensors, territory=asia)

    assert names(mara, Filter(territory=europe)) == ["Acme Pumps GmbH"]
    assert names(mara, Filter(product_line=sensors)) == ["Zeta Foods AG"]
    assert names(mara, Filter(territory=europe, product_line=sensors)) == []


def test_what_lies_outside_the_filter_is_listed_and_said_so(alice, charlie, mara, register, sensors):
    register(alice, "Acme Pumps GmbH")
    register(charlie, "Acme Pumps GmbH", line=sensors)

    rows, _ = report.page(mara, Filter(partner="Southridge"), sort="-value", after="", now=NOW)

    assert [(deal.partner.name, deal.fits) for deal in rows[0].registrations] == [
        ("Southridge", True),
        ("Northgate", False),
    ]
    assert rows[0].position.registrations == 2


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", "ABC"),
        ("-name", "CBA"),
        ("value", "BCA"),
        ("-value", "ACB"),
        ("oldest", "CAB"),
        ("-oldest", "BAC"),
        ("ends", "CAB"),
    ],
)
def test_orders(sort, expected, alice, mara, register):
    for name, value, day in (("Anker AG", 90_000, 2), ("Birke AG", 100, 3), ("Cedar AG", 5_000, 1)):
        register(alice, name, value=Decimal(value), clock=fixed(MONDAY + timedelta(days=day)))

    assert "".join(name[0] for name in names(mara, sort=sort)) == expected


@pytest.mark.parametrize("sort", ["name", "-value", "oldest", "-registrations", "ends", "-ends"])
def test_pages_by_key_have_every_company_once_ties_included(sort, alice, mara, register):
    for number in range(7):
        register(alice, f"Firm number {'ABCDEFG'[number] * 6}", value=Decimal(1000 * (number % 2)))

    seen, after = [], ""
    for _ in range(10):
        rows, after = report.page(mara, Filter(), sort=sort, after=after, now=NOW, size=3)
        seen += [row.position.pk for row in rows]
        if not after:
            break

    everything, _ = report.page(mara, Filter(), sort=sort, after="", now=NOW, size=50)
    assert seen == [row.position.pk for row in everything]
    assert len(set(seen)) == 7


def test_amounts_in_another_currency_show_both(alice, mara, register):
    register(alice, "Acme Pumps Inc", value=Decimal(10_000), currency=Currency.objects.get(code="USD"))

    rows, _ = report.page(mara, Filter(), sort="-value", after="", now=NOW)

    assert rows[0].position.value_base == Decimal("9200.00")
    assert rows[0].originals == {"USD": Decimal(10_000)}


def test_partners_people_see_no_positions(alice, register):
    register(alice, "Acme Pumps GmbH")

    assert not OpenPosition.objects.visible_to(alice).exists()


def test_the_page_asks_as_many_queries_for_three_companies_as_for_one(client, alice, mara, register):
    client.force_login(mara)
    address = reverse("reports:open_registrations")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    register(alice, "Acme Pumps GmbH")
    queries()
    one = queries()
    for name in ("Zeta Foods AG", "Omega Steel SpA"):
        register(alice, name)
    assert queries() == one


@pytest.mark.parametrize(
    "after", ["x", "W10", "WyJhIl0", "bnVsbA", "WyJcdTAwMDAiLCAxXQ", "WzEsMV0", "W" * 5000]
)
@pytest.mark.parametrize("sort", ["name", "-value", "ends", "registrations", "nonsense"])
def test_a_key_that_is_none_begins_at_the_start(after, sort, client, alice, mara, register):
    register(alice, "Acme Pumps GmbH")
    client.force_login(mara)

    answer = client.get(
        reverse("reports:open_registrations"), {"after": after, "sort": sort, "age": "?", "partner": "\x00"}
    )

    assert answer.status_code == 200


def test_the_page_shows_the_row_and_marks_user_text(client, alice, mara, register):
    deal = register(alice, "<script>alert(1)</script> GmbH")
    client.force_login(mara)

    page = client.get(reverse("reports:open_registrations")).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt; GmbH" in page and "<script>alert" not in page
    assert 'dir="auto"' in page and deal.code in page


def test_who_may_open_it(client, alice, bob, ivan, olga):
    address = reverse("reports:open_registrations")
    assert client.get(address).status_code == 302
    for person, status in ((alice, 403), (bob, 403), (ivan, 200), (olga, 200)):
        client.force_login(person)
        assert client.get(address).status_code == status
