"""First come, first served: whose turn it is, what is offered until when, and what each answer does (R9)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.enums import PARTNER_ADMIN
from core.clock import fixed
from core.errors import BadInput, NotAllowed, ScopeTaken
from notifications.models import Message, Notice
from partners.enums import PartnerStatus
from policies.services import publish_version
from registrations.enums import OfferOutcome, RefusalReason, Status
from registrations.models import Holding, Offer
from registrations.services import (
    decisions,
    drafts,
    line_order,
    offer_links,
    offers,
    partner_actions,
    submission,
    waitlist,
)
from registrations.services.drafts import LineInput
from registrations.services.places import place_in_line
from registrations.services.timeline import first_broken
from tests.people import MONDAY, MONDAY_CLOCK, draft_for, make_user, submitted
from tests.registrations.offers.steps import later, mail_left, state
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db


def test_the_next_in_line_is_offered_the_deal_and_nobody_else_can_take_it(
    offer, line, mara, charlie, gateways
):
    first, second = line
    assert state(first, second) == [Status.OFFERED, Status.WAITLISTED]
    assert [(h.registration, h.reserved) for h in Holding.objects.filter(ended_at=None)] == [(first, True)]
    assert (second.waits_for, place_in_line(second), place_in_line(first)) == (first, 1, 0)
    mail = Message.objects.get(event="registration.offered", address=charlie.email)
    assert Notice.objects.filter(user=charlie, event="registration.offered").exists()
    assert "Northgate" not in mail.text + mail.html + mail.subject
    link, _, _ = offer_links.link_for(offer, charlie).rsplit(
        ":", 2
    )  # what follows tells the second it was made in
    assert link in mail.text
    with pytest.raises(ScopeTaken, match="whose turn it is"):
        decisions.assign(second, by=mara)
    newcomer = submitted(charlie, "Acme Pumps GmbH", gateways, clock=later(1))
    assert newcomer.status == Status.IN_REVIEW


def test_who_came_first_and_is_still_under_review_is_not_passed_by(
    held, alice, charlie, dan, mara, register, client
):
    """The referee has not come to Charlie's yet; Dan's, submitted later, stands in line already."""
    first, second = (register(person, "Acme Pumps GmbH") for person in (charlie, dan))
    decisions.put_on_waitlist(second, behind=held, by=mara, clock=MONDAY_CLOCK)
    client.force_login(mara)
    (revoke,) = client.get(reverse("registrations:review_item", args=[held.code])).context["decisions"]
    assert f"kept for Southridge ({first.code}), submitted first" in revoke["effect"]
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)

    assert state(first, second) == [Status.IN_REVIEW, Status.WAITLISTED] and second.waits_for == first
    assert [(h.registration, h.reserved) for h in Holding.objects.filter(ended_at=None)] == [(first, True)]
    # Charlie was never told of a holder or a line, so nobody tells him of his turn; Mara reads it.
    assert not Message.objects.filter(event="registration.turn_came").exists()
    assert not first.timeline.visible_to(charlie).filter(kind="turn_came").exists()
    assert "turn_came" in first.review_reasons
    decisions.refuse(first, by=mara, reason_code=RefusalReason.EARLY, text="Too early.", clock=later(1))
    assert state(first, second) == [Status.REFUSED, Status.OFFERED]


def test_who_came_first_but_wants_what_is_held_besides_stops_nobody(
    held, alice, bob, charlie, dan, mara, register, gateways, sensors
):
    policy(review_other_scope=False)
    assert register(bob, "Acme Pumps GmbH", line=sensors).status == Status.APPROVED
    both = draft_for(charlie, "Acme Pumps GmbH", gateways)
    lines = [LineInput(gateways), LineInput(sensors)]
    both = submission.submit(
        drafts.save_draft(both, by=charlie, fields={}, lines=lines), by=charlie, clock=MONDAY_CLOCK
    )
    second = register(dan, "Acme Pumps GmbH")
    decisions.put_on_waitlist(second, behind=held, by=mara, clock=MONDAY_CLOCK)
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)
    assert state(both, second) == [Status.IN_REVIEW, Status.OFFERED]


@pytest.mark.parametrize(
    ("country", "zone", "last"),
    [
        ("FR", "Europe/Paris", datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC)),  # Monday to Monday
        (
            "IN",
            "Asia/Kolkata",
            datetime(2026, 3, 10, 18, 29, 59, tzinfo=UTC),
        ),  # Holi on Wednesday is a day off
        (
            "SA",
            "Asia/Riyadh",
            datetime(2026, 3, 9, 20, 59, 59, tzinfo=UTC),
        ),  # the week-end is Friday and Saturday
    ],
)
def test_the_deadline_is_in_business_days_where_the_partner_works(
    country, zone, last, held, line, alice, southridge
):
    type(southridge).objects.update(country=country, time_zone=zone)
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)
    assert Offer.objects.get().answer_by == last


def test_the_policy_in_force_sets_the_days(held, line, alice, olga):
    publish_version(by=olga, settings={"offer_business_days": 1}, note="Faster.")
    partner_actions.withdraw(held, by=alice, clock=fixed(datetime(2099, 3, 2, 9, tzinfo=UTC)))
    assert Offer.objects.get().answer_by.date().isoformat() == "2099-03-03"


def test_accepting_begins_protection(offer, line, charlie):
    deal = offers.accept(offer, by=charlie, clock=later(2))

    assert (deal.status, deal.protected_until) == (Status.APPROVED, MONDAY + timedelta(days=62))
    assert [(h.registration, h.reserved) for h in Holding.objects.filter(ended_at=None)] == [(deal, False)]
    offer.refresh_from_db()
    assert (offer.outcome, offer.ended_by) == (OfferOutcome.ACCEPTED, charlie)
    assert list(deal.decisions.values_list("action", flat=True))[:2] == ["move_up", "offer"]
    assert first_broken(deal) is None
    with pytest.raises(offers.OfferOver, match="accepted on 4 Mar 2026"):
        offers.decline(offer, by=charlie, clock=later(2))


def test_declining_offers_it_to_the_next(offer, line, charlie, dan):
    offers.decline(offer, by=charlie, text="They went silent.", clock=later(1))

    assert state(*line) == [Status.WITHDRAWN, Status.OFFERED]
    assert Offer.objects.get(outcome=OfferOutcome.OPEN).registration == line[1]
    assert Message.objects.filter(event="registration.offered", address=dan.email).count() == 1


def test_without_an_answer_it_lapses_and_goes_on(offer, line, charlie):
    mail_left(MONDAY)
    assert not offers.lapse_offers(clock=later(7, 13)).done  # the last second of the day is theirs
    assert offers.lapse_offers(clock=later(8), dry_run=True).done == [line[0].code]
    assert state(line[0]) == [Status.OFFERED]
    for _ in range(2):
        offers.lapse_offers(clock=later(8))

    assert state(*line) == [Status.EXPIRED, Status.OFFERED]
    assert line[0].protected_from is None
    assert Message.objects.filter(event="registration.offer_lapsed", address=charlie.email).count() == 1
    assert Offer.objects.filter(outcome=OfferOutcome.OPEN).count() == 1
    with pytest.raises(offers.OfferOver, match=r"open until 9 Mar 2026 .* not answered in time"):
        offers.accept(offer, by=charlie, clock=later(8))


def test_an_offer_by_the_calendar_comes_in_the_morning_and_its_days_count_from_then(
    offer, line, charlie, dan
):
    for person in (charlie, dan):
        person.time_zone = "Europe/Berlin"
        person.save(update_fields=["time_zone"])
    mail_left(MONDAY)
    night = datetime(2026, 3, 10, 22, tzinfo=UTC)  # 23 o'clock of a Tuesday in Berlin
    offers.lapse_offers(clock=fixed(night))

    lapsed = Message.objects.get(event="registration.offer_lapsed")
    offered = Message.objects.get(event="registration.offered", address=dan.email)
    for mail in (lapsed, offered):
        assert mail.not_before - mail.created_at == timedelta(hours=9)
    now = Offer.objects.get(outcome=OfferOutcome.OPEN)
    assert now.answer_by.astimezone(UTC).date() == date(2026, 3, 18)  # five business days after the 11th

    offers.accept(now, by=dan, clock=fixed(night + timedelta(hours=1)))  # found on the page, before its mail
    offered.refresh_from_db()
    assert offered.status == "cancelled"


def test_nobody_loses_a_deal_that_they_were_not_told_of(offer, line, charlie):
    """The deadline counts from when the mail was really handed over."""
    assert offers.lapse_offers(clock=later(20)).waiting == [line[0].code]
    mail_left(MONDAY + timedelta(days=20))
    assert offers.lapse_offers(clock=later(24)).waiting == [line[0].code]
    assert offers.accept(offer, by=charlie, clock=later(24)).status == Status.APPROVED


def test_an_answer_after_the_deadline_is_too_late_even_before_the_sweep(offer, line, charlie):
    mail_left(MONDAY)
    for answer in (offers.accept, offers.decline):
        with pytest.raises(offers.OfferOver, match="not answered in time"):
            answer(offer, by=charlie, clock=later(8))
    assert state(line[0]) == [Status.OFFERED]


@pytest.mark.parametrize("person", ["alice", "dan", "mara", "ivan"])
def test_only_the_firm_itself_answers(offer, person, request):
    for answer in (offers.accept, offers.decline):
        with pytest.raises(NotAllowed):
            answer(offer, by=request.getfixturevalue(person), clock=later(1))


def test_a_firm_that_is_suspended_cannot_accept_and_is_passed_over(offer, line, charlie, southridge, held):
    southridge.status = PartnerStatus.SUSPENDED
    southridge.save()
    with pytest.raises(NotAllowed, match="not active"):
        offers.accept(offer, by=charlie, clock=later(1))


def test_who_is_passed_over_keeps_the_place_and_has_its_turn_when_active_again(
    held, line, alice, dan, southridge
):
    southridge.status = PartnerStatus.SUSPENDED
    southridge.save()
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)
    assert state(*line) == [Status.WAITLISTED, Status.OFFERED]
    partner_actions.withdraw(line[1], by=dan, clock=MONDAY_CLOCK)
    assert waitlist.offer_free_places(clock=later(1)) == []

    southridge.status = PartnerStatus.ACTIVE
    southridge.save()
    assert waitlist.offer_free_places(clock=later(2)) == [line[0].code]
    assert waitlist.offer_free_places(clock=later(2)) == []
    assert state(*line) == [Status.OFFERED, Status.WITHDRAWN]


@pytest.mark.parametrize("end", ["withdraw", "lose", "refuse"])
def test_whatever_ends_an_offered_registration_ends_the_offer_and_goes_on(end, offer, line, charlie, mara):
    first = line[0]
    first.refresh_from_db()
    if end == "withdraw":
        partner_actions.withdraw(first, by=charlie, clock=later(1))
    elif end == "lose":
        partner_actions.record_lost(
            first, by=charlie, reason="price", closed_on=MONDAY.date(), clock=later(1)
        )
    else:
        decisions.refuse(first, by=mara, reason_code=RefusalReason.EARLY, text="Too early.", clock=later(1))

    offer.refresh_from_db()
    assert offer.outcome == OfferOutcome.ENDED
    assert state(line[1]) == [Status.OFFERED]
    with pytest.raises(offers.OfferOver, match="ended on 3 Mar 2026"):
        offers.accept(offer, by=charlie, clock=later(1))


def test_an_offer_is_kept_though_a_newer_policy_holds_more_together(
    alice, charlie, dan, mara, sensors, register
):
    """Another firm holds another product line, which the version that came after the offer no longer holds apart."""
    policy(review_other_scope=False)
    held, waiting = (register(person, "Acme Pumps GmbH") for person in (alice, charlie))
    decisions.put_on_waitlist(waiting, behind=held, by=mara, clock=MONDAY_CLOCK)
    beside = submitted(dan, "Acme Pumps GmbH", sensors)
    held.refresh_from_db()
    partner_actions.release(held, by=alice, clock=later(1))
    offer = Offer.objects.get(outcome=OfferOutcome.OPEN)
    policy(begins=MONDAY + timedelta(days=2), scope_product_line=False)

    deal = offers.accept(offer, by=charlie, clock=later(3))
    assert state(deal, beside) == [Status.APPROVED, Status.APPROVED]
    assert deal.policy == offer.policy == deal.decisions.get(action="move_up").policy


def test_the_policy_in_force_refuses_at_the_turn_and_the_next_has_it(
    held, alice, charlie, dan, mara, olga, register
):
    tender = register(charlie, "Acme Pumps GmbH", tender=True)
    plain = register(dan, "Acme Pumps GmbH")
    for row in (tender, plain):
        decisions.put_on_waitlist(row, behind=held, by=mara, clock=MONDAY_CLOCK)
    policy = publish_version(by=olga, settings={"refuse_public_tender": True}, note="No tenders.")
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice)

    assert state(tender, plain) == [Status.REFUSED, Status.OFFERED]
    receipt = tender.decisions.get(action="refuse")
    assert (receipt.policy, receipt.by) == (policy, None)
    assert receipt.rule == "When your turn came: Public tenders cannot be registered."


def test_what_nobody_has_looked_at_is_looked_at_when_its_turn_comes(
    held, alice, charlie, dan, mara, olga, register
):
    """Put in line by the policy alone, and over its limit: back to a person, with the scope kept for it."""
    publish_version(by=olga, settings={"waitlist_same": True}, note="Lines by themselves.")
    now = fixed(datetime(2099, 3, 2, 9, tzinfo=UTC))
    large = register(charlie, "Acme Pumps GmbH", clock=now, value=Decimal(900_000))
    plain = register(dan, "Acme Pumps GmbH", clock=now)
    assert state(large, plain) == [Status.WAITLISTED, Status.WAITLISTED]
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=now)

    assert state(large, plain) == [Status.IN_REVIEW, Status.WAITLISTED]
    assert large.review_reasons == ["turn_came", "value"]
    assert Message.objects.filter(event="registration.turn_came", address=charlie.email).count() == 1
    with pytest.raises(ScopeTaken):
        decisions.assign(plain, by=mara)
    decisions.refuse(large, by=mara, reason_code=RefusalReason.EARLY, text="Too early.", clock=now)
    assert state(large, plain) == [Status.REFUSED, Status.OFFERED]


def test_a_manager_changes_the_order_with_a_reason_that_stands_on_the_timeline(
    line, held, alice, mara, charlie, dan
):
    first, second = line
    for bad in ({"reason": " "}, {"to_place": 3}, {"to_place": 2}, {"to_place": 0}):
        with pytest.raises(BadInput):
            line_order.reorder(second, **{"to_place": 1, "reason": "Why.", **bad}, by=mara)
    with pytest.raises(NotAllowed):
        line_order.reorder(second, to_place=1, reason="Please.", by=dan)
    ranks = [first.rank, second.rank]

    told = line_order.reorder(
        second, to_place=1, reason="The customer asked for this team.", by=mara, clock=later(1)
    )

    assert set(told) == {first, second}
    state(first, second)
    assert (place_in_line(first), place_in_line(second)) == (2, 1)
    assert [first.rank, second.rank] == ranks  # the time of submission stays what it was
    for row, person in ((first, charlie), (second, dan)):
        entry = row.timeline.get(kind="reorder")
        assert entry.data["text"] == "The customer asked for this team." and entry.actor == mara
        receipt = row.decisions.get(action="reorder")
        assert receipt.text == entry.data["text"]
        assert f"to number {place_in_line(row)}" in receipt.rule
        assert Message.objects.filter(event="registration.place_changed", address=person.email).count() == 1
        assert first_broken(row) is None
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=later(2))
    assert state(first, second) == [Status.WAITLISTED, Status.OFFERED]


def test_an_order_that_changes_nobodys_place_is_refused(line, charlie, mara, sensors, alice):
    """What waits for other products is passed without anybody noticing: the reason would be read by nobody."""
    other = submitted(alice, "Acme Pumps GmbH", sensors, clock=MONDAY_CLOCK)
    decisions.assign(other, by=mara)
    apart = submitted(charlie, "Acme Pumps GmbH", sensors, clock=MONDAY_CLOCK)
    decisions.put_on_waitlist(apart, behind=other, by=mara)
    with pytest.raises(BadInput, match="Nobody's place"):
        line_order.reorder(apart, to_place=2, reason="They began first.", by=mara)
    apart.refresh_from_db()
    assert (apart.line_order, place_in_line(apart)) == (None, 1)


def test_who_submits_later_comes_last_whatever_the_order(line, held, charlie, dan, mara, register):
    line_order.reorder(line[1], to_place=1, reason="They began first.", by=mara)
    third = register(charlie, "Acme Pumps GmbH")
    decisions.put_on_waitlist(third, behind=held, by=mara)
    third.refresh_from_db()
    assert place_in_line(third) == 3


def test_two_firms_of_one_person_each(held, line, mara, southridge, charlie):
    """Whoever left the firm is not told; its admins are."""
    eve = make_user("Eve", "partner_admin", southridge)
    charlie.is_active = False
    charlie.save()
    decisions.revoke(held, by=mara, reason_code=RefusalReason.INACTIVE, text="No update.", clock=MONDAY_CLOCK)
    offer = Offer.objects.get()
    assert Message.objects.filter(event="registration.offered", address=eve.email).count() == 1
    assert offers.accept(offer, by=eve, clock=later(1)).status == Status.APPROVED


def test_a_draft_is_no_part_of_the_line(held, line, alice, charlie, gateways):
    draft_for(charlie, "Acme Pumps GmbH", gateways)
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)
    assert Offer.objects.count() == 1


def test_who_wants_what_two_hold_waits_for_the_second_when_the_first_ends(
    alice, dan, charlie, gateways, sensors
):
    """And goes to review, not into an offer, when the second one wins."""
    policy(waitlist_same=True, review_other_scope=False)
    first, second = submitted(alice, "Acme Pumps GmbH", gateways), submitted(dan, "Acme Pumps GmbH", sensors)
    draft = draft_for(charlie, "Acme Pumps GmbH", gateways)
    both = [LineInput(gateways), LineInput(sensors)]
    drafts.save_draft(draft, by=charlie, fields={}, lines=both, clock=MONDAY_CLOCK)
    waiting = submission.submit(draft, by=charlie, clock=MONDAY_CLOCK)
    assert (waiting.status, waiting.waits_for) == (Status.WAITLISTED, first)

    partner_actions.release(first, by=alice, clock=MONDAY_CLOCK)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.waits_for) == (Status.WAITLISTED, second)
    partner_actions.record_won(second, by=dan, value=5, closed_on=MONDAY.date(), clock=MONDAY_CLOCK)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.review_reasons) == (Status.IN_REVIEW, ["holder_won"])


def test_an_offer_that_could_not_be_delivered_goes_to_the_firms_admin_with_its_days_anew(
    offer, line, charlie, mara
):
    first, second = line
    boss = make_user("Sue", PARTNER_ADMIN, charlie.member.partner)
    Message.objects.filter(sent_at=None).exclude(pk=offer.message_id).update(status="sent", sent_at=MONDAY)
    Message.objects.filter(pk=offer.message_id).update(status="failed")

    assert offers.lapse_offers(clock=later(3)).done == []
    offer.refresh_from_db()
    assert offer.message.address == boss.email and offer.answer_by > MONDAY + timedelta(days=8)
    assert offer_links.link_for(offer, boss).rsplit(":", 2)[0] in offer.message.text
    assert f"until the end of {offer.answer_by:%A, %-d %b %Y}" in offer.message.text
    Message.objects.filter(pk=offer.message_id).update(status="failed")  # nor could this one be
    offers.lapse_offers(clock=later(4))
    offer.refresh_from_db()
    assert offer.message.address == mara.email
    Message.objects.filter(pk=offer.message_id).update(status="failed")  # and there is nobody else
    offers.lapse_offers(clock=later(4))

    assert offers.lapse_offers(clock=later(20)).done == [first.code]
    assert state(first, second) == [Status.EXPIRED, Status.OFFERED]
