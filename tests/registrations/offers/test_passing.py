"""Giving the deal past those who came first, by a decision or a granted appeal: with a reason that they read, and not while
an appeal about the order is open."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts import enums
from companies.models import Company
from core.errors import BadInput, WrongStatus
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import RefusalReason, Status
from registrations.services import (
    appeals,
    bulk,
    customer_letters,
    decisions,
    line_order,
    partner_actions,
    passing,
    waitlist,
)
from registrations.services.holdings import reserve
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.people import MONDAY_CLOCK, make_user
from tests.registrations.offers.steps import later, state
from tests.registrations.requests_help import letter

pytestmark = pytest.mark.django_db
EARLY = {"reason_code": RefusalReason.EARLY, "text": "Too early."}
WHY = "The others have had no contact for a year."


@pytest.fixture
def noor(db):
    """The second channel manager."""
    return make_user("Noor", enums.CHANNEL_MANAGER)


@pytest.fixture
def nobody_holds(held, line, alice):
    """The firms of those who wait were suspended when the holder withdrew, so none had the turn; now they are active again."""
    Partner.objects.update(status=PartnerStatus.SUSPENDED)
    partner_actions.withdraw(held, by=alice, clock=later(1))
    Partner.objects.update(status=PartnerStatus.ACTIVE)
    assert state(*line) == [Status.WAITLISTED, Status.WAITLISTED]
    return line


@pytest.fixture
def erin(mara):
    """Of a third firm."""
    firm = Partner.objects.create(name="Eastwind", country="DE", status=PartnerStatus.ACTIVE, manager=mara)
    return make_user("Erin", enums.PARTNER_REP, firm)


def mails_to(deal):
    return Message.objects.filter(event="registration.given_past", about=deal.code).exclude(
        status="cancelled"
    )


def test_who_is_passed_reads_why_and_the_case_keeps_it(nobody_holds, mara):
    first, second = nobody_holds
    with pytest.raises(BadInput, match="Say why it goes first") as error:
        decisions.assign(second, by=mara, text="Yours.", clock=later(2))
    assert error.value.field == "passing" and state(second) == [Status.WAITLISTED]

    for undone in (True, False):
        made = decisions.assign(second, by=mara, passing=WHY, clock=later(3))
        assert state(first, second) == [Status.WAITLISTED, Status.APPROVED]
        assert first.waits_for == second
        (mail,) = mails_to(first)
        assert WHY in mail.text and WHY in mail.html and "number 1" in mail.text
        assert second.code not in mail.text + mail.html
        entry = first.timeline.get(kind="given_past", at=later(3)()) if undone else first.timeline.last()
        assert (entry.kind, entry.audience, entry.data) == ("given_past", "both", {"text": WHY})
        kept = second.timeline.filter(kind="went_first").last()
        assert (kept.audience, kept.data["text"]) == ("vendor", f"Before {first.code}. {WHY}")
        if undone:
            undo(made, by=mara, clock=later(3))
            assert state(first, second) == [Status.WAITLISTED, Status.WAITLISTED]
            assert not mails_to(first) and first.waits_for != second
            standing = first.timeline.standing().values_list("kind", flat=True)
            assert "given_past" not in standing
    assert first_broken(first) is None and first_broken(second) is None


def test_where_nobody_is_passed_no_reason_is_asked(nobody_holds, mara):
    first, second = nobody_holds
    decisions.assign(first, by=mara, clock=later(2))
    assert state(first, second) == [Status.APPROVED, Status.WAITLISTED]
    assert not Message.objects.filter(event="registration.given_past").exists()


def test_a_newcomer_goes_first_for_a_reason_only_one_by_one_and_at_once(nobody_holds, erin, mara, register):
    first, second = nobody_holds
    newcomer = register(erin, "Acme Pumps GmbH", clock=later(2))
    assert newcomer.status == Status.IN_REVIEW
    (outcome,) = bulk.each(
        [(newcomer, newcomer.version)],
        lambda row, version: bulk.approve_clear(row, by=mara, version=version, clock=later(2)),
    )
    assert "Say why it goes first" in outcome.why and state(newcomer) == [Status.IN_REVIEW]
    decisions.assign(newcomer, by=mara, passing=WHY, clock=later(3))
    assert state(newcomer, first, second) == [Status.APPROVED, Status.WAITLISTED, Status.WAITLISTED]
    assert [mails_to(row).count() for row in (first, second)] == [1, 1]


def test_the_page_says_at_the_button_whom_it_passes_and_asks_why(client, nobody_holds, mara):
    first, second = nobody_holds
    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[second.code]))
    assign = next(one for one in page.context["decisions"] if one["code"] == "assign")
    assert f"{first.code} comes before it in line, and reads why it goes first." in assign["effect"]
    assert assign["form"].fields["passing"].required and not assign["quick"]
    sent = {"version": second.version, "text": "", "passing": " "}
    refused = client.post(reverse("registrations:assign", args=[second.code]), sent)
    assert refused.status_code == 422 and "Say why it goes first." in refused.content.decode()
    client.post(reverse("registrations:assign", args=[second.code]), sent | {"passing": WHY})
    assert state(second) == [Status.APPROVED] and mails_to(first).count() == 1

    page = client.get(reverse("registrations:review_item", args=[first.code]))
    assign = next(one for one in page.context["decisions"] if one["code"] == "assign")
    assert "passing" not in assign["form"].fields and "Not while" in assign["effect"]


@pytest.mark.parametrize("who", [0, 1, "newcomer"])
def test_nobody_is_given_what_an_open_appeal_about_the_order_is_about(
    who, client, held, line, alice, charlie, erin, mara, noor, register
):
    first, second = line
    line_order.reorder(second, to_place=1, reason="They began first.", by=mara, clock=later(1))
    made = appeals.appeal(first.decisions.get(action="reorder"), by=charlie, text="No.", clock=later(2))
    partner_actions.withdraw(held, by=alice, clock=later(3))
    chosen = register(erin, "Acme Pumps GmbH", clock=later(3)) if who == "newcomer" else line[who]
    before = state(chosen)
    with pytest.raises(WrongStatus, match=f"Not while the appeal {made.code} is open"):
        decisions.assign(chosen, by=noor, passing=WHY, clock=later(4))

    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[chosen.code]))
    assign = next(one for one in page.context["decisions"] if one["code"] == "assign")
    assert f"Not while the appeal {made.code} is open" in assign["effect"] and assign["tone"] == ""
    sent = {"version": chosen.version, "text": "", "passing": WHY}
    answer = client.post(reverse("registrations:assign", args=[chosen.code]), sent)
    assert answer.status_code == 409 and made.code in answer.content.decode()
    assert state(chosen) == before

    appeals.dismiss(made, by=noor, text="I have looked.", clock=later(5))
    decisions.assign(chosen, by=mara, passing=WHY, clock=later(6))
    assert state(chosen) == [Status.APPROVED]


def test_one_whose_turn_came_passes_nobody(nobody_holds):
    """The line itself gave it the turn, and keeps the scope for it."""
    first, second = nobody_holds
    assert passing.passed_by(second) == [first]
    elsewhere = Company.objects.create(name="Kestrel Foods AG", country="DE")
    reserve(second, at=later(2)(), company_id=elsewhere.pk)
    assert passing.passed_by(second) == [first]  # that was another line
    reserve(second, at=later(2)())
    assert passing.passed_by(second) == []


def test_a_customers_letter_outranks_the_line_and_who_is_passed_reads_that(held, line, erin, mara, register):
    wished = register(erin, "Acme Pumps GmbH")
    held.refresh_from_db()
    customer_letters.record(
        held, in_favour_of=wished, dated=MONDAY_CLOCK().date(), upload=letter(), by=mara, clock=later(1)
    )
    assert state(held, *line, wished) == [
        Status.REVOKED,
        Status.WAITLISTED,
        Status.WAITLISTED,
        Status.APPROVED,
    ]
    for passed in line:
        assert customer_letters.RULE in mails_to(passed).get().text
    assert not mails_to(wished)


def refused_and_disputed(deal, mara):
    """The appeal against a refusal of Mara's."""
    refused = decisions.refuse(deal, by=mara, clock=later(0), **EARLY)
    return appeals.appeal(refused, by=deal.owner, text="We met them.", clock=later(1))


def test_a_granted_appeal_is_no_way_around_the_line(client, line, held, alice, erin, mara, noor, register):
    """It leads to a review, and whoever approves there says why, as anybody who gives the deal past the line."""
    made = refused_and_disputed(register(erin, "Acme Pumps GmbH"), mara)
    deal = made.registration
    Partner.objects.exclude(pk=deal.partner_id).update(status=PartnerStatus.SUSPENDED)
    partner_actions.withdraw(held, by=alice, clock=later(1))
    Partner.objects.update(status=PartnerStatus.ACTIVE)
    client.force_login(noor)
    page = client.get(reverse("registrations:appeal_page", args=[made.code])).content.decode()
    named = ", ".join(f"{row.code} of {row.partner}" for row in line)
    assert f"back into review, with you as its referee, since the line comes first: {named}" in page
    assert "the deal is protected anew" not in page

    appeals.grant(made, by=noor, text="Right.", clock=later(2))
    assert state(deal, *line) == [Status.IN_REVIEW, Status.WAITLISTED, Status.WAITLISTED]
    with pytest.raises(BadInput, match="Say why it goes first"):
        decisions.assign(deal, by=noor, clock=later(3))
    decisions.assign(deal, by=noor, passing=WHY, clock=later(3))
    assert state(deal) == [Status.APPROVED] and [mails_to(row).count() for row in line] == [1, 1]


def test_nor_is_it_one_past_an_open_appeal_about_the_order(
    client, line, held, alice, charlie, dan, mara, noor
):
    """Who was put first has nobody before it, and disputes that it has to wait at all."""
    first, second = line
    made = appeals.appeal(second.decisions.get(action="waitlist"), by=dan, text="It is ours.", clock=later(0))
    second.refresh_from_db()
    line_order.reorder(second, to_place=1, reason="They began first.", by=mara, clock=later(1))
    about = appeals.appeal(first.decisions.get(action="reorder"), by=charlie, text="No.", clock=later(1))
    partner_actions.withdraw(held, by=alice, clock=later(2))
    client.force_login(noor)
    page = client.get(reverse("registrations:appeal_page", args=[made.code])).content.decode()
    assert f"an appeal about the order of the line has to be answered first: {about.code}" in page
    appeals.grant(made, by=noor, text="Right.", clock=later(3))
    assert state(first, second) == [Status.WAITLISTED, Status.IN_REVIEW]


def won(deal, day):
    """By its partner, some days later."""
    deal.refresh_from_db()
    partner_actions.record_won(
        deal, by=deal.owner, value=Decimal(5), closed_on=date(2026, 3, 2), clock=later(day)
    )


def test_who_stands_behind_one_that_was_approved_by_hand_waits_for_it(nobody_holds, mara):
    """The next in line passed nobody. What they waited for was withdrawn: the win has to find them."""
    first, second = nobody_holds
    made = decisions.assign(first, by=mara, clock=later(2))
    assert state(second) == [Status.WAITLISTED] and second.waits_for == first
    undo(made, by=mara, clock=later(2))
    assert state(first, second) == [Status.WAITLISTED] * 2 and second.waits_for not in (first, None)
    decisions.assign(first, by=mara, clock=later(3))
    won(first, 4)
    assert state(first, second) == [Status.WON, Status.IN_REVIEW]
    assert second.review_reasons == ["holder_won"] and waitlist.offer_free_places(clock=later(5)) == []


def test_so_does_who_stands_behind_one_that_got_it_by_an_appeal(alice, charlie, dan, mara, noor, register):
    """It was submitted first, and refused; the holder after it withdrew while the firm of who waits was suspended."""
    made = refused_and_disputed(register(alice, "Acme Pumps GmbH", value=Decimal(900_000)), mara)
    holder, waiting = (register(person, "Acme Pumps GmbH") for person in (charlie, dan))
    decisions.put_on_waitlist(waiting, behind=holder, by=mara, clock=later(0))
    holder.refresh_from_db()
    Partner.objects.filter(pk=waiting.partner_id).update(status=PartnerStatus.SUSPENDED)
    partner_actions.withdraw(holder, by=charlie, clock=later(1))
    appeals.grant(made, by=noor, text="Right.", clock=later(2))
    assert state(made.registration, waiting) == [Status.APPROVED, Status.WAITLISTED]
    assert waiting.waits_for == made.registration
    won(made.registration, 3)
    assert state(waiting) == [Status.IN_REVIEW]
