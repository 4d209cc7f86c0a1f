"""The pages of an offer and of the line, and the links of its mails."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import formats, timezone

from core.clock import fixed
from partners.enums import PartnerStatus
from registrations.enums import Status
from registrations.models import Offer
from registrations.services import (
    decisions,
    offer_links,
    offers,
    partner_actions,
)
from registrations.services.places import place_in_line
from tests.people import MONDAY
from tests.registrations.offers.steps import mail_left, state

pytestmark = pytest.mark.django_db


def test_pages_of_an_offer(client, offer, line, charlie, alice, mara):
    page = reverse("registrations:offer", args=[offer.code])
    mail_left(MONDAY)
    client.force_login(alice)
    assert client.get(page).status_code == 404
    client.force_login(charlie)
    overview = client.get(reverse("registrations:overview")).content.decode()
    deal_page = client.get(reverse("registrations:registration", args=[line[0].code])).content.decode()
    assert "Offered to you" in overview and page in deal_page
    listed = client.get(reverse("registrations:list")).content.decode()
    for shown in (overview, listed):
        assert "Your answer by 9 Mar 2026" in shown
    client.force_login(mara)
    assert "Their answer by 9 Mar 2026" in client.get(reverse("registrations:list")).content.decode()


def test_the_days_left_are_those_of_the_calendar(client, held, line, alice, charlie):
    """Offered late on some day, to be answered by another: as many days as lie between the two, whatever the hour."""
    offer = _open_now(held, line, alice)
    days = (offers.last_day(offer, timezone.now()) - timezone.localdate()).days
    client.force_login(charlie)
    assert (
        f"{days} days left" in client.get(reverse("registrations:offer", args=[offer.code])).content.decode()
    )


def test_the_deadline_on_the_pages_is_the_one_that_holds(client, held, line, alice, charlie):
    """Its mail left ten days late: the days count from then. Before it left they counted from each day anew."""
    now = timezone.now()
    partner_actions.withdraw(held, by=alice, clock=fixed(now - timedelta(days=10)))
    offer = Offer.objects.get()
    pages = [reverse("registrations:offer", args=[offer.code]), reverse("registrations:list")]
    client.force_login(charlie)
    for _ in range(2):
        last = offers.last_day(offer, now)
        assert last > offer.answer_by.date()
        for page in pages:
            assert formats.date_format(last, "DATE_FORMAT") in client.get(page).content.decode()
        mail_left(now)
        offer.refresh_from_db()
    text = offer.message.text
    assert "5 business days from now. If this mail was sent later than it was written, the days count" in text
    assert "answer within 5 business days" in offer.message.subject


def _open_now(held, line, alice):
    partner_actions.withdraw(held, by=alice)
    return Offer.objects.get()


def test_answering_on_the_page(client, held, line, alice, charlie):
    offer = _open_now(held, line, alice)
    page = reverse("registrations:offer", args=[offer.code])
    client.force_login(charlie)
    shown = client.get(page)
    assert shown.status_code == 200 and "Northgate" not in shown.content.decode()

    stale = client.post(reverse("registrations:accept_offer", args=[offer.code]), {"version": "1"})
    assert stale.status_code == 409 and "after you opened this page" in stale.content.decode()
    version = line[0].version + 1
    answer = client.post(reverse("registrations:accept_offer", args=[offer.code]), {"version": version})
    assert answer.status_code == 302
    assert state(line[0]) == [Status.APPROVED]
    for response in (
        client.get(page),
        client.post(reverse("registrations:accept_offer", args=[offer.code]), {"version": version}),
        client.post(reverse("registrations:decline_offer", args=[offer.code]), {"version": version}),
    ):
        assert response.status_code == 410
        assert "was accepted on" in response.content.decode()


def test_answering_by_the_link_of_the_mail(client, held, line, alice, charlie):
    offer = _open_now(held, line, alice)
    path = offer_links.link_for(offer, charlie).removeprefix("http://testserver")
    before = state(line[0]), line[0].version
    opened = [client.get(path), client.head(path)]
    assert [answer.status_code for answer in opened] == [200, 200]
    assert "no-store" in opened[0].headers["Cache-Control"]
    assert (state(line[0]), line[0].version) == before
    assert client.post(path).status_code == 422
    assert state(line[0]) == [Status.OFFERED]

    assert "Declined" in client.post(path, {"answer": "decline"}).content.decode()
    assert state(*line) == [Status.WITHDRAWN, Status.OFFERED]
    assert line[0].timeline.get(kind="decline").data["via"] == "mail link"
    for response in (client.get(path), client.post(path, {"answer": "accept"})):
        assert response.status_code == 410
        assert "was declined on" in response.content.decode()
    for broken in (path[:-3] + "x/", "/offers/mail/x/"):
        assert client.get(broken).status_code == 410


def test_whoever_has_left_the_firm_sees_nothing_by_an_old_link(client, held, line, alice, charlie, northgate):
    path = offer_links.link_for(_open_now(held, line, alice), charlie).removeprefix("http://testserver")
    charlie.member.partner = northgate
    charlie.member.save()
    for answer in (client.get(path), client.post(path, {"answer": "accept"})):
        assert answer.status_code == 410
        assert "Somebody else looks after" in answer.content.decode()
        assert "Acme Pumps" not in answer.content.decode()


def test_the_page_of_the_line(client, held, line, mara, ivan, register):
    page = reverse("registrations:line", args=[line[1].code])
    client.force_login(ivan)
    assert client.get(page).status_code == 403
    client.force_login(mara)
    assert page in client.get(reverse("registrations:review_item", args=[line[1].code])).content.decode()
    shown = client.get(page).content.decode()
    assert shown.index("Southridge") < shown.index("Northgate") and line[0].code in shown
    version = line[1].version
    assert client.post(page, {"version": version, "to_place": 1, "reason": ""}).status_code == 422
    assert client.post(page, {"version": 1, "to_place": 1, "reason": "They began."}).status_code == 409

    answer = client.post(page, {"version": version, "to_place": 1, "reason": "They began."})

    assert answer.status_code == 302
    state(*line)
    assert [place_in_line(row) for row in line] == [2, 1]
    assert client.get(reverse("registrations:line", args=[held.code])).status_code == 409


def test_the_page_of_the_line_asks_as_often_however_long_it_is(
    client, held, line, charlie, mara, register, django_assert_num_queries
):
    page = reverse("registrations:line", args=[line[0].code])
    client.force_login(mara)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for _ in range(3):
        decisions.put_on_waitlist(register(charlie, "Acme Pumps GmbH"), behind=held, by=mara)
    with django_assert_num_queries(len(few)):
        assert client.get(page).content.decode().count("<tr") == 6


def test_a_suspended_firm_reads_the_status_that_it_gets(client, held, line, alice, charlie):
    path = offer_links.link_for(_open_now(held, line, alice), charlie).removeprefix("http://testserver")
    charlie.member.partner.status = PartnerStatus.SUSPENDED
    charlie.member.partner.save()

    answer = client.post(path, {"answer": "accept"})

    page = answer.content.decode()
    assert answer.status_code == 403 and "Error 403" in page and "You cannot do this" in page
    assert "410" not in page and "no longer works" not in page


def test_the_link_of_an_offer_is_nobody_elses_who_is_signed_in(client, held, line, alice, charlie, dan):
    """Not the next in line's, either, who would gain by declining it."""
    offer = _open_now(held, line, alice)
    path = offer_links.link_for(offer, charlie).removeprefix("http://testserver")
    client.force_login(dan)
    for answer in (
        client.get(path),
        client.post(path, {"answer": "decline"}),
        client.post(path, {"answer": "accept"}),
    ):
        page = answer.content.decode()
        assert answer.status_code == 409 and "This link was sent to somebody else" in page
        assert "Acme" not in page and line[0].code not in page
    assert state(*line) == [Status.OFFERED, Status.WAITLISTED]

    client.force_login(charlie)
    assert client.post(path, {"answer": "accept"}).status_code == 200
    assert state(line[0]) == [Status.APPROVED]
    client.force_login(dan)
    assert client.get(path).status_code == 409  # what became of it is not told, either
