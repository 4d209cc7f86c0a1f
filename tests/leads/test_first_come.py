"""What is kept for a review keeps out who came later, never who came first: the deal made of a lead that was given before."""

from datetime import timedelta

import pytest
from django.urls import reverse

from companies.services import declare_same
from core.errors import ScopeTaken
from leads.enums import LeadStatus, Onward, Way
from leads.services.answering import accept, decline
from leads.services.giving import give
from notifications.models import Message
from registrations.enums import Status
from registrations.models import Conflict
from registrations.services import decisions, drafts, judgements, partner_actions, passing, submission
from registrations.services.drafts import LineInput
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.leads.makers import later, make_lead
from tests.people import MONDAY, MONDAY_CLOCK, draft_for, make_user
from tests.registrations.requests_help import policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]
ANSWER = {"expected_close": MONDAY.date().replace(month=9)}


@pytest.fixture
def story(mara, charlie, erin, northgate, gateways, sensors, register):
    """A function: Eastfield holds gateways, Northgate gets a lead for sensors, Southridge registers both and waits, with a
    `third` of Eastfield's behind it, and Eastfield withdraws. Both products are kept for Southridge's review then."""

    def make(lead_name="Kestrel Foods", name="Kestrel Foods", *, third=False, version=False, **settings):
        policy(begins=MONDAY - timedelta(days=1), review_other_scope=False, **settings)
        first = register(erin, name, country="US", clock=later(1))
        lead = make_lead(mara, lead_name, sensors, country="US")
        give(lead, way=Way.HAND, by=mara, partner=northgate, onward=Onward.BACK, clock=later(2))
        draft = draft_for(charlie, name, gateways, country="US")
        lines = [LineInput(gateways), LineInput(sensors)]
        draft = drafts.save_draft(draft, by=charlie, fields={}, lines=lines, clock=MONDAY_CLOCK)
        line = [submission.submit(draft, by=charlie, clock=later(3))]
        if third:
            fred = make_user("Fred", "partner_rep", erin.member.partner)
            line.append(register(fred, name, country="US", clock=later(4)))
        for row in line:
            if row.status == Status.IN_REVIEW:
                first.refresh_from_db()
                decisions.put_on_waitlist(row, behind=first, by=mara, clock=later(4.5))
        if version:
            policy(begins=MONDAY + timedelta(hours=5), auto_approve=False, review_other_scope=False)
        first.refresh_from_db()
        partner_actions.withdraw(first, by=erin, clock=later(6))
        for row in line:
            row.refresh_from_db()
        assert line[0].status == Status.IN_REVIEW and passing.has_turn(line[0])
        return (lead, *line)

    return make


@pytest.mark.parametrize(
    "case",
    [{}, {"waitlist_same": True}, {"third": True}, {"version": True}],
    ids=["by a person", "by the policy", "another one behind", "another version since"],
)
def test_the_deal_can_be_given_to_the_lead_that_came_first(case, story, mara, alice):
    lead, waits, *_ = story(**case)
    before = waits.review_reasons
    deal = accept(lead, by=alice, fields=ANSWER, clock=later(7))
    waits.refresh_from_db()
    assert deal.status == Status.IN_REVIEW and deal.rank < waits.rank
    assert waits.review_reasons == before and passing.has_turn(waits)  # until somebody decides

    decisions.assign(deal, by=mara, clock=later(8))
    deal.refresh_from_db()
    waits.refresh_from_db()
    assert (deal.status, waits.status) == (Status.APPROVED, Status.IN_REVIEW)
    assert "turn_came" not in waits.review_reasons and not waits.holdings.filter(ended_at=None).exists()
    told = waits.timeline.get(kind="given_back")
    assert told.audience == "vendor" and f"{deal.code} came before it" in told.data["text"]
    assert not waits.timeline.filter(kind="passed_over").exists() and first_broken(waits) is None

    decisions.put_on_waitlist(waits, behind=deal, by=mara, clock=later(9))
    waits.refresh_from_db()
    assert (waits.status, waits.waits_for) == (Status.WAITLISTED, deal)


def test_what_was_kept_beside_it_goes_to_the_next_in_line(story, mara, alice):
    """Northgate has the sensors; the gateways that were kept with them are offered to who waits behind."""
    lead, _, third = story(third=True)
    deal = accept(lead, by=alice, fields=ANSWER, clock=later(7))
    decisions.assign(deal, by=mara, clock=later(8))
    third.refresh_from_db()
    assert third.status == Status.OFFERED


def test_undone_it_is_all_kept_again(story, mara, alice):
    lead, waits, third = story(third=True)
    deal = accept(lead, by=alice, fields=ANSWER, clock=later(7))
    waits.refresh_from_db()
    before = (waits.review_reasons, set(waits.holdings.filter(ended_at=None).values_list("pk", flat=True)))
    undo(decisions.assign(deal, by=mara, clock=later(8)), by=mara, clock=later(8))
    for row in (deal, waits, third):
        row.refresh_from_db()
        assert first_broken(row) is None
    after = (waits.review_reasons, set(waits.holdings.filter(ended_at=None).values_list("pk", flat=True)))
    assert after == before and len(after[1]) == 2
    assert (deal.status, third.status, third.waits_for) == (Status.IN_REVIEW, Status.WAITLISTED, waits)
    assert not deal.holdings.filter(ended_at=None).exists()
    taken_back = waits.timeline.get(kind="undo").data["took_back"]
    assert waits.timeline.get(kind="given_back").number in taken_back


def test_also_in_another_spelling_once_it_is_the_same(story, mara, alice):
    lead, waits = story("I.B.M.", "International Business Machines Corp.")
    deal = accept(lead, by=alice, fields=ANSWER, clock=later(7))
    judgements.declare_same(Conflict.objects.get(registration=deal, rival=waits), by=mara, clock=later(8))
    deal.refresh_from_db()
    decisions.assign(deal, by=mara, clock=later(9))
    assert waits.timeline.filter(kind="given_back").exists()


def test_also_where_it_is_kept_for_who_was_submitted_before_the_line(mara, alice, kept_for_an_earlier_one):
    lead, reviewed, waits = kept_for_an_earlier_one
    deal = accept(lead, by=alice, fields=ANSWER, clock=later(8))
    decisions.assign(deal, by=mara, clock=later(9))
    reviewed.refresh_from_db()
    waits.refresh_from_db()
    assert "turn_came" not in reviewed.review_reasons and waits.waits_for == deal


def test_it_keeps_out_who_came_later(story, client, mara, erin, register):
    _, waits = story()
    gil = make_user("Gil", "partner_rep", erin.member.partner)
    late = register(gil, "Kestrel Foods", country="US", clock=later(7))
    assert late.rank > waits.rank and late.status == Status.IN_REVIEW
    with pytest.raises(ScopeTaken, match="kept for another registration"):
        decisions.assign(late, by=mara, passing="Why.", clock=later(8))
    assert passing.has_turn(waits)
    client.force_login(mara)
    assert f"kept for Southridge ({waits.code}), whose turn came first" in _effect(client, late)


def test_the_button_says_whose_kept_place_is_given_back(story, client, mara, alice):
    lead, waits, third = story(third=True)
    deal = accept(lead, by=alice, fields=ANSWER, clock=later(7))
    client.force_login(mara)
    said = _effect(client, deal)
    assert f"What is kept for Southridge ({waits.code}) is given back, since {deal.code} came first." in said
    assert f"It is then the turn of Eastfield ({third.code})" in said and "Not now" not in said


def _effect(client, registration):
    page = client.get(reverse("registrations:review_item", args=[registration.code]))
    return next(one["effect"] for one in page.context["decisions"] if one["code"] == "assign")


def test_while_it_is_only_kept_no_page_says_that_somebody_has_it(story, client, mara, alice):
    lead, waits = story()
    client.force_login(alice)
    for page in ("lead", "accept"):
        said = client.get(reverse(f"leads:{page}", args=[lead.code])).content.decode()
        assert "given to another registration" not in said and "Southridge" not in said
    client.force_login(mara)
    page = " ".join(client.get(reverse("leads:lead", args=[lead.code])).content.decode().split())
    assert "has the company for the same products" not in page and "silent: back to us." in page
    assert "The company is kept for <bdi>Southridge</bdi> for the same products" in page
    assert f"{waits.code}</a>) until its review is over." in page


@pytest.mark.parametrize("waits_in_line", [False, True])
def test_beside_an_offer_what_comes_of_the_lead_is_looked_at_or_waits(
    waits_in_line, client, mara, alice, charlie, erin, northgate, gateways, register
):
    """The lead stands at another record; the two become one while the place is offered."""
    first = register(erin, "Kestrel Foods", clock=later(1))
    waits = register(charlie, "Kestrel Foods", clock=later(2))
    decisions.put_on_waitlist(waits, behind=first, by=mara, clock=later(3))
    lead = make_lead(mara, "Tornado Snacks", gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=later(4))
    first.refresh_from_db()
    partner_actions.withdraw(first, by=erin, clock=later(5))
    waits.refresh_from_db()
    assert waits.status == Status.OFFERED
    declare_same(lead.company, waits.company, by=mara, reason="One number")
    lead.refresh_from_db()
    if waits_in_line:
        policy(waitlist_same=True, begins=MONDAY + timedelta(hours=6))

    client.force_login(mara)
    page = " ".join(client.get(reverse("leads:lead", args=[lead.code])).content.decode().split())
    assert "The company is offered to <bdi>Southridge</bdi> for the same products" in page
    assert "What comes of the lead is looked at, or waits in line behind that." in page
    deal = accept(lead, by=alice, fields=ANSWER, clock=later(9))
    assert deal.status == (Status.WAITLISTED if waits_in_line else Status.IN_REVIEW)


def test_the_manager_reads_after_a_decline_for_whom_it_is_kept(story, mara, alice):
    """A lead that would go on to others waits for the vendor then: it is not given past who it is kept for."""
    lead, waits = story()
    type(lead).objects.filter(pk=lead.pk).update(onward=Onward.POOL)
    decline(lead, by=alice, reason="fit", clock=later(7))
    lead.refresh_from_db()
    assert lead.status == LeadStatus.NEW
    mail = Message.objects.get(event="lead.declined").text
    assert f"kept for Southridge ({waits.code}) for the same products until its review is over" in mail
    assert "holds this company" not in mail
