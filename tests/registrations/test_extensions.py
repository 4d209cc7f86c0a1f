"""Asking for more time, deciding about it, and letting go before the time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import enums
from core.clock import fixed
from core.errors import BadInput, NotAllowed, WrongStatus
from notifications.models import Message
from registrations.enums import OfferOutcome, RequestState, Status
from registrations.models import Appeal, Extension, Holding
from registrations.services import (
    appeals,
    decisions,
    expiry,
    extensions,
    partner_actions,
    reminders,
    still_active,
    undo,
)
from registrations.services.still_active import keep_alive
from registrations.services.timeline import first_broken
from tests.people import MONDAY, MONDAY_CLOCK, make_user
from tests.registrations.requests_help import letter, policy

pytestmark = pytest.mark.django_db


def later(days, **more):
    return fixed(MONDAY + timedelta(days=days, **more))


@pytest.fixture
def deal(alice, register):
    return register(alice, "Acme Pumps GmbH")


def ask(deal, alice, *, clock=MONDAY_CLOCK, **fields):
    deal.refresh_from_db()
    values = {"text": "The board meets in autumn.", "upload": letter(), **fields}
    return extensions.ask(deal, by=alice, clock=clock, **values)


def ask_again(deal, alice, days):
    """With new words and another file: the earlier ones are no evidence for another request."""
    said = f"They wrote again, on day {days}."
    return ask(deal, alice, clock=later(days), text=said, upload=letter(content=said.encode()))


def test_granted_it_moves_the_end_and_leaves_a_receipt_with_its_own_clock(deal, alice, mara):
    until, epoch = deal.protected_until, deal.protection_epoch
    asked = ask(deal, alice, clock=later(10))
    told = Message.objects.get(event="registration.extension_asked")
    assert told.address == mara.email and "The board meets in autumn." in told.text

    decision = extensions.grant(asked, by=mara, text="Until the board has met.", clock=later(11))

    deal.refresh_from_db()
    asked.refresh_from_db()
    assert (deal.protected_until, deal.protection_epoch) == (until + timedelta(days=30), epoch)
    assert (asked.state, asked.decision) == (RequestState.GRANTED, decision)
    assert (decision.clock_start, decision.clock_due) == (asked.asked_at, asked.due_at)
    mail = Message.objects.get(event="registration.extension_granted", address=alice.email)
    assert "Until the board has met." in mail.text
    assert deal.attachments.get().audience == "both"
    assert first_broken(deal) is None


def extended(deal, alice, mara, *days):
    """Asked for and granted on each of these days."""
    for day in days:
        asked = ask(deal, alice, text=f"They ask for day {day}.", upload=letter(f"{day}.txt", b"%d" % day))
        extensions.grant(asked, by=mara, text="Yes.", clock=later(day))
    deal.refresh_from_db()


def test_an_update_takes_no_extension_away(deal, alice, mara):
    extended(deal, alice, mara, 20, 25)
    reminders.send_reminders(clock=later(30))
    mail = Message.objects.get(event="registration.reminder", address=alice.email)
    assert "Protection never ends earlier by that." in mail.text
    keep_alive(still_active.link_for(deal, alice).rstrip("/").rsplit("/", 1)[1], clock=later(31))
    deal.refresh_from_db()
    assert (deal.protected_until, deal.last_update_at) == (MONDAY + timedelta(days=120), later(31)())

    partner_actions.update(deal, by=alice, fields={}, note="The budget is there.", clock=later(61))
    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=121)


@pytest.mark.parametrize(
    ("again", "field"), [({"upload": letter("b.txt", b"new")}, "text"), ({"text": "Now."}, "file")]
)
def test_the_same_words_or_file_say_nothing_new(again, field, deal, alice, mara):
    extensions.grant(ask(deal, alice), by=mara, text="Yes.", clock=later(1))
    with pytest.raises(BadInput) as error:
        ask(deal, alice, clock=later(2), **again)
    assert error.value.field == field
    ask(deal, alice, text="Now.", upload=letter("b.txt", b"new"), clock=later(2))
    assert Extension.objects.count() == 2


def test_refused_nothing_moves(deal, alice, mara):
    until = deal.protected_until
    asked = ask(deal, alice)
    decision = extensions.refuse(
        asked, by=mara, text="An update does it.", internal_note="Squats.", clock=later(1)
    )

    deal.refresh_from_db()
    assert (deal.protected_until, deal.status) == (until, Status.APPROVED)
    assert Extension.objects.get().state == RequestState.REFUSED
    mail = Message.objects.get(event="registration.extension_refused", address=alice.email)
    assert "An update does it." in mail.text and "Squats." not in mail.text + mail.html
    assert decision.internal_note == "Squats."


def test_one_open_request_at_a_time_and_as_many_as_the_policy_gives(deal, alice, mara):
    policy(extensions_most=1)
    asked = ask(deal, alice)
    with pytest.raises(WrongStatus, match=f"already \\({asked.code}\\)"):
        ask(deal, alice)
    with pytest.raises(IntegrityError, match="one_open_extension"), transaction.atomic():
        Extension.objects.create(
            registration=deal, days=1, text="x", asked_by=alice, asked_at=MONDAY, due_at=MONDAY
        )

    extensions.grant(asked, by=mara, text="Yes.", clock=later(1))
    with pytest.raises(WrongStatus, match="can be extended once"):
        ask(deal, alice)
    policy(extensions_most=0)
    with pytest.raises(WrongStatus, match="has no extensions"):
        ask(deal, alice)


@pytest.mark.parametrize(
    ("settings", "fields", "field"),
    [
        ({}, {"text": "  "}, "text"),
        ({}, {"upload": None}, "file"),
        ({"extension_evidence_required": False}, {"upload": None}, None),
        ({}, {"upload": letter("x.exe")}, "file"),
    ],
)
def test_reason_and_evidence(deal, alice, settings, fields, field):
    if settings:
        policy(**settings)
    if field is None:
        assert ask(deal, alice, **fields).attachment is None
        return
    with pytest.raises(BadInput) as refused:
        ask(deal, alice, **fields)
    assert refused.value.field == field
    assert not Extension.objects.exists() and not deal.attachments.exists()


def test_who_asks_and_who_decides(deal, alice, charlie, mara, olga):
    with pytest.raises(NotAllowed):
        ask(deal, charlie)
    asked = ask(deal, alice)
    for person in (alice, olga):
        with pytest.raises(NotAllowed):
            extensions.grant(asked, by=person, text="Yes.")
    extensions.grant(asked, by=mara, text="Yes.", clock=later(1))
    with pytest.raises(WrongStatus, match="answered this request already"):
        extensions.refuse(asked, by=mara, text="No.", clock=later(1))


def test_an_extension_holds_expiry_off(deal, alice, mara):
    asked = ask(deal, alice, clock=later(59))
    extensions.grant(asked, by=mara, text="Yes.", clock=later(59, hours=1))
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=MONDAY)

    expiry.expire_registrations(clock=later(70))

    deal.refresh_from_db()
    assert deal.status == Status.APPROVED


def test_release_gives_the_turn_to_the_next_and_closes_the_request(deal, alice, charlie, mara, register):
    waiting = register(charlie, "Acme Pumps GmbH")
    decisions.put_on_waitlist(waiting, behind=deal, by=mara, clock=MONDAY_CLOCK)
    asked = ask(deal, alice)
    deal.refresh_from_db()

    partner_actions.release(deal, by=alice, text="They went quiet.", clock=later(3))

    for row in (deal, waiting, asked):
        row.refresh_from_db()
    assert (deal.status, asked.state) == (Status.WITHDRAWN, RequestState.LAPSED)
    assert waiting.status == Status.OFFERED
    assert waiting.offers.get().outcome == OfferOutcome.OPEN
    assert {holding.registration for holding in Holding.objects.filter(ended_at=None)} == {waiting}
    assert deal.timeline.filter(kind="release", data__text="They went quiet.").exists()
    with pytest.raises(WrongStatus):
        extensions.grant(asked, by=mara, text="Yes.")


def test_an_appeal_is_no_way_around_the_limit(client, deal, alice, mara):
    """Refused and appealed against; what the policy allows is given meanwhile: the appeal closes and the partner reads why."""
    noor = make_user("Noor", enums.CHANNEL_MANAGER)
    no = extensions.refuse(ask(deal, alice), by=mara, text="No.", clock=MONDAY_CLOCK)
    other = extensions.refuse(ask_again(deal, alice, 1), by=mara, text="No.", clock=later(1))
    made = appeals.appeal(no, by=alice, text="The board met.", clock=later(1))
    for day in (2, 3):
        made.refresh_from_db()
        assert made.state == RequestState.OPEN
        given = extensions.grant(ask_again(deal, alice, day), by=mara, text="Yes.", clock=later(day))
    deal.refresh_from_db()
    made.refresh_from_db()
    until = deal.protected_until
    assert (made.state, made.closed_at) == (RequestState.LAPSED, given.at)
    told = Message.objects.get(event="registration.appeal_closed", address=alice.email)
    assert "can be extended twice" in told.text and "moved on" not in told.text + told.html
    with pytest.raises(WrongStatus):
        appeals.grant(made, by=noor, text="Yes.", clock=later(4))
    with pytest.raises(WrongStatus, match="can be extended twice, and this one was"):
        appeals.appeal(other, by=alice, text="We met them.", clock=later(4))
    client.force_login(alice)
    page = client.get(reverse("registrations:appeal_page", args=[made.code])).content.decode()
    assert "All extensions were given" in page and "can be extended twice" in page

    # One that was open when the limit was reached, as older versions left it: a 'no' is all that is offered.
    Appeal.objects.filter(pk=made.pk).update(state=RequestState.OPEN, closed_at=None)
    client.force_login(noor)
    page = client.get(reverse("registrations:appeal_page", args=[made.code])).content.decode()
    assert "No further days can be given" in page and "Grant it" not in page
    with pytest.raises(WrongStatus, match="can only be dismissed"):
        appeals.grant(made, by=noor, text="Yes.", clock=later(4))
    deal.refresh_from_db()
    assert deal.protected_until == until
    assert first_broken(deal) is None


def test_nor_is_a_request_that_was_open_when_an_appeal_took_the_last_one(client, deal, alice, mara):
    policy(extensions_most=1)
    noor = make_user("Noor", enums.CHANNEL_MANAGER)
    no = extensions.refuse(ask(deal, alice), by=mara, text="No.", clock=MONDAY_CLOCK)
    made = appeals.appeal(no, by=alice, text="The board met.", clock=later(1))
    asked = ask_again(deal, alice, 1)
    given = appeals.grant(made, by=noor, text="Right.", clock=later(2))

    with pytest.raises(WrongStatus, match="extended once, and this one was"):
        extensions.grant(asked, by=mara, text="Yes.", clock=later(3))
    client.force_login(mara)
    page = client.get(reverse("registrations:extension", args=[asked.code])).content.decode()
    assert "All extensions were given" in page and "Grant it" not in page
    undo.undo(given, by=noor, clock=later(2))
    extensions.grant(asked, by=mara, text="Yes.", clock=later(3))
    made.refresh_from_db()
    assert made.state == RequestState.LAPSED
