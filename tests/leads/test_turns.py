"""A place is free, and a lead of another firm's came before whoever is next in line: a person looks before the line passes it."""

import pytest
from django.urls import reverse

from core.errors import BadInput, ScopeTaken
from leads.enums import Onward, Way
from leads.services.answering import decline
from leads.services.giving import give
from notifications.models import Message
from registrations.enums import Status
from registrations.services import decisions, line_order, offers, partner_actions, passing
from tests.leads.makers import holder_of, later, make_lead
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]
WHY = "They have worked with the plant for a year."
NAMES = {
    "the same name": ("Kestrel Foods", "Kestrel Foods"),
    "another name": ("I.B.M.", "International Business Machines Corp."),
}


def told():
    return Message.objects.filter(event="lead.given_past")


@pytest.fixture
def case(mara, alice, bob, charlie, erin, northgate, gateways, register):
    """A function: Eastfield comes first, Northgate gets a lead, Southridge waits behind Eastfield, which withdraws."""

    def make(lead_name, name, line=gateways):
        first = register(erin, name, value=900_000, country="US", clock=later(1))
        lead = make_lead(mara, lead_name, line, country="US")
        give(lead, way=Way.HAND, by=mara, partner=northgate, onward=Onward.BACK, clock=later(2))
        decisions.assign(first, by=mara, clock=later(3))
        waits = register(charlie, name, country="US", clock=later(4))
        first.refresh_from_db()
        decisions.put_on_waitlist(waits, behind=first, by=mara, clock=later(5))
        first.refresh_from_db()
        partner_actions.withdraw(first, by=erin, clock=later(6))
        waits.refresh_from_db()
        return lead, waits

    return make


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_it_goes_to_a_review_that_asks_why_it_goes_first(names, client, mara, bob, charlie, case):
    lead, waits = case(*names)
    assert (waits.status, waits.review_reasons) == (Status.IN_REVIEW, ["turn_came", "claim_first"])
    assert passing.has_turn(waits) and not told()
    turn = Message.objects.filter(event="registration.turn_came", recipient=charlie).get()
    assert "Somebody else's claim on the company came first, and goes first if they take it up" in turn.text
    assert "Northgate" not in turn.text and lead.code not in turn.text

    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[waits.code]))
    assign = next(one for one in page.context["decisions"] if one["code"] == "assign")
    assert f"Lead given out to Northgate ({lead.code}) came before it" in assign["effect"]
    assert "Another partner was given a lead for it before it came in" in page.content.decode()
    with pytest.raises(BadInput, match="Say why it goes first"):
        decisions.assign(waits, by=mara, clock=later(7))

    decisions.assign(waits, by=mara, passing=WHY, clock=later(7))
    waits.refresh_from_db()
    mail = told().get()
    assert (waits.status, mail.recipient, mail.about) == (Status.APPROVED, bob, lead.code)
    assert WHY in mail.text and "Southridge" not in mail.text
    assert waits.timeline.get(kind="went_first").data["text"] == f"Before {lead.code}. {WHY}"


def test_once_the_lead_is_declined_nobody_is_passed(client, mara, alice, case):
    lead, waits = case("Kestrel Foods", "Kestrel Foods")
    decline(lead, by=alice, reason="fit", clock=later(7))
    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[waits.code])).content.decode()
    assert "Approving it passes that lead no longer" in page and "may still accept that" not in page
    decisions.assign(waits, by=mara, clock=later(8))
    waits.refresh_from_db()
    assert waits.status == Status.APPROVED and not told()


def test_what_goes_before_others_by_the_order_of_the_line_passes_no_lead_either(
    mara, alice, charlie, erin, eastfield, northgate, gateways, register
):
    """Gus and Hal came before the lead, Southridge after it; a manager puts Southridge first."""
    first = register(erin, "Kestrel Foods", value=900_000, clock=later(1))
    names = ("Gus", "Hal")
    gus, hal = (
        register(make_user(name, "partner_rep", eastfield), "Kestrel Foods", clock=later(1.5))
        for name in names
    )
    lead = make_lead(mara, "Kestrel Foods", gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=later(2))
    decisions.assign(first, by=mara, clock=later(3))
    waits = register(charlie, "Kestrel Foods", clock=later(4))
    for row in (gus, hal, waits):
        first.refresh_from_db()
        decisions.put_on_waitlist(row, behind=first, by=mara, clock=later(5))
    waits.refresh_from_db()
    line_order.reorder(waits, to_place=1, by=mara, reason="The customer asks for them.", clock=later(5.5))
    first.refresh_from_db()
    gus.refresh_from_db()
    assert not passing.claims_passed_by(gus)  # who came before the lead, though it stands behind now
    partner_actions.withdraw(first, by=erin, clock=later(6))
    waits.refresh_from_db()
    assert (waits.status, waits.review_reasons) == (Status.IN_REVIEW, ["turn_came", "claim_first"])
    with pytest.raises(ScopeTaken):  # nor does the order that the manager gave end with that
        decisions.assign(gus, by=mara, passing=WHY, clock=later(7))
    assert waits.line_order is None and [claim.code for claim in passing.claims_passed_by(waits)] == [
        lead.code
    ]


def test_a_lead_for_other_products_is_passed_by_nobody(charlie, sensors, case):
    lead, waits = case("Kestrel Foods", "Kestrel Foods", sensors)
    assert waits.status == Status.OFFERED
    offers.accept(waits.offers.get(), by=charlie, clock=later(7))
    assert holder_of(lead) == "Northgate" and not told()


def test_what_is_kept_for_a_review_before_the_line_passes_no_lead_silently_either(
    mara, kept_for_an_earlier_one
):
    """The line keeps it for who came first and is still under review; the lead came before both."""
    lead, reviewed, _ = kept_for_an_earlier_one
    assert passing.has_turn(reviewed)
    with pytest.raises(BadInput, match="Say why it goes first"):
        decisions.assign(reviewed, by=mara, clock=later(8))
    decisions.assign(reviewed, by=mara, passing=WHY, clock=later(8))
    assert told().get().about == lead.code
