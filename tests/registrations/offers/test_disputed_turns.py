"""Whose turn it is while an appeal is open or was granted, and where others hold what they want beside it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts import enums
from catalog.models import Territory
from core.errors import BadInput
from notifications.models import Message
from partners.enums import PartnerStatus
from registrations.enums import RefusalReason, Status
from registrations.models import Appeal
from registrations.services import (
    appeals,
    decisions,
    drafts,
    line_order,
    offers,
    partner_actions,
    submission,
    waitlist,
)
from registrations.services.drafts import LineInput
from registrations.services.places import place_in_line
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from registrations.views.review.history import timeline_of
from tests.people import MONDAY_CLOCK, draft_for, make_user
from tests.registrations.offers.steps import later, state
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db
EARLY = {"reason_code": RefusalReason.EARLY, "text": "Too early."}


@pytest.fixture
def noor(db):
    """The second channel manager."""
    return make_user("Noor", enums.CHANNEL_MANAGER)


@pytest.fixture
def anew(alice, charlie, dan, mara, noor, register):
    """Alice's, submitted first and refused; Charlie's holds the deal, Dan's waits; then Alice's appeal is granted."""
    first = register(alice, "Acme Pumps GmbH", value=Decimal(900_000))
    refused = decisions.refuse(first, by=mara, clock=MONDAY_CLOCK, **EARLY)
    holder, waiting = (register(person, "Acme Pumps GmbH") for person in (charlie, dan))
    decisions.put_on_waitlist(waiting, behind=holder, by=mara, clock=MONDAY_CLOCK)
    made = appeals.appeal(refused, by=alice, text="We met them.", clock=later(1))
    appeals.grant(made, by=noor, text="Right.", clock=later(2))
    assert state(first, holder, waiting) == [Status.IN_REVIEW, Status.APPROVED, Status.WAITLISTED]
    return first, holder, waiting


def test_who_is_reviewed_anew_has_the_turn_by_time_of_submission(anew, alice, charlie, mara, noor):
    first, holder, waiting = anew
    assert place_in_line(waiting) == 2
    revoked = decisions.revoke(holder, by=mara, clock=later(3), **EARLY)
    for undone in (True, False):
        assert state(first, waiting) == [Status.IN_REVIEW, Status.WAITLISTED]
        assert first.review_reasons == ["appeal", "turn_came"] and waiting.waits_for == first
        assert [h.reserved for h in first.holdings.filter(ended_at=None)] == [True]
        if undone:
            undo(revoked, by=mara, clock=later(3))
            assert state(first, holder, waiting)[1] == Status.APPROVED
            assert (first.review_reasons, waiting.waits_for) == (["appeal"], holder)
            assert not first.holdings.filter(ended_at=None).exists()
            decisions.revoke(holder, by=mara, clock=later(4), **EARLY)
    assert waitlist.offer_free_places(clock=later(5)) == []
    read = timeline_of(first, mara)[0]["title"], first.timeline.last().kind
    assert read == ("Its turn came: the scope is kept for it", "turn_came")
    mails = Message.objects.filter(event="registration.turn_came", address=alice.email)
    assert mails.exclude(status="cancelled").count() == 1

    decisions.refuse(first, by=noor, clock=later(6), **EARLY)
    assert state(first, waiting) == [Status.REFUSED, Status.OFFERED]
    assert first_broken(first) is None and first_broken(waiting) is None


def test_the_place_that_a_manager_gives_is_the_one_that_the_partner_reads(
    client, anew, charlie, dan, mara, register
):
    """Who is reviewed anew has number 1, on the manager's page, too."""
    first, holder, waiting = anew
    other = register(dan, "Acme Pumps GmbH", clock=later(3))
    decisions.put_on_waitlist(other, behind=holder, by=mara, clock=later(3))
    other.refresh_from_db()
    client.force_login(mara)
    page = client.get(reverse("registrations:line", args=[other.code]))
    assert [row["code"] for row in page.context["rows"]] == [first.code, waiting.code, other.code]
    assert [place for place, _ in page.context["form"].fields["to_place"].choices] == [2, 3]
    with pytest.raises(BadInput, match="Choose one of the places 2, 3"):
        line_order.reorder(other, to_place=1, reason="They began first.", by=mara, clock=later(4))
    line_order.reorder(other, to_place=2, reason="They began first.", by=mara, clock=later(4))
    assert state(other) and place_in_line(other) == 2
    mail = Message.objects.get(event="registration.place_changed", about=other.code)
    assert "number 2 now" in mail.text


@pytest.mark.parametrize("right", [True, False])
def test_nobody_has_a_turn_that_an_appeal_about_the_order_may_give_to_another(
    right, held, line, alice, charlie, mara, noor
):
    first, second = line
    line_order.reorder(second, to_place=1, reason="They began first.", by=mara, clock=later(1))
    made = appeals.appeal(first.decisions.get(action="reorder"), by=charlie, text="No.", clock=later(2))
    partner_actions.withdraw(held, by=alice, clock=later(3))
    assert waitlist.offer_free_places(clock=later(4)) == []
    assert state(first, second) == [Status.WAITLISTED, Status.WAITLISTED]

    answer = appeals.grant if right else appeals.dismiss
    answer(made, by=noor, text="I have looked.", clock=later(5))
    turn, after = (first, second) if right else (second, first)
    assert waitlist.offer_free_places(clock=later(5, hours=1)) == [turn.code]
    assert state(turn, after) == [Status.OFFERED, Status.WAITLISTED]


def test_nor_is_it_held_up_for_others_or_past_the_time_of_an_answer_that_nobody_can_give(
    held, line, alice, bob, charlie, mara, sensors, register
):
    first, second = line
    beside = register(bob, "Acme Pumps GmbH", line=sensors)
    decisions.assign(beside, by=mara, clock=MONDAY_CLOCK)
    other = register(charlie, "Acme Pumps GmbH", line=sensors)
    decisions.put_on_waitlist(other, behind=beside, by=mara, clock=MONDAY_CLOCK)
    line_order.reorder(second, to_place=1, reason="They began first.", by=mara, clock=later(1))
    appeals.appeal(first.decisions.get(action="reorder"), by=charlie, text="No.", clock=later(2))
    beside.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=later(3))
    partner_actions.withdraw(beside, by=bob, clock=later(3))
    assert state(first, second, other) == [Status.WAITLISTED, Status.WAITLISTED, Status.OFFERED]

    due = Appeal.objects.get().due_at  # nobody but Mara, who changed the order, may decide here
    assert due > later(3)() and waitlist.offer_free_places(clock=lambda: due) == [second.code]


@pytest.mark.parametrize("put_again", [False, True])
def test_what_one_of_two_holders_won_is_looked_at_before_it_is_offered(
    put_again, held, alice, charlie, dan, mara, gateways, sensors, register
):
    """He waits for the holder of gateways; the holder of sensors wins first, and nobody is left to wait for."""
    beside = register(dan, "Acme Pumps GmbH", line=sensors)
    decisions.assign(beside, by=mara, clock=MONDAY_CLOCK)
    draft = draft_for(charlie, "Acme Pumps GmbH", gateways)
    drafts.save_draft(
        draft, by=charlie, fields={}, lines=[LineInput(gateways), LineInput(sensors)], clock=MONDAY_CLOCK
    )
    both = submission.submit(draft, by=charlie, clock=MONDAY_CLOCK)
    if not put_again:
        decisions.put_on_waitlist(both, behind=held, by=mara, clock=MONDAY_CLOCK)
    beside.refresh_from_db()
    partner_actions.record_won(
        beside, by=dan, value=Decimal(9_000), closed_on=later(1)().date(), clock=later(1)
    )
    if put_again:  # by a person, who has seen it
        both.refresh_from_db()
        decisions.put_on_waitlist(both, behind=held, by=mara, clock=later(2))
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=later(3))
    assert state(both) == [Status.OFFERED if put_again else Status.IN_REVIEW]
    assert put_again or both.review_reasons == ["turn_came", "holder_won"]


@pytest.mark.parametrize(
    ("treated", "lands"),
    [("allowed", Status.OFFERED), ("review", Status.IN_REVIEW), ("refused", Status.WAITLISTED)],
)
def test_a_firm_that_is_being_onboarded_has_its_turn_as_the_policy_says(
    treated, lands, held, alice, charlie, southridge, register
):
    policy(waitlist_same=True, onboarding_partners="allowed")
    type(southridge).objects.update(status=PartnerStatus.ONBOARDING)
    type(southridge).objects.filter(pk=held.partner_id).update(status=PartnerStatus.ACTIVE)
    waiting = register(charlie, "Acme Pumps GmbH", clock=later(1))
    assert waiting.status == Status.WAITLISTED
    policy(begins=later(2)(), onboarding_partners=treated)
    partner_actions.withdraw(held, by=alice, clock=later(3))
    assert state(waiting) == [lands]
    if lands == Status.OFFERED:
        offers.accept(waiting.offers.get(), by=charlie, clock=later(4))
        assert state(waiting) == [Status.APPROVED]
    if lands == Status.WAITLISTED:
        mail = Message.objects.get(event="registration.passed_over", address=charlie.email)
        assert "It can register deals once that is done." in mail.text
        type(southridge).objects.update(status=PartnerStatus.ACTIVE)
        assert waitlist.offer_free_places(clock=later(4)) == [waiting.code]


def test_the_sweep_offers_what_is_free_though_another_holds_it_elsewhere(
    alice, charlie, dan, mara, southridge, europe, register
):
    policy(scope_territory=True, review_other_scope=False)
    asia = Territory.objects.create(code="asia", name="Asia", countries=["JP"])
    held, elsewhere, waiting = (
        register(person, "Acme Pumps GmbH", territory=where)
        for person, where in ((alice, europe), (dan, asia), (charlie, europe))
    )
    decisions.put_on_waitlist(waiting, behind=held, by=mara, clock=MONDAY_CLOCK)
    type(southridge).objects.update(status=PartnerStatus.SUSPENDED)
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=later(1))
    type(southridge).objects.update(status=PartnerStatus.ACTIVE)
    assert state(elsewhere, waiting) == [Status.APPROVED, Status.WAITLISTED]
    assert waitlist.offer_free_places(clock=later(2)) == [waiting.code]
