"""Companies that are joined, or get a parent, after the check ran: who holds the company is a candidate from then on."""

from decimal import Decimal

import pytest
from django.urls import reverse

from companies.services import declare_same, set_parent
from notifications.models import Message
from registrations.enums import Status
from registrations.models import Conflict
from registrations.services import decisions
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.people import MONDAY_CLOCK
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db
BIG = Decimal(900_000)


@pytest.fixture(params=["joined", "family", "joined before it was held"])
def way(request):
    """How the two companies came together."""
    if request.param == "family":
        policy(scope_family=True)
    return request.param


@pytest.fixture
def other(way, charlie, register):
    """Under review because of its value; nothing says that it is about Acme."""
    return register(charlie, "Zollverein Maschinenbau KG", country="AT", value=BIG)


def put_in_line(client, mara, row, behind):
    client.force_login(mara)
    row.refresh_from_db()
    url = reverse("registrations:waitlist", args=[row.code])
    return client.post(url, {"version": row.version, "candidate": behind.code})


def desk_of(client, mara, row):
    client.force_login(mara)
    return client.get(reverse("registrations:review_item", args=[row.code]))


def buttons(page):
    return {button["code"] for button in page.context["candidate_decisions"]}


@pytest.fixture
def held(way, alice, mara, other, register):
    """Northgate holds the company, or its parent."""
    deal = register(alice, "Acme Pumps GmbH", value=BIG if "before" in way else 50_000)
    if way == "family":
        set_parent(other.company, deal.company, by=mara)
    else:
        declare_same(deal.company, other.company, by=mara, reason="renamed")
    deal.refresh_from_db()
    other.refresh_from_db()
    if deal.status != Status.APPROVED:
        decisions.assign(deal, by=mara, clock=MONDAY_CLOCK)
        deal.refresh_from_db()
    return deal


def test_it_can_be_put_in_line_and_the_holder_is_told(held, other, alice, mara, client):
    assert not Conflict.objects.exists()
    page = desk_of(client, mara, other)
    words = page.content.decode()
    assert "No candidate" not in words and "Northgate" in words
    assert buttons(page) == {"waitlist"}
    (waitlist,) = page.context["candidate_decisions"]
    assert "become one company" not in waitlist["effect"] and "at place 1" in waitlist["effect"]

    put_in_line(client, mara, other, held)

    other.refresh_from_db()
    assert (other.status, other.waits_for) == (Status.WAITLISTED, held)
    (noted,) = held.timeline.visible_to(alice).filter(kind="conflict_noted")
    assert noted.data == {}
    assert held.timeline.get(kind="conflict_found").data["with"] == other.code
    mail = Message.objects.get(event="registration.conflict_noted", address=alice.email)
    assert "Southridge" not in mail.text + mail.html and other.code not in mail.text
    assert [first_broken(held), first_broken(other)] == [None, None]


def test_what_is_known_already_is_not_judged_again(held, other, mara, client):
    client.force_login(mara)
    for name in ("same_company", "different_company"):
        url = reverse(f"registrations:{name}", args=[other.code])
        answer = client.post(url, {"version": other.version, "candidate": held.code})
        assert answer.status_code == 422 and "This is known already" in answer.content.decode()
    other.refresh_from_db()
    assert other.status == Status.IN_REVIEW


def test_taken_back_the_holder_was_told_nothing_and_is_told_the_second_time(held, other, alice, mara):
    decision = decisions.put_on_waitlist(other, behind=held, by=mara, clock=MONDAY_CLOCK)
    undo(decision, by=mara, clock=MONDAY_CLOCK)
    assert not held.timeline.visible_to(alice).filter(kind="conflict_noted").exists()
    mails = Message.objects.filter(event="registration.conflict_noted")
    assert [mail.status for mail in mails] == ["cancelled"]
    other.refresh_from_db()
    decisions.put_on_waitlist(other, behind=held, by=mara, clock=MONDAY_CLOCK)
    assert held.timeline.visible_to(alice).filter(kind="conflict_noted").count() == 1
    assert mails.filter(status="pending").count() == 1


def test_put_behind_one_of_another_name_that_nobody_found_the_holder_is_told(alice, charlie, mara, register):
    held = register(alice, "Acme Pumps GmbH")
    other = register(charlie, "Zollverein Maschinenbau KG", country="AT", value=BIG)
    decisions.put_on_waitlist(other, behind=held, by=mara, clock=MONDAY_CLOCK)
    assert held.timeline.visible_to(alice).filter(kind="conflict_noted").count() == 1


def test_what_the_check_found_is_noted_once(alice, charlie, mara, register):
    held, rival = register(alice, "Acme Pumps GmbH"), register(charlie, "Acme Pumps GmbH")
    decisions.put_on_waitlist(rival, behind=held, by=mara, clock=MONDAY_CLOCK)
    assert held.timeline.filter(kind="conflict_noted").count() == 1
    assert Message.objects.filter(event="registration.conflict_noted").count() == 1
