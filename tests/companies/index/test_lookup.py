"""What the index brings beside names alike: domain, telephone, crowds; and that much of it costs no statement more."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.evidence import CROWD
from companies.index.lookup import look_up
from companies.matching import CompanyQuery
from companies.models import Company, CompanyName
from companies.search import search
from companies.services import add_alias, create_company, declare_same
from core.clock import fixed

pytestmark = pytest.mark.django_db
CLOCK = fixed(datetime(2026, 3, 2, 9, tzinfo=UTC))


def company(name: str, **facts: str) -> Company:
    return create_company(CompanyQuery(name, **facts), by=None, clock=CLOCK)


@pytest.mark.parametrize(
    ("known", "asked", "meets"),
    [
        ({"phone": "+49 40 1234-5678"}, {"phone": "(040) 12345678"}, True),
        ({"phone": "12345"}, {"phone": "12345"}, False),  # too short to say anything
        ({"domain": "https://shop.nordwind.example/"}, {"domain": "dana@nordwind.example"}, True),
        ({"domain": "nordwind@gmail.com"}, {"domain": "zephyr@gmail.com"}, False),
        ({"phone": ""}, {"phone": "no telephone"}, False),
    ],
)
def test_domain_and_telephone_bring_companies_of_their_own(
    known: dict[str, str], asked: dict[str, str], meets: bool
) -> None:
    held = company("Nordwind Logistik", **known)
    company("Basalt Mills")

    assert look_up(CompanyQuery("Zephyr Snacks", **asked), timeout_ms=5_000).company_ids == (
        [held.pk] if meets else []
    )
    assert (
        look_up(CompanyQuery("Zephyr Snacks", **asked), timeout_ms=5_000, exclude=[held.pk]).company_ids == []
    )


def test_a_company_merged_away_is_not_brought_by_its_telephone() -> None:
    one, other = company("Nordwind Logistik"), company("Basalt Mills", phone="+49 40 1234-5678")
    declare_same(one, other, by=None, clock=CLOCK)

    found = search(CompanyQuery("Zephyr Snacks", phone="040 12345678")).candidates
    assert other not in [candidate.company for candidate in found]


def test_more_than_twenty_of_one_name_are_a_crowd_and_cost_no_more() -> None:
    rows = [Company(name="Orion Foods", country="DE") for _ in range(CROWD + 1)]
    Company.objects.bulk_create(rows)
    CompanyName.objects.bulk_create(
        CompanyName(company=row, text=row.name, source="x", created_at=CLOCK()) for row in rows[:CROWD]
    )
    few = look_up(CompanyQuery("Orion Foods GmbH"), timeout_ms=5_000)
    assert (few.crowd, few.reach, len(few.company_ids)) == (False, CROWD, 12)

    CompanyName.objects.create(company=rows[CROWD], text="ORION FOODS", source="x", created_at=CLOCK())
    with CaptureQueriesContext(connection) as asked:
        assert look_up(CompanyQuery("Orion Foods GmbH"), timeout_ms=5_000).crowd
    assert len(asked) == 2
    assert search(CompanyQuery("Orion Foods"), limit=20).crowd


def test_one_company_with_many_names_leaves_room_for_others() -> None:
    hub = company("Zubrin Foods")
    CompanyName.objects.bulk_create(
        CompanyName(company=hub, text=f"Zubrin Foods {n}", source="x", created_at=CLOCK())
        for n in range(2, 40)
    )
    other = company("Zubrin Snacks")

    assert set(look_up(CompanyQuery("Zubrin"), timeout_ms=5_000).company_ids) == {hub.pk, other.pk}


@pytest.mark.parametrize(
    ("held", "beside", "asked"),
    [
        (
            "Facebook Inc",
            ["Meta Systems", "Meta Materials", "Meta Financial Group", "Platforms Ltd", "Digital Platforms"],
            "Meta Platforms",
        ),
        (
            "P&G",
            ["Procter Services", "Gamble Bank", "Procter Bau", "Procter Systems", "Gamble Ltd"],
            "Procter & Gamble",
        ),
        (
            "日立製作所",
            ["Hitachi Zosen", "Hitachi Metals", "Hitachi Kasei", "Hitachi Maxell", "Hitachi Koki"],
            "Hitachi, Ltd.",
        ),
        (
            "РЖД",
            ["Indian Railways", "Polish Railways", "Russian Standard", "Russian Post", "Swiss Railways"],
            "Russian Railways",
        ),
    ],
)
def test_what_a_name_stands_for_is_found_among_many_that_share_its_words(held, beside, asked):
    """By its letters it is the least likely of them."""
    for name in beside:
        create_company(CompanyQuery(name), by=None)
    meant = create_company(CompanyQuery(held), by=None)

    found = search(CompanyQuery(asked)).candidates

    assert found and found[0].company == meant


def test_of_many_that_are_called_so_the_one_in_the_country_is_meant():
    """A vendor's records of a famous short name, one a country, and a name in five spellings leave nobody out."""
    for name in ("Volkswagen Bank", "Volkswagen Financial Services", "Volkswagen Leasing"):
        company(name)
    for country in ("US", "GB", "IT", "ES", "PL", "SE", "NO", "FI", "DK", "CZ", "HU", "PT", "GR", "IE"):
        held = company("VW", country=country)
        for spelling in ("V.W.", "V W", "V. W."):
            add_alias(held, spelling, by=None, clock=CLOCK)
    there = company("VW", country="FR")

    found = search(CompanyQuery("Volkswagen", country="FR")).candidates

    assert found[0].company == there


def test_of_a_crowd_the_one_in_the_country_is_among_those_shown():
    for number in range(CROWD + 9):
        company("Quora Plastic", country=("US", "GB", "IT", "ES")[number % 4])
    there = company("Quora Plastic", country="FR")

    found = search(CompanyQuery("Quora Plastic", country="FR"))

    assert found.crowd and found.candidates[0].company == there
