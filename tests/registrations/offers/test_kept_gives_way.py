"""What is only kept for a review gives way to a holder of what turns out to be the same company."""

from datetime import timedelta

import pytest
from django.urls import reverse

import companies.services as company_services
from companies.models import Verdict
from core.clock import database_clock
from notifications.enums import MessageStatus
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import Status
from registrations.models import Holding, Registration
from registrations.services import decisions, drafts, judgements, partner_actions, submission
from registrations.services.drafts import LineInput
from registrations.services.undo import HELD_SECONDS, undo
from tests.people import draft_for, make_user
from tests.registrations.offers.steps import mail_left, state
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


def standing(*rows):
    """Where each stands, whom it waits for, and what is held, as the database has it."""
    now = Registration.objects.in_bulk([row.pk for row in rows])
    fields = ("status", "company_id", "waits_for_id", "review_reasons")
    held = Holding.objects.filter(ended_at=None).order_by("pk")
    kept = list(held.values_list("registration", "company", "product_line", "reserved"))
    return [[getattr(now[row.pk], name) for name in fields] for row in rows], kept


def test_so_it_is_where_they_are_joined_on_the_page_of_the_company(turn, other, dan, mara):
    row, behind = turn
    partner_actions.withdraw(behind, by=dan)
    company_services.declare_same(row.company, other.company, by=mara, reason="One firm.")
    row.refresh_from_db()
    assert row.company == other.company and kept_for(row) == 0
    assert "turn_came" not in row.review_reasons
    company_services.undo_verdict(Verdict.objects.active().get(), by=mara)
    row.refresh_from_db()
    assert kept_for(row) == 2 and "turn_came" in row.review_reasons


def test_who_waits_for_the_rest_is_offered_it_at_once_there_too(turn, other, mara):
    row, behind = turn
    company_services.declare_same(row.company, other.company, by=mara, reason="One firm.")
    assert state(row, behind) == [Status.IN_REVIEW, Status.OFFERED]
    assert Message.objects.filter(about=behind.code, event="registration.offered").count() == 1
    company_services.undo_verdict(Verdict.objects.active().get(), by=mara)
    # What was done since stays: it is not kept for both.
    assert state(row, behind) == [Status.IN_REVIEW, Status.OFFERED] and kept_for(row) == 0


@pytest.mark.parametrize("how", [same, wait])
def test_it_gives_way_by_a_decision_about_a_later_one_and_is_undone_with_that(
    how, turn, other, mara, register
):
    row, behind = turn
    firm = Partner.objects.create(name="Hillside", country="US", status=PartnerStatus.ACTIVE, manager=mara)
    late = register(make_user("Gil", "partner_rep", firm), IBM, country="US", clock=database_clock)
    mail_left(database_clock())
    before = standing(row, behind, other, late)

    made = how(late, other, mara)

    assert state(row, behind) == [Status.IN_REVIEW, Status.OFFERED] and kept_for(row) == 0
    mail = Message.objects.get(about=behind.code, event="registration.offered")
    assert mail.not_before >= database_clock() + timedelta(seconds=HELD_SECONDS - 5)
    undo(made, by=mara)
    mail.refresh_from_db()
    assert mail.status == MessageStatus.CANCELLED
    assert standing(row, behind, other, late) == before
