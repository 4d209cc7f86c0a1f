"""Searching the database: what is found, by which of its names, what is ruled out, and that failing is loud."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from companies.evidence import CROWD
from companies.found import look_up
from companies.matching import CompanyQuery
from companies.models import Company
from companies.search import SearchFailed, search
from companies.services import (
    add_alias,
    create_company,
    declare_different,
    declare_same,
    undo_verdict,
    withdraw_name,
)
from core.clock import fixed
from tests.companies.makers import make_account

pytestmark = pytest.mark.django_db
CLOCK = fixed(datetime(2026, 3, 2, 9, tzinfo=UTC))


def company(name: str, **facts: str) -> Company:
    return create_company(CompanyQuery(name, **facts), by=None, clock=CLOCK)


def names_found(name: str, **facts: str) -> list[str]:
    return [c.company.name for c in search(CompanyQuery(name, **facts)).candidates]


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ("International Business Machines Corp.", "I.B.M."),
        ("International Business Machines Corp.", "IBM"),
        ("International Business Machines Corp.", "Intl Business Machines"),
        ("Müller Maschinenbau GmbH", "Mueller Maschinenbau"),
        ("Müller Maschinenbau GmbH", "Muller Maschinenbau AG"),
        ("Siemens AG", "Simens"),
        ("Siemens AG", "SIEMENS"),
        ("First National Bank of Omaha", "Omaha First National Bank"),
        ("St. Mary's Hospital", "Saint Marys Hosp."),
        ("Facebook Inc", "Face Book"),
        ("Acme Tools Ltd", "https://www.acme-tools.co.uk/about"),
        ("Acme Tools Ltd", "Holdfast Ltd dba Acme Tools"),
        ("华为技术有限公司", "华为技术"),
        ("Лукойл ОАО", "Lukoyl"),
        ("Amazon.com, Inc.", "Amazon"),
    ],
)
def test_finds_the_company_under_another_spelling(known: str, asked: str) -> None:
    company(known)
    company("Delta Faucet Company")
    company("Zenith Optical Instruments")

    assert names_found(asked) == [known]


def test_does_not_find_a_company_that_shares_a_common_word() -> None:
    company("Delta Faucet Company")
    company("United Technologies")

    assert names_found("Delta Air Lines") == []
    assert names_found("United Airlines") == []


@pytest.mark.parametrize("asked", ["", "   ", "🚀🚀", "\x00\x01", "‮‮", "x" * 10_000, "Ltd", "a " * 5_000])
def test_odd_input_finds_nothing_and_does_not_fail(asked: str) -> None:
    company("Siemens AG")

    assert names_found(asked) == []


def test_same_domain_is_found_whatever_the_name() -> None:
    held = company("Nordwind Logistik GmbH", domain="www.nordwind.example.org")
    found = search(CompanyQuery("NWL", domain="mail@nordwind.example.org")).candidates

    assert [c.company for c in found] == [held]
    assert "same_domain" in [signal.code for signal in found[0].signals]


def test_free_mail_is_no_evidence() -> None:
    company("Bakery Sunrise", domain="sunrise@gmail.com")

    assert names_found("Garage Moonset", domain="moonset@gmail.com") == []


def test_an_alias_is_found_and_named() -> None:
    held = company("Zubrin Platforms Inc")
    alias = add_alias(held, "Quellmann", by=None, clock=CLOCK)
    found = search(CompanyQuery("quellmann")).candidates

    assert [(c.company, c.matched_name, c.tier) for c in found] == [(held, "Quellmann", "same")]

    withdraw_name(alias, by=None, clock=CLOCK)
    assert names_found("quellmann") == []


def test_initials_ask_for_a_look_until_they_are_an_alias() -> None:
    held = company("Zubrin Quellmann Basalt Corp.")
    assert search(CompanyQuery("ZQB")).candidates[0].tier == "possible"

    add_alias(held, "ZQB", by=None, clock=CLOCK)
    assert search(CompanyQuery("Z.Q.B.")).candidates[0].tier == "same"


def test_a_merged_company_is_found_as_the_survivor() -> None:
    one, other = company("Bright Robotics"), company("Brite Robotix International")
    survivor = declare_same(one, other, by=None, clock=CLOCK)

    found = search(CompanyQuery("Brite Robotix International")).candidates
    assert [(c.company, c.matched_name) for c in found] == [(survivor, "Brite Robotix International")]


def test_declared_different_is_ruled_out_and_remembered() -> None:
    one, other = company("Apex Systems", country="US"), company("Apex System", country="GB")
    verdict = declare_different(one, other, by=None, clock=CLOCK)

    result = search(CompanyQuery("Apex Systems", country="US"), about=one, exclude=[one.pk])
    assert (result.candidates, [c.company for c in result.ruled_out]) == ([], [other])
    # Without `about`, the company whose name and country are exactly the query's stands in.
    result = search(CompanyQuery("Apex Systems", country="US"))
    assert ([c.company for c in result.candidates], [c.company for c in result.ruled_out]) == ([one], [other])

    undo_verdict(verdict, by=None, clock=CLOCK)
    assert [
        c.company for c in search(CompanyQuery("Apex Systems"), about=one, exclude=[one.pk]).candidates
    ] == [other]


def test_named_accounts_come_with_their_company_while_in_force() -> None:
    held = company("Orion Foods")
    account = make_account(held, effective_from=date(2026, 1, 1), ends_on=date(2026, 6, 30))

    def claims(on: date) -> list[Any]:
        return search(CompanyQuery("Orion Foods"), on=on).candidates[0].named_accounts

    assert claims(date(2026, 6, 30)) == [account]
    assert claims(date(2026, 7, 1)) == []
    assert claims(date(2025, 12, 31)) == []


def test_a_crowd_of_names_with_one_word_more_is_told_unless_one_is_called_so() -> None:
    """Each of them alone is too unlikely to be shown: that is no reason to be silent about all."""
    for number in range(26):
        company(f"Rautenbach {chr(97 + number) * 3} Logistik")
    assert search(CompanyQuery("Rautenbach Logistik")).crowd is True
    assert search(CompanyQuery("Rautenbach eee Logistik")).crowd is False
    assert search(CompanyQuery("Rautenbach Shipping Logistik")).crowd is False

    findings = look_up(Company.objects.all(), CompanyQuery("Rautenbach"))
    assert findings.crowd is False, "two words more"
    findings = look_up(Company.objects.all(), CompanyQuery("Rautenbach Logistik"))
    assert findings.crowd and not findings.is_empty

    company("Rautenbach Logistik")
    assert search(CompanyQuery("Rautenbach Logistik")).crowd is False


def test_more_than_twenty_that_look_alike_are_a_crowd_whatever_is_listed() -> None:
    # A letter is missing in what is asked for: none is called so.
    for number in range(CROWD):
        company("Zimmerlingen Feinkostwerke", city=f"Town {number}")
    query = CompanyQuery("Zimmerlngen Feinkostwerke")
    assert [search(query, limit=limit).crowd for limit in (1, 10, CROWD, 30)] == [False] * 4
    found = search(query, limit=3)
    assert (len(found.candidates), len(found.past)) == (3, CROWD - 3)

    company("Zimmerlingen Feinkostwerke", city="Linz")

    assert [search(query, limit=limit).crowd for limit in (1, 10, CROWD, 30)] == [True] * 4


def test_less_likely_ones_push_no_likely_one_and_no_branch_past_the_limit() -> None:
    """Whoever asks for less likely companies, too, finds those that others find; what was left out is told."""
    for name in ("Simens", "Siemens Hausbau Kontor", "Siemens India"):
        company(name)
    query = CompanyQuery("Siemens")
    names = [found.company.name for found in search(query, least=0.15).candidates]
    assert names == ["Simens", "Siemens Hausbau Kontor", "Siemens India"]

    found = search(query, least=0.15, limit=2)

    assert [one.company.name for one in found.candidates] == ["Simens", "Siemens India"]
    assert [one.company.name for one in found.past] == ["Siemens Hausbau Kontor"]
    assert (found.crowd, search(query, limit=2).past) == (False, [])


def test_evidence_is_json_and_adds_up() -> None:
    company("Orion Foods", country="DE")
    evidence = search(CompanyQuery("Orion Food", country="FR")).candidates[0].as_json()

    assert evidence["name"] == "Orion Foods"
    assert {"base", "other_country"} <= {s["code"] for s in evidence["signals"]}  # type: ignore[attr-defined]


@pytest.mark.parametrize("asked", ["Siemens", "Nobody Knows This", "", "Orion"])
def test_the_number_of_statements_never_changes(asked: str) -> None:
    for name in ("Siemens AG", "Orion Foods", "Orion Food", "Orion Foods Poland"):
        make_account(company(name))

    with CaptureQueriesContext(connection) as captured:
        search(CompanyQuery(asked))
    statements = [q for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) == 4


def test_a_timeout_is_a_failure_and_the_transaction_lives_on(monkeypatch: pytest.MonkeyPatch) -> None:
    held = company("Siemens AG")
    monkeypatch.setattr("companies.index.lookup._VOCABULARY", "SELECT pg_sleep(2), %(words)s")

    with pytest.raises(SearchFailed):
        search(CompanyQuery("Siemens"), timeout_ms=50)
    assert Company.objects.get(pk=held.pk) == held


def test_any_error_is_a_failure_never_an_empty_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    company("Siemens AG")
    monkeypatch.setattr("companies.search.ranked", lambda *_, **__: 1 / 0)

    with pytest.raises(SearchFailed):
        search(CompanyQuery("Siemens"))


def test_the_callers_settings_come_back() -> None:
    def setting() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return str(cursor.fetchone()[0])

    with transaction.atomic():
        before = setting()
        search(CompanyQuery("Siemens"), timeout_ms=777)
        assert setting() == before
