"""Who came first is not passed by a line because the name was written another way: it is kept for that review until somebody has
said what the two companies are, and every way out of the review lets the line go on."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

import companies.services as company_services
from companies.models import Verdict
from core.clock import database_clock
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import Status
from registrations.models import Conflict, Holding, Registration
from registrations.services import decisions, judgements, partner_actions, waitlist
from registrations.services.places import place_in_line
from registrations.services.undo import undo
from tests.people import make_user
from tests.registrations.offers.steps import state

pytestmark = pytest.mark.django_db
IBM = "International Business Machines Corp."
REASON = {"reason_code": "early", "text": "Too early."}


@pytest.fixture
def erin(mara):
    """Of a third firm, Eastwind."""
    firm = Partner.objects.create(name="Eastwind", country="US", status=PartnerStatus.ACTIVE, manager=mara)
    return make_user("Erin", "partner_rep", firm)


@pytest.fixture
def holder(alice, register):
    return register(alice, IBM, country="US", clock=database_clock)


@pytest.fixture
def first(holder, erin, mara, register):
    """Under review; its referee has a question."""
    row = register(erin, "I.B.M.", country="US", clock=database_clock)
    decisions.ask_information(row, by=mara, text="Which IBM is it?")
    row.refresh_from_db()
    assert row.company != holder.company
    return row


@pytest.fixture
def second(first, holder, charlie, mara, register):
    row = register(charlie, IBM, country="US", clock=database_clock)
    decisions.put_on_waitlist(row, behind=holder, by=mara)
    holder.refresh_from_db()
    row.refresh_from_db()
    return row


@pytest.fixture
def kept(holder, first, second, alice):
    """The holder has left."""
    partner_actions.release(holder, by=alice)
    assert state(first, second) == [Status.INFORMATION_ASKED, Status.WAITLISTED]
    return first


def now(row):
    return Registration.objects.get(pk=row.pk)


def held():
    rows = Holding.objects.filter(ended_at=None).order_by("pk")
    return [(row.registration, row.company, row.reserved) for row in rows]


def test_it_is_kept_for_who_came_first_under_another_name(holder, kept, second, charlie, mara, client):
    assert held() == [(kept, holder.company, True)]
    assert second.waits_for == kept and place_in_line(second) == 1
    assert "turn_came" in kept.review_reasons
    told = list(Message.objects.order_by("-pk").values_list("event", "recipient", "about")[:1])
    assert told == [("registration.review_needed", mara.pk, kept.code)]
    assert not kept.timeline.visible_to(kept.owner).filter(kind="turn_came").exists()
    version, mails = kept.version, Message.objects.count()
    assert waitlist.offer_free_places() == []  # nor is it told again each time a sweep looks
    kept.refresh_from_db()
    assert (kept.version, Message.objects.count()) == (version, mails)

    client.force_login(mara)
    page = strip_tags(client.get(reverse("registrations:review_item", args=[kept.code])).content.decode())
    assert "The scope is kept for it meanwhile" in page
    client.force_login(charlie)
    page = strip_tags(client.get(reverse("registrations:registration", args=[second.code])).content.decode())
    assert "Eastwind" not in page and kept.code not in page and "I.B.M." not in page


def test_the_button_says_for_whom_it_is_kept(client, holder, first, second, mara):
    client.force_login(mara)
    (revoke,) = client.get(reverse("registrations:review_item", args=[holder.code])).context["decisions"]
    assert f"kept for Eastwind ({first.code}), submitted first" in revoke["effect"]


def refused(kept, second, mara):
    return decisions.refuse(now(kept), by=mara, **REASON)


def withdrawn(kept, second, mara):
    partner_actions.withdraw(now(kept), by=kept.owner)


def different(kept, second, mara):
    return judgements.declare_different(second.conflicts.get(rival=kept), by=mara, seen_from=now(kept))


def different_on_the_page(kept, second, mara):
    company_services.declare_different(kept.company, second.company, by=mara, reason="Two firms.")


def approved(kept, second, mara):
    return decisions.assign(now(kept), by=mara)


def answered(kept, mara):
    """In review, where companies are judged and deals are approved."""
    partner_actions.answer(kept, by=kept.owner, text="The one in Armonk.")
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=database_clock())
    kept.refresh_from_db()


@pytest.mark.parametrize("ends", [refused, withdrawn, different, different_on_the_page])
def test_the_line_goes_on_at_once(ends, kept, second, mara):
    answered(kept, mara)
    ends(kept, second, mara)
    assert state(second) == [Status.OFFERED]
    assert held() == [(second, second.company, True)]
    kept.refresh_from_db()
    assert kept.status != Status.IN_REVIEW or "turn_came" not in kept.review_reasons


def test_approved_without_a_word_about_the_companies_the_line_asks(client, kept, second, mara):
    answered(kept, mara)
    client.force_login(mara)
    buttons = client.get(reverse("registrations:review_item", args=[kept.code])).context["decisions"]
    said = {one["code"]: one["effect"] for one in buttons}["assign"]
    assert f"What is kept for it at {second.company} goes to the next in line there." in said
    approved(kept, second, mara)
    assert state(kept, second) == [Status.APPROVED, Status.IN_REVIEW]
    assert held() == [(kept, kept.company, False), (second, second.company, True)]


@pytest.mark.parametrize("then", [refused, approved])
def test_once_they_are_the_same_it_is_as_with_one_name(then, kept, second, mara):
    answered(kept, mara)
    judgements.declare_same(second.conflicts.get(rival=kept), by=mara, seen_from=now(kept))
    assert state(kept, second) == [Status.IN_REVIEW, Status.WAITLISTED]
    assert kept.company == second.company and held() == [(kept, second.company, True)]
    then(kept, second, mara)
    if then is approved:
        assert state(second) == [Status.WAITLISTED] and second.waits_for == kept
    else:
        assert state(second) == [Status.OFFERED]


def same(kept, second, mara):
    return judgements.declare_same(second.conflicts.get(rival=kept), by=mara, seen_from=now(kept))


@pytest.mark.parametrize("decision", [refused, different, same, approved])
def test_each_decision_about_it_can_be_undone(decision, kept, second, mara):
    answered(kept, mara)
    before, places = held(), [second.waits_for, place_in_line(second)]
    made = decision(kept, second, mara)
    undo(made, by=mara)
    assert state(kept, second) == [Status.IN_REVIEW, Status.WAITLISTED]
    assert (held(), [second.waits_for, place_in_line(second)]) == (before, places)
    assert "turn_came" in kept.review_reasons and kept.company != second.company
    assert not Message.objects.filter(event="registration.offered", status="pending").exists()


def test_the_end_that_brought_it_can_be_undone(holder, first, second, mara):
    # Only who waits met it: the holder was never compared with it.
    Conflict.objects.filter(registration=first).delete()
    made = decisions.revoke(holder, by=mara, **REASON | {"reason_code": "inactive"})
    assert [row[0] for row in held()] == [first]
    undo(made, by=mara)
    assert held() == [(holder, holder.company, False)]
    assert state(holder, first, second) == [Status.APPROVED, Status.INFORMATION_ASKED, Status.WAITLISTED]
    assert "turn_came" not in first.review_reasons


def test_what_is_kept_in_two_lines_is_given_back_in_one(kept, second, alice, dan, mara, register):
    """The other line is at a third name, which may be the same as well."""
    third = register(alice, "Big Blue Ltd", country="US", clock=database_clock)
    waiting = register(dan, "Big Blue Ltd", country="US", clock=database_clock)
    decisions.put_on_waitlist(waiting, behind=third, by=mara)
    met = {"registration": waiting, "rival": kept, "company": kept.company, "score": 0.8}
    Conflict.objects.create(matched_name="I.B.M.", found_at=database_clock(), **met)
    partner_actions.release(now(third), by=alice)
    assert state(waiting) == [Status.WAITLISTED] and waiting.waits_for == kept
    assert held() == [(kept, second.company, True), (kept, third.company, True)]
    kept.refresh_from_db()
    assert kept.review_reasons.count("turn_came") == 1

    answered(kept, mara)
    different(kept, second, mara)

    assert state(second, waiting) == [Status.OFFERED, Status.WAITLISTED]
    assert {(row, company) for row, company, _ in held()} == {(kept, third.company), (second, second.company)}
    refused(kept, second, mara)
    assert state(waiting) == [Status.OFFERED]


def test_a_verdict_that_is_undone_later_leaves_it_where_it_was_kept(kept, second, mara):
    answered(kept, mara)
    before = held()
    same(kept, second, mara)
    company_services.undo_verdict(Verdict.objects.active().get(), by=mara)
    kept.refresh_from_db()
    assert held() == before and kept.company != second.company


@pytest.mark.parametrize("stays", ["the first's", "the line's"])
def test_a_verdict_of_the_page_is_undone_whichever_company_stayed(stays, kept, second, mara):
    before, own = held(), kept.company
    stayed = kept.company if stays == "the first's" else second.company
    company_services.declare_same(kept.company, second.company, by=mara, reason="One firm.", keep=stayed)
    assert now(kept).company == now(second).company == stayed
    company_services.undo_verdict(Verdict.objects.active().get(), by=mara)
    assert held() == before and now(second).waits_for == kept
    assert now(kept).company == own != now(second).company


def test_the_same_found_by_who_came_later_still_is_undone(kept, second, mara, dan, register):
    before = held()
    late = register(dan, IBM, country="US", clock=database_clock)
    made = judgements.declare_same(late.conflicts.get(rival=kept), by=mara, seen_from=late)
    undo(made, by=mara)
    assert held() == before and now(second).waits_for == kept


@pytest.mark.parametrize("status", [PartnerStatus.SUSPENDED, PartnerStatus.ENDED])
def test_a_firm_that_is_active_no_more_keeps_no_line_waiting(status, kept, second, mara):
    Partner.objects.filter(pk=kept.partner_id).update(status=status)
    assert waitlist.offer_free_places() == [second.code]
    assert state(kept, second) == [Status.INFORMATION_ASKED, Status.OFFERED]
    assert held() == [(second, second.company, True)]
    assert "turn_came" not in now(kept).review_reasons
    entry = kept.timeline.latest("number")
    assert (entry.kind, entry.audience) == ("passed_over", "vendor") and "not active" in entry.data["text"]
    assert waitlist.offer_free_places() == []  # once
