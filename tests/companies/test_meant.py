"""Which company a name stands for where several bear it, and people have told them apart (C4)."""

import pytest

from companies.matching import CompanyQuery
from companies.models import Company, CompanyName, Verdict
from companies.search import search
from companies.services import (
    create_company,
    declare_different,
    declare_same,
    find_or_create_company,
    undo_verdict,
    withdraw_name,
)
from companies.services.exact import find_exact
from companies.services.many import plan_companies

pytestmark = pytest.mark.django_db


def known(*names: str, **facts: str) -> list[Company]:
    return [create_company(CompanyQuery(name, **facts), by=None) for name in names]


def told_apart(mara, *names: str, **facts: str) -> list[Company]:
    one, other = known(*names, **facts)
    declare_different(one, other, by=mara, reason="Two firms.")
    return [one, other]


def found_for(query: CompanyQuery) -> tuple[set[str], set[str]]:
    """The names that a search finds and those that it rules out."""
    result = search(query)
    return {one.company.name for one in result.candidates}, {one.company.name for one in result.ruled_out}


PAIRS = [
    ("Kroll Logistik GmbH", "Kroll Logistik AG"),
    ("Delta Services GmbH", "Delta Service GmbH"),
    ("Marsh & Co", "Marsh"),
    ("Nord Tec GmbH", "NordTec GmbH & Co. KG"),
    ("Alpha GmbH", "Alpha+ GmbH"),
    ("Nord-Süd Logistik GmbH", "Nord Süd Logistik GmbH"),
]


@pytest.mark.parametrize(("elder", "younger"), PAIRS)
@pytest.mark.parametrize("typed", [str, str.upper, str.casefold], ids=["as is", "capitals", "small letters"])
def test_the_very_name_is_the_one_that_bears_it(mara, elder, younger, typed):
    one, other = told_apart(mara, elder, younger)

    for name, company in ((elder, one), (younger, other)):
        query = CompanyQuery(typed(name))
        assert find_exact(query) == company
        candidates, ruled_out = found_for(query)
        assert company.name in candidates
        assert ruled_out == {one.name, other.name} - {company.name}


@pytest.mark.parametrize(
    "typed",
    ["Kroll Logistik A.G.", "KROLL-LOGISTIK AG", "Kroll Logistik Aktiengesellschaft"],
)
def test_the_legal_form_tells_which(mara, typed):
    _, stock_company = told_apart(mara, *PAIRS[0])

    assert find_exact(CompanyQuery(typed)) == stock_company


def test_untold_apart_the_nearest_is_taken_all_the_same():
    _, stock_company = known(*PAIRS[0])

    assert find_exact(CompanyQuery("Kroll Logistik AG")) == stock_company
    assert find_exact(CompanyQuery("Kroll Logistik")) == Company.objects.get(name="Kroll Logistik GmbH")


def test_a_name_that_fits_both_is_neither_and_rules_out_none(mara):
    one, other = told_apart(mara, *PAIRS[0])
    query = CompanyQuery("Kroll Logistik")

    assert find_exact(query) is None
    assert found_for(query) == ({one.name, other.name}, set())

    third, how = find_or_create_company(query, by=mara)
    assert how == "created" and third not in (one, other)
    # Who comes next stands at the same new record, until somebody says which of them it is.
    assert find_or_create_company(query, by=mara) == (third, "found")


def test_so_is_the_very_name_of_two(mara):
    told_apart(mara, "Delta GmbH", "Delta GmbH", country="DE")
    query = CompanyQuery("Delta GmbH", country="DE")

    assert find_exact(query) is None
    assert len(search(query).candidates) == 2
    assert plan_companies([query, query])[0].pk is None


def test_a_record_that_bears_it_less_is_not_taken_for_two_that_bear_it(mara):
    told_apart(mara, "Delta GmbH", "Delta GmbH", country="DE")
    known("Delta AG", country="DE")

    assert find_exact(CompanyQuery("Delta GmbH", country="DE")) is None


def test_the_website_decides_between_two_of_one_name(mara):
    (berlin,) = known("Delta GmbH", domain="delta-berlin.de")
    (elsewhere,) = known("Delta GmbH")
    declare_different(berlin, elsewhere, by=mara, reason="Two firms.")

    assert find_exact(CompanyQuery("Delta GmbH", domain="www.delta-berlin.de")) == berlin
    assert find_exact(CompanyQuery("Delta GmbH", domain="delta-hamburg.de")) == elsewhere


def test_a_website_against_the_very_name_decides_nothing(mara):
    (limited,) = known("Kroll Logistik GmbH", domain="kroll.de")
    (stock_company,) = known("Kroll Logistik AG")
    declare_different(limited, stock_company, by=mara, reason="Two firms.")
    query = CompanyQuery("Kroll Logistik AG", domain="kroll.de")

    assert find_exact(query) is None
    assert found_for(query) == ({limited.name, stock_company.name}, set())


def test_of_equals_the_one_of_the_country_is_taken(mara):
    known("Kroll Logistik")
    (austrian,) = known("Kroll Logistik", country="AT")

    assert find_exact(CompanyQuery("Kroll Logistik", country="AT")) == austrian


HAMBURG = {"country": "DE", "domain": "nordlicht.de"}
VIENNA = {"country": "AT", "domain": "nordlicht-optik.at"}


def merged(mara, name: str, into: Company) -> Company:
    part = create_company(CompanyQuery(name, **VIENNA), by=None)
    assert declare_same(part, into, by=mara, keep=into) == into
    return part


@pytest.mark.parametrize("name", ["Nordlicht Optik GmbH", "NLO Sehhilfen"])
def test_what_was_said_to_be_one_is_found_by_what_either_was_known_as(mara, name):
    (held,) = known("Nordlicht Optik GmbH", **HAMBURG)
    merged(mara, name, held)
    query = CompanyQuery(name, **VIENNA)

    assert find_exact(query) == held
    assert plan_companies([query, query]) == [held, held]
    found = search(query).candidates[0]
    assert (found.company, found.tier) == (held, "same")
    # A third firm of that name, with facts that neither had, is no part of it.
    assert find_exact(CompanyQuery(name, domain="nlo.example", country="AT")) is None
    assert find_exact(CompanyQuery(name, domain="nordlicht.de", country="FR")) is None


def test_a_part_that_told_nothing_gives_no_licence(mara):
    (held,) = known("Nordlicht Optik GmbH", **HAMBURG)
    bare = create_company(CompanyQuery("NLO Sehhilfen"), by=None)
    declare_same(bare, held, by=mara, keep=held)

    assert find_exact(CompanyQuery("NLO Sehhilfen")) == held
    assert find_exact(CompanyQuery("NLO Sehhilfen", **VIENNA)) is None


def test_parts_of_parts_count_and_what_was_taken_back_does_not(mara):
    first, last = known("Nordlicht Optik GmbH", "Aurora Brillen", **HAMBURG)
    part = merged(mara, "NLO Sehhilfen", first)
    declare_same(first, last, by=mara, keep=last)
    query = CompanyQuery("NLO Sehhilfen", **VIENNA)
    assert find_exact(query) == last

    carried = CompanyName.objects.active().get(company=last, text="NLO Sehhilfen")
    withdraw_name(carried, by=mara, reason="sold")
    assert find_exact(query) is None
    for verdict in Verdict.objects.active().order_by("-pk"):
        undo_verdict(verdict, by=mara)
    assert find_exact(query) == part
