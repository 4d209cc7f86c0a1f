"""A reply that comes while a decision about its deal can still be undone: it waits, so that no mail tells of what is undone."""

import mailbox
from datetime import timedelta

import pytest

from core.clock import fixed
from notifications.models import Message
from registrations.enums import Status
from registrations.models import IncomingMail, Registration
from registrations.services import decisions, extensions, reminders, undo
from registrations.services.mail_in import address, readings, receiving
from registrations.services.mail_in.fetching import fetch_mail
from registrations.services.mail_in.holding import NotYet
from tests.people import MONDAY
from tests.registrations.mail_in.letters import letter
from tests.registrations.requests_help import letter as upload

pytestmark = pytest.mark.django_db
THEN = MONDAY + timedelta(days=31)


@pytest.fixture
def deal(alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=30)))
    return deal


@pytest.fixture
def reply(deal, alice):
    return letter(
        alice.email, Message.objects.get(event="registration.reminder").reply_to, "We met the board."
    )


@pytest.fixture
def box(tmp_path, settings):
    settings.MAIL_IN_URL = f"maildir://{tmp_path}/box"
    return mailbox.Maildir(tmp_path / "box", create=True)


def fresh(deal):
    return Registration.objects.get(pk=deal.pk)


def at(seconds):
    return fixed(THEN + timedelta(seconds=seconds))


def look(seconds, settings):
    return dict(fetch_mail(settings.MAIL_IN_URL, clock=at(seconds)))


def revoke(deal, mara):
    return decisions.revoke(fresh(deal), by=mara, reason_code="inactive", text="Silent.", clock=at(0))


def test_after_the_undo_the_reply_is_an_update_and_nobody_read_of_the_decision(
    deal, mara, reply, box, settings
):
    made = revoke(deal, mara)
    box.add(reply)

    assert look(3, settings) == {"held": 1}
    assert not IncomingMail.objects.exists()
    assert not Message.objects.filter(event="registration.reply_refused").exists()
    undo.undo(made, by=mara, clock=at(6))
    assert look(60, settings) == {"updated": 1}

    assert fresh(deal).status == Status.APPROVED
    assert deal.timeline.last().data["text"] == "We met the board."


def test_without_an_undo_the_writer_is_told_once_the_time_is_over(deal, mara, reply, box, settings):
    revoke(deal, mara)
    box.add(reply)
    look(3, settings)

    assert look(60, settings) == {"refused": 1}

    told = Message.objects.get(event="registration.reply_refused")
    assert "Revoked" in told.text and look(120, settings) == {}


def test_a_decision_that_a_reply_would_end_can_still_be_undone(deal, alice, mara, reply, box, settings):
    """An update would bar the way back from an extension."""
    asked = extensions.ask(fresh(deal), by=alice, text="Late.", upload=upload(), clock=at(-60))
    made = extensions.grant(asked, by=mara, text="Fine.", clock=at(0))
    box.add(reply)

    assert look(3, settings) == {"held": 1}
    undo.undo(made, by=mara, clock=at(6))
    assert look(60, settings) == {"updated": 1}


def test_a_decision_made_while_the_mail_is_looked_at_holds_it_back_as_well(deal, mara, reply, monkeypatch):
    real, made = receiving.can_be_undone, []

    def looked_too_early(registration, now):
        answer = real(registration, now)
        if not made:
            made.append(revoke(deal, mara))
        return answer

    monkeypatch.setattr(receiving, "can_be_undone", looked_too_early)
    with pytest.raises(NotYet):
        receiving.receive(reply.as_bytes(), clock=at(1))
    assert made and not IncomingMail.objects.exists()


def test_of_a_mail_about_two_deals_the_other_one_is_dealt_with_at_once(
    deal, alice, bob, mara, register, reply, box, settings
):
    other = register(alice, "Borealis Shipping AS", country="NO")
    del reply["To"]
    reply["To"] = ", ".join(address.reply_address(one, alice, at=THEN) for one in (deal, other))
    made = revoke(deal, mara)
    box.add(reply)

    assert look(3, settings) == {"held": 1, "updated": 1}
    undo.undo(made, by=mara, clock=at(6))
    assert look(60, settings) == {"updated": 1}
    assert [one.timeline.filter(kind="update").count() for one in (deal, other)] == [1, 1]


def test_a_decision_about_another_deal_of_the_company_holds_nothing_back(
    deal, charlie, mara, register, reply, box, settings
):
    rival = register(charlie, "Acme Pumps GmbH", value=900_000, clock=at(-60))
    decisions.refuse(rival, by=mara, reason_code="early", text="No.", clock=at(0))
    box.add(reply)

    assert look(3, settings) == {"updated": 1}


def test_what_a_hold_leaves_unread_still_counts_before_an_expiry(deal, mara, reply, box, settings):
    """The look did not come to its end."""
    revoke(deal, mara)
    box.add(reply)
    look(3, settings)
    assert readings.last() is None
    look(60, settings)
    assert readings.last() == THEN + timedelta(seconds=60)
