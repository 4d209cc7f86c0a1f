"""The open registration: what the referee reads before deciding. Looking changes nothing."""

import re
from datetime import timedelta
from html import unescape
from math import exp

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import companies.services as company_services
from companies.matching import CompanyQuery
from companies.models import NamedAccount
from core.clock import fixed
from core.errors import ScopeTaken
from registrations.enums import RefusalReason
from registrations.models import Registration, TimelineEntry
from registrations.services import decisions, judgements
from tests.people import MONDAY, MONDAY_CLOCK

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(alice, register):
    return register(alice, "International Business Machines Corp.", website="ibm.example", city="Ehningen")


@pytest.fixture
def rival(held, charlie, register):
    return register(charlie, "I.B.M.", website="https://www.ibm.example/de", city="Ehningen")


def page(client, person, registration, **query):
    client.force_login(person)
    return client.get(reverse("registrations:review_item", args=[registration.code]), query)


def words(response):
    """The page's text without markup."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    body = re.sub(r'<span class="code">(.*?)</span>', r"\1", body)  # within a sentence
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def test_both_stand_beside_each_other_with_what_met(client, mara, rival, held):
    response = page(client, mara, rival)
    body = response.content.decode()
    assert "https://www.<mark>ibm.example</mark>/de" in body
    rows = {row.label: row for row in response.context["compared"].rows}
    assert (rows["Company"].differs, rows["Website"].differs, rows["City"].differs) == (True, False, False)
    text = words(response)
    assert "A similar company is registered already" in text
    assert "similar" not in response.context["why"]
    assert "Northgate holds it since 2 Mar 2026" in text
    assert "Almost surely the same company" in text
    assert "The same city" in text
    assert "speaks strongly for the same company" in text
    assert "Version 1" in text


def test_each_button_says_what_it_will_do(client, mara, rival, held):
    text = words(page(client, mara, rival))
    assert f"Only after you have said whether Northgate ({held.code}) holds the same company" in text
    assert "Southridge gets a mail with your reason and text." in text
    assert (
        f"Southridge waits behind Northgate ({held.code}) at place 1 and gets a mail, without that name."
        in text
    )
    assert "Nobody gets mail." in text


def test_approve_promises_protection_only_where_it_would_give_it(client, mara, rival, held):
    """What the button says is what the service then does."""

    def told():
        shown = page(client, mara, rival).context["decisions"]
        return next((row["effect"], row["tone"]) for row in shown if row["code"] == "assign")

    def approve():
        decisions.assign(Registration.objects.get(pk=rival.pk), by=mara)

    said, tone = told()
    assert said.startswith("Only after you have said") and tone == ""
    with pytest.raises(ScopeTaken):
        approve()
    judgements.declare_same(rival.conflicts.get(), by=mara)
    assert told() == (f"Not while Northgate ({held.code}) holds this company for the same scope.", "")
    with pytest.raises(ScopeTaken):
        approve()
    held.refresh_from_db()
    decisions.revoke(held, by=mara, reason_code=RefusalReason.INACTIVE, text="Silent.")
    said, tone = told()
    assert said.startswith("Southridge gets protection until") and tone == "primary"
    approve()


@pytest.mark.parametrize("person", ["ivan", "olga"])
def test_readers_see_everything_but_the_buttons(client, person, rival, request):
    response = page(client, request.getfixturevalue(person), rival)
    assert response.status_code == 200
    assert response.context["decisions"] == []
    assert response.context["candidate_decisions"] == []
    assert '<dialog id="dialog-' not in response.content.decode()
    assert "International Business Machines Corp." in words(response)


def test_a_named_account_is_a_candidate_nobody_waits_behind(client, mara, charlie, register):
    company = company_services.create_company(CompanyQuery("Banque Sorel", "sorel.example", "DE"), by=None)
    account = NamedAccount.objects.create(
        name="Banque Sorel",
        domain="sorel.example",
        country="DE",
        owner_name="Dirk Sales",
        effective_from=(MONDAY - timedelta(days=90)).date(),
        reference="CRM-1",
        company=company,
        created_at=MONDAY - timedelta(days=90),
    )
    response = page(client, mara, register(charlie, "Banque Sorel S.A.", website="sorel.example"))
    assert response.context["compared"].rival.key == account.code
    assert "Dirk Sales (direct sales)" in words(response)
    assert "before this registration: the claim counts" in words(response)
    assert [decision["code"] for decision in response.context["candidate_decisions"]] == [
        "same_company",
        "different_company",
    ]


def test_the_chosen_candidate_is_compared(client, mara, rival, held, dan, register):
    second = register(dan, "I.B.M. Deutschland", website="ibm.example", value=900_000)
    found = page(client, mara, second).context["rivals"]
    assert {tab["rival"].key for tab in found} == {held.code, rival.code}
    response = page(client, mara, second, candidate=rival.code)
    assert response.context["compared"].rival.key == rival.code
    part = client.get(
        reverse("registrations:review_candidates", args=[second.code]), {"candidate": rival.code}
    )
    assert part.content.decode().lstrip().startswith('<section id="candidates"')
    assert page(client, mara, second, candidate="nonsense").status_code == 200


def test_a_later_registration_is_a_candidate_of_the_earlier(client, mara, alice, charlie, register):
    earlier = register(alice, "Kestrel Foods", value=900_000)
    later = register(charlie, "Kestrel Foods GmbH")
    response = page(client, mara, earlier)
    assert response.context["compared"].rival.key == later.code


def test_a_failed_check_is_said_loudly(client, mara, rival):
    Registration.objects.filter(pk=rival.pk).update(review_reasons=["check_failed"])
    text = words(page(client, mara, rival))
    assert "The conflict check failed" in text
    assert "check_failed" not in text


def test_of_a_crowd_nothing_is_denied_and_the_search_is_led_to(client, mara, alice, register):
    for letter in "abcdefghijklmnopqrstuvwxyz":
        company_services.create_company(CompanyQuery(f"Rautenbach {letter * 3} Logistik"), by=None)
    deal = register(alice, "Rautenbach Logistik")
    response = page(client, mara, deal)

    text = words(response)
    assert deal.review_reasons == ["crowd"] and not response.context["rivals"]
    assert "Many companies have a name like this one" in text
    assert "No candidate stands out" in text
    assert "looks like this company" not in text
    assert f"{reverse('companies:search')}?q=Rautenbach%20Logistik" in response.content.decode()


def test_a_branch_says_what_counts_it_up(client, mara, alice, charlie, register):
    """Its reasons add up to the figure, with what the policy does to it."""
    register(alice, "Volksbank Köln")
    for town in ("Bremen", "Essen"):
        company_services.create_company(CompanyQuery(f"Volksbank {town}", country="DE"), by=None)
    deal = register(charlie, "Volksbank", country="US")
    (conflict,) = deal.conflicts.all()
    response = page(client, mara, deal)

    total = sum(signal["contribution"] for signal in conflict.signals)
    counted = next(signal for signal in conflict.signals if signal["code"] == "branch")
    assert counted["contribution"] > 0
    assert 1 / (1 + exp(-total)) == pytest.approx(conflict.score, abs=0.001)
    assert "It may be a branch, since one name adds only a place to the other" in words(response)
    assert "so a person looks, whatever else speaks against it" in words(response)
    assert "parent or subsidiary" not in words(response)


def test_history_of_both_partners_with_the_company(client, mara, alice, rival, held, register):
    old = register(alice, "International Business Machines Corp.", deal_name="Pilot 2025")
    decisions.refuse(old, by=mara, reason_code=RefusalReason.EARLY, text="Too early.")
    response = page(client, mara, rival)
    southridge, northgate = response.context["records"]
    assert (southridge.partner, southridge.rows) == ("Southridge", [])
    assert northgate.counts == ["1 registered", "1 refused"]
    assert [row["code"] for row in northgate.rows] == [old.code]
    assert "Pilot 2025 registered 2 Mar 2026" in words(response)


def test_what_partners_write_is_escaped_and_keeps_its_direction(client, mara, alice, register):
    nasty = register(
        alice, "شركة <script>alert(1)</script> " + "x" * 100, value=900_000, contact_note="<b>hi</b>"
    )
    body = page(client, mara, nasty).content.decode()
    assert "<script>alert(1)" not in body
    assert "<b>hi</b>" not in body
    assert 'dir="auto"' in body


def test_any_status_has_its_page_and_its_actions(client, mara, held, rival):
    assert [d["code"] for d in page(client, mara, held).context["decisions"]] == ["revoke"]
    decisions.put_on_waitlist(rival, behind=held, by=mara, clock=MONDAY_CLOCK)
    held_page = page(client, mara, held)
    assert f"It is then the turn of Southridge ({rival.code}): they are offered the deal by mail." in words(
        held_page
    )
    assert f"Held by Northgate , {held.code} , since 2 Mar 2026" in words(page(client, mara, rival))
    decisions.revoke(held, by=mara, reason_code=RefusalReason.INACTIVE, text="Nothing happened.")
    assert [d["code"] for d in page(client, mara, held).context["decisions"]] == ["reopen"]


def test_a_judged_candidate_says_who_judged_it(client, mara, rival):
    judgements.declare_different(rival.conflicts.get(), by=mara, clock=fixed(MONDAY))
    response = page(client, mara, rival)
    assert "Mara said on 2 Mar 2026: a different company." in words(response)
    assert response.context["candidate_decisions"] == []


def test_looking_changes_nothing(client, mara, rival):
    before = (rival.version, TimelineEntry.objects.count())
    for route in ("review_item", "review_candidates"):
        client.force_login(mara)
        client.get(reverse(f"registrations:{route}", args=[rival.code]))
    rival.refresh_from_db()
    assert (rival.version, TimelineEntry.objects.count()) == before


def test_drafts_and_strange_codes_are_not_there(client, mara):
    client.force_login(mara)
    assert client.get(reverse("registrations:review_item", args=["R-NONE"])).status_code == 404


def test_asks_as_often_for_three_candidates_as_for_one(client, mara, rival, bob, dan, register):
    page(client, mara, rival)
    with CaptureQueriesContext(connection) as one:
        page(client, mara, rival)
    register(bob, "IBM", website="ibm.example", value=900_000)
    register(dan, "I.B.M.", website="ibm.example", value=900_000)
    with CaptureQueriesContext(connection) as three:
        response = page(client, mara, rival)
    assert len(response.context["rivals"]) == 3
    assert len(three) == len(one)
