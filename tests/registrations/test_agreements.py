"""Split and transfer (R5): proposed by a manager, carried out once both partners agree, and never two holders."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import PARTNER_REP
from catalog.models import Currency
from core.clock import fixed
from core.errors import BadInput, NotAllowed
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import RefusalReason, Status
from registrations.measures import won_value
from registrations.models import Agreement, Holding
from registrations.services import (
    agreements,
    decisions,
    extensions,
    partner_actions,
    proposals,
    reminders,
    undo,
)
from registrations.services.places import place_in_line
from registrations.services.timeline import first_broken
from tests.people import MONDAY, MONDAY_CLOCK, make_user, submitted
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(alice, register):
    return register(alice, "Acme Pumps GmbH")


@pytest.fixture
def rival(held, charlie, register):
    """In review: of the same company row, since the name is the same."""
    return register(charlie, "Acme Pumps GmbH")


@pytest.fixture
def propose(rival, held, mara):
    def make(kind="split", share=40, other=None, **rest):
        said = {"text": "You both work there.", "by": mara, "clock": MONDAY_CLOCK} | rest
        return agreements.propose(other or rival, holder=held, kind=kind, other_share=share, **said)

    return make


def both_agree(agreement, alice, charlie):
    for person in (charlie, alice):
        agreements.agree(agreement, by=person, clock=MONDAY_CLOCK)
    agreement.refresh_from_db()


def state(*rows):
    for row in rows:
        row.refresh_from_db()
        assert first_broken(row) is None
    return [Status(row.status) for row in rows]


def holders():
    return [holding.registration for holding in Holding.objects.filter(ended_at=None)]


@pytest.mark.parametrize("kind", ["split", "transfer"])
def test_nothing_changes_until_both_agree_and_neither_is_named(kind, propose, held, rival, alice, charlie):
    agreement = propose(kind)
    for _ in range(2):  # a second click says the same
        agreements.agree(agreement, by=charlie, clock=MONDAY_CLOCK)

    assert state(held, rival) == [Status.APPROVED, Status.IN_REVIEW]
    for person, name in ((alice, "Southridge"), (charlie, "Northgate")):
        mail = Message.objects.get(event="registration.agreement_proposed", address=person.email)
        assert name not in mail.subject + mail.text + mail.html
        deal = held if person == alice else rival
        assert not any(name in str(entry.data) for entry in deal.timeline.visible_to(person))


def test_a_split_has_one_holder_and_shares_that_make_100(propose, held, rival, alice, charlie):
    agreement = propose()
    both_agree(agreement, alice, charlie)

    assert state(held, rival) == [Status.APPROVED, Status.SHARED]
    assert holders() == [held]
    assert (agreement.holder_share, agreement.other_share) == (60, 40)
    for deal, other in ((held, "Southridge"), (rival, "Northgate")):
        receipt = deal.decisions.get(action="share")
        assert receipt.text == "You both work there."
        assert receipt.rule.endswith(": Northgate has 60% of the deal, Southridge 40%.")
        assert deal.timeline.get(kind="share").data["with_partner"] == other
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.update(other_share=50)


def test_who_sells_along_wins_with_the_holder(propose, held, rival, alice, charlie):
    both_agree(propose(), alice, charlie)
    held.refresh_from_db()
    partner_actions.record_won(
        held, by=alice, value=Decimal(80_000), closed_on=MONDAY.date(), clock=MONDAY_CLOCK
    )
    assert state(held, rival) == [Status.WON, Status.WON]
    assert (rival.closed_value, rival.closed_on) == (Decimal(32_000), MONDAY.date())
    firms = (held.partner_id, rival.partner_id)
    later = MONDAY + timedelta(days=1)
    assert won_value(firms, later) == dict(zip(firms, (Decimal(48_000), Decimal(32_000)), strict=True))


@pytest.mark.parametrize(
    ("rate", "value", "theirs"), [("0.5", 80_000, 64_000), ("0.001", 999_999_999_999, None)]
)
def test_the_share_of_who_sells_along_is_in_its_own_currency(
    rate, value, theirs, propose, held, rival, alice, charlie
):
    """Unless it has more digits there than a value can have."""
    theirs_is = Currency.objects.create(code="XTS", name="Test", rate_to_base=Decimal(rate))
    type(rival).objects.filter(pk=rival.pk).update(currency=theirs_is)
    both_agree(propose(), alice, charlie)
    held.refresh_from_db()
    partner_actions.record_won(
        held, by=alice, value=Decimal(value), closed_on=MONDAY.date(), clock=MONDAY_CLOCK
    )
    assert (state(rival), rival.closed_value) == ([Status.WON], theirs)


def test_when_the_holder_ends_who_sold_along_has_its_turn_by_time_of_submission(
    propose, held, rival, alice, charlie, dan, mara, register
):
    later = register(dan, "Acme Pumps GmbH")
    decisions.put_on_waitlist(later, behind=held, by=mara)
    both_agree(propose(), alice, charlie)
    held.refresh_from_db()
    decisions.revoke(held, by=mara, reason_code=RefusalReason.INACTIVE, text="No update.", clock=MONDAY_CLOCK)

    assert state(rival, later) == [Status.OFFERED, Status.WAITLISTED]
    assert place_in_line(later) == 1
    assert not Agreement.objects.current().exists()


def test_who_sells_along_is_warned_with_the_holder_before_it_ends(propose, held, rival, alice, charlie):
    both_agree(propose(), alice, charlie)
    held.refresh_from_db()

    def warnings():
        return Message.objects.filter(event="registration.shared_ends", address=charlie.email)

    for day in (30, 53):
        reminders.send_reminders(clock=fixed(held.protected_until - timedelta(days=60 - day)))
        assert warnings().count() == (day == 53)  # a reminder is the holder's alone
    mail = warnings().get()
    assert "Northgate" in mail.text and f"{held.protected_until:%-d %b %Y}" in mail.text
    assert "can update it" in mail.text and rival.timeline.last().kind == "shared_ends"

    Message.objects.filter(pk=mail.pk).update(status="pending")  # it waits for a morning
    partner_actions.update(held, by=alice, fields={}, note="Met the CFO.", clock=MONDAY_CLOCK)
    mail.refresh_from_db()
    assert mail.status == "cancelled" and first_broken(rival) is None


@pytest.fixture
def told(charlie):
    """The mails to who sells along about the end of the split: of which event, and in which status."""
    events = ("registration.shared_ends", "registration.shared_goes_on")

    def find():
        mails = Message.objects.filter(event__in=events, address=charlie.email).order_by("pk")
        return [(mail.event.removeprefix("registration.shared_"), mail.status) for mail in mails]

    return find


def warn_of_the_end(held, days=7):
    """The co-seller's warning is written, and leaves."""
    held.refresh_from_db()
    at = held.protected_until - timedelta(days=days)
    reminders.send_reminders(clock=fixed(at))
    waiting = Message.objects.filter(event="registration.shared_ends", status="pending")
    waiting.update(status="sent", sent_at=at)


def test_who_was_warned_hears_that_it_goes_on_once_the_holder_has_updated(
    propose, held, rival, alice, charlie, told
):
    both_agree(propose(), alice, charlie)
    partner_actions.update(held, by=alice, fields={}, note="Met the CTO.", clock=MONDAY_CLOCK)
    assert told() == []  # who was told nothing needs no word that it goes on
    for days in (7, 1):
        warn_of_the_end(held, days)
    clock = fixed(held.protected_until - timedelta(hours=12))
    for note in ("Met the CFO.", "They visit us on Friday."):
        partner_actions.update(held, by=alice, fields={}, note=note, clock=clock)

    assert told() == [("ends", "sent"), ("ends", "sent"), ("goes_on", "pending")]
    held.refresh_from_db()
    mail = Message.objects.get(event="registration.shared_goes_on")
    assert "Northgate" in mail.text and f"until {held.protected_until:%-d %b %Y} instead" in mail.text
    assert rival.timeline.last().kind == "shared_goes_on" and first_broken(rival) is None

    warn_of_the_end(held)  # silent again: the next warning, and the next answer to it
    clock = fixed(held.protected_until - timedelta(hours=12))
    partner_actions.update(held, by=alice, fields={}, note="They signed the test.", clock=clock)
    assert [event for event, _ in told()] == ["ends", "ends", "goes_on", "ends", "goes_on"]


def test_a_mail_server_that_was_away_brings_who_sells_along_the_newest_warning_alone(
    propose, held, rival, alice, charlie, told
):
    both_agree(propose(), alice, charlie)
    held.refresh_from_db()
    for days in (7, 1):
        reminders.send_reminders(clock=fixed(held.protected_until - timedelta(days=days)))
    assert told() == [("ends", "cancelled"), ("ends", "pending")]
    assert [entry.data["day"] for entry in rival.timeline.filter(kind="shared_ends")] == [7, 1]
    assert first_broken(rival) is None


def test_who_comes_in_after_the_last_warning_hears_of_the_end_at_once(
    propose, held, rival, alice, charlie, told
):
    for days in (7, 1):
        warn_of_the_end(held, days)
    at = fixed(held.protected_until - timedelta(hours=20))
    agreement = propose(clock=at)
    for person in (charlie, alice):
        agreements.agree(agreement, by=person, clock=at)

    assert state(held, rival) == [Status.APPROVED, Status.SHARED]
    assert told() == [("ends", "pending")] and rival.timeline.last().kind == "shared_ends"
    mail = Message.objects.get(event="registration.shared_ends")
    assert f"{held.protected_until:%-d %b %Y}" in mail.text and "can update it" in mail.text


def test_an_extension_that_was_undone_lets_nobody_believe_that_it_goes_on(
    propose, held, rival, alice, charlie, mara, told
):
    both_agree(propose(), alice, charlie)
    warn_of_the_end(held)
    clock = fixed(held.protected_until - timedelta(days=3))
    policy(extension_evidence_required=False)
    asked = extensions.ask(held, by=alice, text="Their board meets in July.", clock=clock)
    granted = extensions.grant(asked, by=mara, text="Agreed.", clock=clock)
    assert told() == [("ends", "sent"), ("goes_on", "pending")]
    undo.undo(granted, by=mara, clock=clock)
    assert told() == [("ends", "sent"), ("goes_on", "cancelled")]

    held.refresh_from_db()
    partner_actions.update(held, by=alice, fields={}, note="Met the CFO.", clock=clock)
    assert told()[2:] == [("goes_on", "pending")]
    assert state(held, rival) == [Status.APPROVED, Status.SHARED]

    rival.refresh_from_db()
    partner_actions.withdraw(rival, by=charlie, clock=clock)
    assert told()[2:] == [("goes_on", "cancelled")]  # nor who has left


def test_who_sells_along_can_leave_and_the_holder_goes_on(propose, held, rival, alice, charlie):
    both_agree(propose(), alice, charlie)
    rival.refresh_from_db()
    partner_actions.withdraw(rival, by=charlie, clock=MONDAY_CLOCK)
    assert state(held, rival) == [Status.APPROVED, Status.WITHDRAWN]
    assert holders() == [held] and not Agreement.objects.current().exists()
    assert Message.objects.filter(event="registration.split_ended", address=alice.email).count() == 1


def test_a_warning_that_waits_does_not_reach_who_has_left(propose, held, rival, alice, charlie):
    both_agree(propose(), alice, charlie)
    held.refresh_from_db()
    night = fixed(held.protected_until - timedelta(days=7))
    reminders.send_reminders(clock=night)
    mail = Message.objects.get(event="registration.shared_ends")
    assert mail.status == "pending"
    rival.refresh_from_db()
    partner_actions.withdraw(rival, by=charlie, clock=night)
    mail.refresh_from_db()
    assert mail.status == "cancelled"
    of_the_holder = Message.objects.get(event="registration.final_notice", about=held.code)
    assert of_the_holder.status == "pending"  # its own end stays as it was


def test_a_transfer_changes_hands_at_once(propose, held, rival, alice, charlie, dan, mara, register):
    waiting = register(dan, "Acme Pumps GmbH")
    decisions.put_on_waitlist(waiting, behind=held, by=mara)
    both_agree(propose("transfer"), alice, charlie)

    assert state(held, rival, waiting) == [Status.TRANSFERRED, Status.APPROVED, Status.WAITLISTED]
    assert holders() == [rival] and waiting.waits_for == rival
    assert rival.protected_until is not None
    assert held.decisions.filter(action="transfer").count() == 1
    assert rival.decisions.filter(action="take_over").count() == 1
    assert Message.objects.filter(event="registration.agreement_done").count() == 2


def test_that_a_third_one_holds_something_of_it_neither_side_learns(
    propose, held, rival, alice, charlie, mara, sensors, register
):
    """A version that holds the whole company came into force between the two consents."""
    firm = Partner.objects.create(name="Eastwind", country="DE", status=PartnerStatus.ACTIVE, manager=mara)
    third = register(make_user("Erin", PARTNER_REP, firm), "Acme Pumps GmbH", line=sensors)
    decisions.assign(third, by=mara, clock=MONDAY_CLOCK)
    agreement = propose("transfer")
    agreements.agree(agreement, by=charlie, clock=MONDAY_CLOCK)
    policy(begins=MONDAY + timedelta(hours=1), scope_product_line=False)
    with pytest.raises(agreements.NotNow) as told:
        agreements.agree(agreement, by=alice, clock=fixed(MONDAY + timedelta(hours=2)))
    assert told.value.message.startswith("This cannot be carried out at present. Nothing is changed.")
    assert state(held, rival, third) == [Status.APPROVED, Status.IN_REVIEW, Status.APPROVED]


def test_one_side_declines_and_everything_stays(propose, held, rival, alice, charlie):
    agreement = propose("transfer")
    agreements.agree(agreement, by=charlie, clock=MONDAY_CLOCK)
    agreements.decline(agreement, by=alice, text="We are close.", clock=MONDAY_CLOCK)
    assert state(held, rival) == [Status.APPROVED, Status.IN_REVIEW]
    assert Message.objects.filter(event="registration.agreement_declined", address=charlie.email).count() == 1
    for answer in (agreements.agree, agreements.decline):
        with pytest.raises(agreements.AgreementOver, match="declined"):
            answer(agreement, by=alice)
    assert propose() is not None  # another one can follow


def test_a_proposal_ends_with_one_of_its_registrations(propose, held, rival, alice, charlie):
    agreement = propose()
    agreements.agree(agreement, by=alice, clock=MONDAY_CLOCK)
    partner_actions.withdraw(held, by=alice, clock=MONDAY_CLOCK)
    agreement.refresh_from_db()
    with pytest.raises(agreements.AgreementOver, match="ended"):
        agreements.agree(agreement, by=charlie)
    assert state(rival) == [Status.IN_REVIEW]


def test_a_proposal_that_waits_too_long_is_over_and_everything_stays(
    propose, held, rival, alice, charlie, mara, southridge
):
    """MONDAY is 2 March. Five business days of the later side, New York: until the end of Monday, 9 March there."""
    southridge.time_zone, southridge.country = "America/New_York", "US"
    southridge.save()
    rival.refresh_from_db()
    agreement = propose()
    assert agreement.answer_by == datetime(2026, 3, 10, 3, 59, 59, tzinfo=UTC)  # summer time has begun there
    mails = Message.objects.filter(event="registration.agreement_proposed")
    for person in (alice, charlie):
        assert "by Monday, 9 Mar 2026" in mails.get(address=person.email).text
    agreements.agree(agreement, by=alice, clock=MONDAY_CLOCK)
    last, after = (fixed(agreement.answer_by + timedelta(seconds=late)) for late in (0, 1))
    assert proposals.lapse_proposals(clock=last).done == []
    with pytest.raises(agreements.AgreementOver, match="in time"):  # before any sweep has looked
        agreements.agree(agreement, by=charlie, clock=after)
    assert proposals.lapse_proposals(clock=after, dry_run=True).done == [agreement.code]
    assert proposals.lapse_proposals(clock=after).done == [agreement.code]
    assert proposals.lapse_proposals(clock=after).done == []

    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_at) == ("lapsed", after())
    assert state(held, rival) == [Status.APPROVED, Status.IN_REVIEW]
    told = {mail.address: mail.text for mail in Message.objects.filter(event__endswith="_lapsed")}
    assert set(told) == {alice.email, charlie.email, mara.email}
    assert "You answered; the other partner did not" in told[alice.email]
    assert "We had no answer from you" in told[charlie.email]
    assert "Southridge" in told[mara.email] and "Northgate and" not in told[mara.email]
    assert "Southridge" not in told[alice.email]
    for deal in (held, rival):
        assert deal.timeline.filter(kind="agreement_lapsed").count() == 1
    for answer in (agreements.agree, agreements.decline):
        with pytest.raises(agreements.AgreementOver, match="in time"):
            answer(agreement, by=charlie, clock=last)
    assert propose() is not None  # it can be proposed again


@pytest.mark.parametrize("person", ["dan", "mara", "ivan"])
def test_only_the_two_partners_answer(propose, person, request):
    agreement = propose()
    for answer in (agreements.agree, agreements.decline):
        with pytest.raises(NotAllowed):
            answer(agreement, by=request.getfixturevalue(person))


def test_what_cannot_be_proposed(propose, held, rival, alice, charlie, dan, mara, ivan, register, sensors):
    for bad in ({"share": 0}, {"share": 100}, {"text": " "}, {"kind": "gift"}):
        with pytest.raises(BadInput):
            propose(**bad)
    colleague = register(dan, "Acme Pumps GmbH")
    with pytest.raises(BadInput, match="one partner"):
        propose(other=colleague)
    elsewhere = submitted(charlie, "Acme Pumps GmbH", sensors, clock=MONDAY_CLOCK)
    with pytest.raises(BadInput, match="only holder"):
        propose(other=elsewhere)
    with pytest.raises(NotAllowed):
        propose(by=alice)
    propose()
    with pytest.raises(BadInput, match="not answered yet"):
        propose()


def test_pages(client, held, rival, alice, charlie, dan, mara):
    page = reverse("registrations:propose", args=[rival.code])
    client.force_login(mara)
    assert page in client.get(reverse("registrations:review_item", args=[rival.code])).content.decode()
    assert "Northgate" in client.get(page).content.decode()
    sent = {"version": rival.version, "kind": "split", "other_share": 30, "text": ""}
    assert client.post(page, sent).status_code == 422
    assert client.post(page, sent | {"text": "Both know them.", "version": 1}).status_code == 409
    assert client.post(page, sent | {"text": "Both know them."}).status_code == 302

    code = Agreement.objects.get().code
    client.force_login(dan)
    assert client.get(reverse("registrations:agreement", args=[code])).status_code == 404
    for person, deal, name, share in (
        (alice, held, "Southridge", "70%"),
        (charlie, rival, "Northgate", "30%"),
    ):
        client.force_login(person)
        address = reverse("registrations:agreement", args=[code])
        assert address in client.get(reverse("registrations:registration", args=[deal.code])).content.decode()
        shown = client.get(address).content.decode()
        assert share in shown and name not in shown
        long = client.post(reverse("registrations:disagree", args=[code]), {"text": "x" * 2001})
        assert long.status_code == 422 and "x" * 2001 in long.content.decode()
        answered = client.post(reverse("registrations:agree", args=[code]), follow=True)
        if person == alice:
            assert "You agreed to a split" in answered.content.decode()
    assert state(held, rival) == [Status.APPROVED, Status.SHARED]
    told = client.get(reverse("registrations:registration", args=[rival.code])).content.decode()
    assert "Northgate" in told and "30%" in told
    for route in ("agree", "disagree"):
        late = client.post(reverse(f"registrations:{route}", args=[code]))
        assert late.status_code == 410 and "carried out" in late.content.decode()


@pytest.mark.parametrize("kind", ["split", "transfer"])
def test_a_firm_that_is_not_active_gets_nothing_by_consent(
    kind, propose, held, rival, alice, charlie, southridge
):
    """As with an offer: neither proposed to, nor carried out when it was suspended between the two consents."""
    made = propose(kind)
    agreements.agree(made, by=charlie, clock=MONDAY_CLOCK)
    southridge.status = PartnerStatus.SUSPENDED
    southridge.save()
    made = Agreement.objects.get(pk=made.pk)

    with pytest.raises(agreements.NotNow, match="cannot be carried out at present") as told:
        agreements.agree(made, by=alice, clock=MONDAY_CLOCK)
    assert "Southridge" not in told.value.message and "active" not in told.value.message
    assert state(held, rival) == [Status.APPROVED, Status.IN_REVIEW]
    made.refresh_from_db()
    assert (made.state, made.holder_agreed_at) == ("proposed", None)
    agreements.decline(made, by=charlie, clock=MONDAY_CLOCK)
    rival.refresh_from_db()
    with pytest.raises(BadInput, match="Southridge is not active"):
        propose(kind)

    southridge.status = PartnerStatus.ACTIVE
    southridge.save()
    rival.refresh_from_db()
    both_agree(propose(kind), alice, charlie)
    assert Status.APPROVED in state(held, rival)
