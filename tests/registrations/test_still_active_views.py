"""The link of a reminder (R8)."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from registrations.services import partner_actions, still_active
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(alice, register):
    return register(alice, "Acme Pumps GmbH", deal_name="Plant two")


def path_of(deal):
    return still_active.link_for(deal).removeprefix("http://testserver")


def test_opening_shows_the_deal_and_changes_nothing(client, deal):
    before = (deal.version, deal.protected_until, deal.timeline.count())

    answers = [client.get(path_of(deal)) for _ in range(3)] + [client.head(path_of(deal))]

    page = answers[0].content.decode()
    assert "Acme Pumps GmbH" in page and "Plant two" in page and "1 May 2026" in page
    deal.refresh_from_db()
    assert (deal.version, deal.protected_until, deal.timeline.count()) == before
    for answer in answers:
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_button_keeps_the_deal_alive_without_signing_in(client, deal, alice):
    before, path = deal.protected_until, path_of(deal)

    answer = client.post(path)

    deal.refresh_from_db()
    assert deal.protected_until > before
    entry = deal.timeline.get(kind="update")
    assert (entry.actor, entry.data["via"]) == (alice, "mail link")
    assert "Thank you" in answer.content.decode()


def test_a_link_works_once(client, deal):
    path = path_of(deal)
    client.post(path)

    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "This link was used" in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
    assert deal.timeline.filter(kind="update").count() == 1


def test_tampered_foreign_and_ended_links_are_told_apart_from_nothing(client, deal, alice):
    good = path_of(deal)
    foreign = signing.dumps([deal.code, deal.protection_epoch, alice.pk], salt="something.else")
    for path in (good[:-3] + "x/", f"/still-active/{foreign}/", "/still-active/x/", "/still-active/%00/"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "Acme" not in answer.content.decode()
    partner_actions.withdraw(deal, by=alice)
    assert client.post(good).status_code == 410


def test_whoever_has_left_the_firm_sees_nothing_by_an_old_link(client, deal, alice, southridge):
    path = path_of(deal)
    alice.member.partner = southridge
    alice.member.save()
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "Somebody else looks after" in answer.content.decode()
        assert "Acme Pumps" not in answer.content.decode()


def test_the_form_carries_its_token(deal):
    strict = Client(enforce_csrf_checks=True)

    refused = strict.post(path_of(deal))
    strict.get(path_of(deal))
    sent = {"csrfmiddlewaretoken": strict.cookies["concord_csrf"].value}

    assert refused.status_code == 403
    assert strict.post(path_of(deal), sent).status_code == 200


def test_where_a_click_is_not_enough_the_page_says_so_under_its_own_status(client, alice, register):
    policy(update_evidence_required=True)
    deal = register(alice, "Acme Pumps GmbH")

    answer = client.post(path_of(deal))

    page = answer.content.decode()
    assert answer.status_code == 422 and "Error 422" in page and "Evidence is needed" in page
    assert "410" not in page and "no longer works" not in page
    assert reverse("registrations:update", args=[deal.code]) in page


def test_somebody_else_who_is_signed_in_neither_reads_nor_uses_a_link(client, deal, charlie, mara):
    """Whatever the link is worth still, its page says the same, and nothing of the deal."""
    path, before = path_of(deal), (deal.version, deal.protected_until, deal.timeline.count())
    for person in (charlie, mara):
        client.force_login(person)
        for answer in (client.get(path), client.post(path)):
            page = answer.content.decode()
            assert answer.status_code == 409 and "This link was sent to somebody else" in page
            assert all(words not in page for words in ("Acme", "Plant two", deal.code, "Alice", "Northgate"))
            assert reverse("account_logout") in page and f'name="next" value="{path}"' in page
            assert "no-store" in answer.headers["Cache-Control"]
    deal.refresh_from_db()
    assert (deal.version, deal.protected_until, deal.timeline.count()) == before

    opened = client.post(reverse("account_logout"), {"next": path}, follow=True)
    assert "Acme Pumps GmbH" in opened.content.decode()


def test_a_colleague_who_is_signed_in_updates_in_their_own_name(client, deal, bob):
    client.force_login(bob)
    assert f"update by {bob.name}" in client.get(path_of(deal)).content.decode()
    assert client.post(path_of(deal)).status_code == 200
    assert deal.timeline.get(kind="update").actor == bob
