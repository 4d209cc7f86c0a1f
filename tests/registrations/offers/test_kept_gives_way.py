"""What is only kept for a review gives way to a holder of what turns out to be the same company."""

import pytest
from django.urls import reverse

import companies.services as company_services
from companies.models import Verdict
from core.clock import database_clock
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import decisions, drafts, judgements, partner_actions, submission
from registrations.services.drafts import LineInput
from registrations.services.undo import undo
from tests.people import draft_for, make_user
from tests.registrations.offers.steps import state
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db
IBM = "International Business Machines Corp."


@pytest.fixture
def erin(mara):
    """Of a third firm, Eastwind; she holds gateways at another spelling."""
    firm = Partner.objects.create(name="Eastwind", country="US", status=PartnerStatus.ACTIVE, manager=mara)
    return make_user("Erin", "partner_rep", firm)


@pytest.fixture
def other(erin, register):
    policy(review_other_scope=False)
    return register(erin, "I.B.M.", country="US", clock=database_clock)


@pytest.fixture
def turn(other, alice, charlie, dan, mara, register, gateways, sensors):
    """Charlie's turn came, for gateways and sensors, and he is compared with Erin; Dan waits behind him for sensors."""
    holder = register(alice, IBM, country="US", line=sensors, clock=database_clock)
    draft = draft_for(charlie, IBM, gateways, country="US")
    drafts.save_draft(draft, by=charlie, fields={}, lines=[LineInput(gateways), LineInput(sensors)])
    both = submission.submit(draft, by=charlie)
    behind = register(dan, IBM, country="US", line=sensors, clock=database_clock)
    for row in (both, behind):
        decisions.put_on_waitlist(row, behind=holder, by=mara)
    holder.refresh_from_db()
    partner_actions.release(holder, by=alice)
    assert state(both, behind) == [Status.IN_REVIEW, Status.WAITLISTED]
    assert "turn_came" in both.review_reasons and kept_for(both) == 2
    return both, behind


def kept_for(row):
    return row.holdings.filter(ended_at=None, reserved=True).count()


def same(row, other, by):
    return judgements.declare_same(row.conflicts.get(rival=other), by=by)


def wait(row, other, by):
    return decisions.put_on_waitlist(Registration.objects.get(pk=row.pk), behind=other, by=by)


@pytest.mark.parametrize("how", [same, wait])
def test_it_goes_to_who_waits_for_the_rest(how, turn, other, mara, client):
    row, behind = turn
    client.force_login(mara)
    page = client.get(f"{reverse('registrations:review_item', args=[row.code])}?candidate={other.code}")
    said = {one["code"]: one["effect"] for one in page.context["candidate_decisions"]}
    told = (
        "What is kept for Southridge is given back, since somebody else has it there. "
        f"It is then the turn of {behind.partner} ({behind.code}): they are offered the deal by mail."
    )
    assert told in said["same_company" if how is same else "waitlist"]
    assert "Nobody gets mail" not in said["same_company"]

    how(row, other, mara)

    assert state(row, behind) == [Status.IN_REVIEW if how is same else Status.WAITLISTED, Status.OFFERED]
    assert row.company == other.company and kept_for(row) == 0
    assert "turn_came" not in row.review_reasons or how is wait
    if how is same:
        wait(row, other, mara)
    assert state(row) == [Status.WAITLISTED] and row.waits_for == other


@pytest.mark.parametrize("how", [same, wait])
def test_undone_it_is_kept_again(how, turn, other, mara):
    row, behind = turn
    made = how(row, other, mara)
    undo(made, by=mara)
    assert state(row, behind, other) == [Status.IN_REVIEW, Status.WAITLISTED, Status.APPROVED]
    assert row.company != other.company and kept_for(row) == 2
    assert "turn_came" in row.review_reasons


def test_so_it_is_where_they_are_joined_on_the_page_of_the_company(turn, other, mara):
    row, _ = turn
    company_services.declare_same(row.company, other.company, by=mara, reason="One firm.")
    row.refresh_from_db()
    assert row.company == other.company and kept_for(row) == 0
    assert "turn_came" not in row.review_reasons
    company_services.undo_verdict(Verdict.objects.active().get(), by=mara)
    row.refresh_from_db()
    assert kept_for(row) == 2 and "turn_came" in row.review_reasons
