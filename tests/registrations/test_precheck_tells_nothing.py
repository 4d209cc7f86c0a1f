"""R3: whoever tries out names learns two answers and nothing beside them. 500 names, held and not held."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.crypto import get_random_string

from companies.matching import CompanyQuery
from companies.services import create_company
from core import pacing
from core.clock import database_clock, fixed
from core.errors import TooMany
from core.pacing import Pacer
from policies.services import publish_version
from registrations.enums import Status
from registrations.models import PrecheckLog, Registration
from registrations.services.precheck import precheck
from tests.companies.makers import make_account
from tests.people import MONDAY

PRECHECK = "/registrations/precheck/"
_LISTS = re.compile(r"%s(?:, %s)+")
_SAVEPOINT = re.compile(r'SAVEPOINT ".*"')
KINDS = [Status.APPROVED, Status.IN_REVIEW, Status.WAITLISTED, "named_account"]


def names(number):
    """Names that have nothing in common with one another."""
    return [f"{get_random_string(9).title()} {get_random_string(7).title()}" for _ in range(number)]


def hold(every, by, deal):
    """Each name is claimed in one of four ways: held, in review, waiting in line, or a named account."""
    for place, name in enumerate(every):
        company = create_company(CompanyQuery(name=name), by=by)
        kind = KINDS[place % len(KINDS)]
        if kind == "named_account":
            make_account(company)
            continue
        values = {
            field.attname: getattr(deal, field.attname)
            for field in Registration._meta.concrete_fields
            if field.attname not in {"id", "code", "form_key", "rank"}
        }
        rank = 1_000_000 + place
        Registration.objects.create(
            **values | {"company_id": company.pk, "company_name": name, "status": kind, "rank": rank}
        )


def seen(client, name, **more):
    """All that somebody outside sees, and all that the database was asked: answer, headers, statements."""
    statements = []

    def record(execute, sql, *rest):
        statements.append(_LISTS.sub("%s", _SAVEPOINT.sub("SAVEPOINT", sql)))
        return execute(sql, *rest)

    with connection.execute_wrapper(record):
        answer = client.post(PRECHECK, {"company_name": name, **more}, headers={"HX-Request": "true"})
    return (answer.status_code, answer.content, tuple(sorted(answer.headers.items()))), tuple(statements)


@pytest.mark.django_db
def test_500_names_tell_nothing_but_two_answers(
    client, alice, charlie, olga, mara, register, monkeypatch, settings
):
    settings.PRECHECK_SECONDS = 0.25
    pauses = []
    monkeypatch.setattr(pacing, "pacer", Pacer(lambda: 7.0, pauses.append))
    publish_version(
        by=olga, settings={"prechecks_per_day": 1000, "prechecks_per_person": 1000}, note="For the test."
    )
    held, free = names(250), names(250)
    hold(held, mara, register(charlie, "Acme Pumps GmbH"))
    client.force_login(alice)
    client.post(PRECHECK, {"company_name": "The first one fills caches"})
    large = {"value": "5000000", "currency": str(register(alice, "Other").currency_id)}
    pauses.clear()

    small_held = [seen(client, name) for name in held[:125]]
    small_free = [seen(client, name) for name in free[:125]]
    large_held = [seen(client, name, **large) for name in held[125:]]
    large_free = [seen(client, name, **large) for name in free[125:]]

    (review,) = {answer for answer, _ in small_held}  # whoever holds it, in whichever way
    (clear,) = {answer for answer, _ in small_free}
    assert b"Needs review" in review[1] and b"Clear" in clear[1]
    assert {answer for answer, _ in large_held + large_free} == {review}  # a large deal hides even that
    assert len({shapes for _, shapes in small_held + small_free + large_held + large_free}) == 1
    assert pauses == [0.25] * 500
    assert PrecheckLog.objects.filter(counted=True).count() == 501


@pytest.mark.django_db
@pytest.mark.parametrize(
    "why",
    [
        *("policy", "onboarding", "value", "crowd", "failed", "account", "holder"),
        *("cap", "cooling_off", "kind"),
    ],
)
def test_needs_review_has_many_reasons_and_one_answer(
    why, client, alice, charlie, northgate, olga, register, monkeypatch
):
    from companies.search import SearchFailed, SearchResult
    from registrations import conflicts

    register(charlie, "Acme Pumps GmbH")
    asked = {"company_name": "Wolkenstein Optik"}
    client.force_login(alice)
    assert "Clear" in client.post(PRECHECK, asked).content.decode()
    match why:
        case "policy":
            publish_version(by=olga, settings={"auto_approve": False}, note="All are looked at.")
        case "onboarding":
            northgate.status = "onboarding"
            northgate.save()
        case "value":
            asked |= {"value": "120 000", "currency": str(Registration.objects.get().currency_id)}
        case "crowd":
            monkeypatch.setattr(conflicts, "search", lambda *_, **__: SearchResult([], common=True))
        case "failed":

            def fail(*_, **__):
                raise SearchFailed("away")

            monkeypatch.setattr(conflicts, "search", fail)
        case "account":
            make_account(create_company(CompanyQuery(name="Wolkenstein Optik"), by=olga))
        case "cap":
            publish_version(by=olga, settings={"open_most_registered": 1}, note="One at a time.")
            register(alice, "Quiet Corner Ltd")
        case "cooling_off":
            deal = register(alice, "Wolkenstein Optik")
            ended = database_clock()
            Registration.objects.filter(pk=deal.pk).update(status=Status.EXPIRED, closed_at=ended)
            deal.holdings.update(ended_at=ended)
        case "kind":
            publish_version(by=olga, settings={"registering_kinds": ["msp"]}, note="MSPs only.")
        case "holder":
            asked = {"company_name": "ACME Pumps"}
    told = client.post(PRECHECK, asked).content
    monkeypatch.undo()
    assert told == client.post(PRECHECK, {"company_name": "Acme Pumps"}).content
    assert b"Needs review" in told


@pytest.mark.django_db(transaction=True)
def test_the_pause_holds_no_transaction_and_no_lock(client, alice, monkeypatch, settings):
    """While it waits, the connection is idle: no row is locked, and the log is there for everybody."""
    settings.PRECHECK_SECONDS = 0.25
    found = []

    def pause(_):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype IN ('tuple', 'transactionid')"
            )
            locks = cursor.fetchone()[0]
        found.append((connection.in_atomic_block, locks, PrecheckLog.objects.count()))

    monkeypatch.setattr(pacing, "pacer", Pacer(lambda: 7.0, pause))
    client.force_login(alice)

    assert client.post(PRECHECK, {"company_name": "Acme"}).status_code == 200
    assert found == [(False, 0, 1)]


def ask(person, name, seconds=0):
    asked = name if isinstance(name, CompanyQuery) else CompanyQuery(name=name)
    return precheck(asked, by=person, clock=fixed(MONDAY + timedelta(seconds=seconds)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asks", "questions"),
    [
        (["Ac", "Acme", "Acme Pu", "Acme Pumps GmbH"], 1),  # typed with pauses
        (["Acme Pumps", "acme-pumps", "Acme", "Acme Pumps AG"], 1),  # and taken back
        (["Delta", "Delta Air", "Delta", "Delta Faucet"], 2),  # but never two names in one
        (["Acme"] * 12, 1),
        (["Acme"] * 13, 2),  # country after country is not for free
        (["Acme", "Borealis", "Acme"], 3),
        ([("Acme", 0), ("Acme Pumps", 599), ("Acme Pumps GmbH", 700)], 2),  # ten minutes
        (["टाटा", "टोटो"], 2),  # letters that differ by their marks alone
        (["하", "한", "한화"], 1),  # and a letter that is still typed
        (["acme.co", "acme.com", "acme.com.bolt.de"], 2),  # a name that is an address
        (["Acme", "Acme dba Bo", "Acme dba Bolt", "Acme dba Bolt dba Cask"], 3),  # names beside the name
    ],
)
def test_what_is_typed_in_one_go_is_one_question(asks, questions, alice):
    for place, asked in enumerate(asks):
        name, seconds = asked if isinstance(asked, tuple) else (asked, place)
        ask(alice, name, seconds)
    assert PrecheckLog.objects.filter(counted=True).count() == questions
    assert PrecheckLog.objects.count() == len(asks)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("websites", "questions"),
    [
        # Typed on, taken back.
        (["", "acme.c", "acme.co", "acme.com", "", "www.acme.com", "shop.acme.com"], 1),
        (["acme.co", "acme.co.u", "acme.co.uk"], 1),
        (["rki.b", "rki.bund", "rki.bund.d", "rki.bund.de"], 1),
        (["rki.bund.de", "bka.bund.de"], 2),
        (["", "acme.com", "bolt.com", "", "cask.com"], 3),
        (["a", "ab.example", "", "ac.example"], 2),  # what lies between does not join them
        (["acme.com", "acme.com.bolt.de", "acme.com.bolt.de.cask.fr"], 3),  # each begins like the one before
    ],
)
def test_a_website_is_part_of_the_question(websites, questions, alice):
    for place, website in enumerate(websites):
        ask(alice, CompanyQuery("Acme", website, "DE" if place else ""), place)
    assert PrecheckLog.objects.filter(counted=True).count() == questions
    assert list(PrecheckLog.objects.order_by("pk").values_list("website", flat=True)) == websites
    assert str(PrecheckLog.objects.latest("pk")) == f"Acme, {websites[-1]}, DE"


@pytest.mark.django_db
def test_one_question_is_one_company_whichever_field_changes(client, alice, charlie, olga, register):
    """Website after website with one name, country after country: refused in the same words, held or not, and logged."""
    publish_version(by=olga, settings={"prechecks_per_person": 1}, note="One.")
    register(charlie, "Borealis Shipping", website="borealis.com")
    client.force_login(alice)

    def status(**more):
        return client.post(PRECHECK, {"company_name": "Wolkenstein", **more}).status_code

    typed = [{"website": "wolkenst"}, {"website": "wolkenstein.co"}, {"website": "wolkenstein.com"}]
    assert [status(**more) for more in [{}, *typed]] == [200] * 4
    assert status(website="wolkenstein.com", country="DE", value="12") == 200
    assert [status(website=f"{name}.com", country="DE") for name in ("borealis", "nobody")] == [429] * 2
    assert [status(country=code) for code in ("FR", "US", "DE", "")] == [429, 429, 200, 200]
    refused = PrecheckLog.objects.filter(clear=None).order_by("pk")
    assert list(refused.values_list("website", "country")) == [
        ("borealis.com", "DE"),
        ("nobody.com", "DE"),
        ("", "FR"),
        ("", "US"),
    ]
    assert PrecheckLog.objects.filter(counted=True).count() == 1


@pytest.mark.django_db
def test_person_and_firm_each_have_a_quota_and_a_refusal_is_logged(alice, bob, dan, charlie, olga):
    settings = {"prechecks_per_day": 3, "prechecks_per_person": 2}
    publish_version(by=olga, settings=settings, note="Few.")
    clock = fixed(database_clock() + timedelta(seconds=1))

    def ask_now(person, name):
        return precheck(CompanyQuery(name=name), by=person, clock=clock)

    assert ask_now(alice, "Acme") and ask_now(alice, "Borealis")
    with pytest.raises(TooMany):
        ask_now(alice, "Werra Kali")
    assert ask_now(alice, "Borealis Shipping")  # the question that was counted may be finished
    assert ask_now(bob, "Cirrus")
    with pytest.raises(TooMany):
        ask_now(dan, "Sankt Veit")
    assert ask_now(charlie, "Sankt Veit")  # another firm
    refused = PrecheckLog.objects.filter(clear=None)
    assert sorted(refused.values_list("asked", "counted")) == [("Sankt Veit", False), ("Werra Kali", False)]
    assert PrecheckLog.objects.filter(counted=True).count() == 4
