"""notify and what can be done with a message afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.template import TemplateDoesNotExist

from accounts import enums
from core.clock import database_clock, fixed
from core.errors import NotAllowed, WrongStatus
from notifications.enums import MessageStatus
from notifications.holding import by_calendar
from notifications.models import Message, Notice
from notifications.rendering import Reader
from notifications.services import cancel_message, mark_all_read, mark_read, notify_address, resend
from tests.notifications.makers import LINK, person, row, tell, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return person("Alice")


def test_a_message_and_a_notice_say_the_same(alice):
    message = tell(alice)
    notice = Notice.objects.get()
    assert (message.recipient, message.address, message.about) == (alice, "alice@firm.example", "R-7KQ2MXA")
    assert (message.status, message.attempts, message.sent_at) == (MessageStatus.PENDING, 0, None)
    assert message.subject == "Still active? Acme Pumps GmbH, 30 days left (R-7KQ2MXA)"
    assert (notice.user, notice.title, notice.link, notice.read_at) == (alice, message.subject, LINK, None)


def test_the_same_occasion_gives_the_first_message_again(alice):
    first = tell(alice)
    again = tell(alice, event="registration.won")
    assert again == first
    assert again.subject == first.subject
    assert (Message.objects.count(), Notice.objects.count()) == (1, 1)


def test_the_same_occasion_is_another_one_for_somebody_else(alice):
    assert tell(alice) != tell(person("Bob"))
    assert (Message.objects.count(), Notice.objects.count()) == (2, 2)


def test_what_is_done_by_the_calendar_waits_for_its_readers_day(alice):
    alice.time_zone = "Asia/Kolkata"
    alice.save(update_fields=["time_zone"])
    evening = datetime(2026, 3, 2, 15, tzinfo=UTC)  # 20:30 there

    def waits(now, **more):
        with by_calendar(now, **more):
            message = tell(alice, f"{now} {more}")
        return round((message.not_before - message.created_at) / timedelta(minutes=1))

    assert waits(evening) == 11 * 60 + 30
    assert waits(evening, last=evening + timedelta(hours=9)) == 0  # else it would come too late
    assert waits(evening - timedelta(hours=1)) == 0  # in the day
    assert round((tell(alice, "by a person").not_before - database_clock()) / timedelta(minutes=1)) == 0


def test_the_message_id_follows_from_the_occasion_alone(alice):
    first = tell(alice).message_id
    Message.objects.all().delete()
    assert tell(alice, event="registration.won").message_id == first
    assert tell(alice, "reminder:2").message_id != first
    assert first.startswith("<")
    assert first.endswith("@testserver>")


@pytest.mark.parametrize(
    "name", ["Acme\r\nBcc: spy@evil.example", "Acme\n\nHello", "Acme\x00\x0b\u2028Pumps"]
)
def test_a_name_cannot_end_the_subject(alice, name):
    subject = tell(alice, context=words(company_name=name)).subject
    assert not any(character in subject for character in "\r\n\x00\x0b\u2028")
    assert subject.startswith("Still active? Acme")


def test_a_very_long_name_is_cut_in_the_subject_only(alice):
    message = tell(alice, context=words(company_name="Pumpen " * 60))
    assert len(message.subject) == 250
    assert message.subject.endswith("…")
    assert ("Pumpen " * 60).strip() in message.text


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_somebody_who_cannot_get_mail_gets_the_notice(alice, change):
    for name, value in change.items():
        setattr(alice, name, value)
    alice.save()
    message = tell(alice)
    assert message.status == MessageStatus.CANCELLED
    assert message.last_error.startswith("This person")
    assert Notice.objects.filter(user=alice).count() == 1


def test_a_held_message_and_its_notice_wait(alice):
    message = tell(alice, held_seconds=10)
    assert timedelta(seconds=8) < message.not_before - database_clock() < timedelta(seconds=11)
    assert not Message.objects.due(database_clock()).exists()
    assert not Notice.objects.visible_to(alice).exists()
    assert Notice.objects.filter(user=alice).count() == 1


def test_not_before_is_a_wait_from_the_given_clock(alice):
    in_spring = database_clock() + timedelta(days=200)
    message = tell(alice, clock=fixed(in_spring), not_before=in_spring + timedelta(hours=3))
    assert message.created_at == in_spring
    assert timedelta(hours=2, minutes=59) < message.not_before - database_clock() <= timedelta(hours=3)


def test_a_clock_ahead_does_not_keep_mail_lying(alice):
    assert tell(alice, clock=fixed(database_clock() + timedelta(days=200))).not_before <= database_clock()


def test_a_clock_behind_sends_at_once(alice):
    long_ago = database_clock() - timedelta(days=200)
    assert tell(alice, clock=fixed(long_ago)).not_before == long_ago


def test_an_occasion_too_long_and_an_unknown_event_are_mistakes(alice):
    with pytest.raises(ValueError):
        tell(alice, "x" * 200)
    with pytest.raises(TemplateDoesNotExist):
        tell(alice, event="registration.unheard_of")
    assert not Message.objects.exists()


def test_cancelling_takes_the_notice_back_too(alice):
    message = tell(alice, held_seconds=10)
    assert cancel_message(message) is True
    assert row(message).status == message.status == MessageStatus.CANCELLED
    assert not Notice.objects.exists()
    assert cancel_message(message) is True


@pytest.mark.parametrize("status", [MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.FAILED])
def test_what_has_left_cannot_be_cancelled(alice, status):
    message = tell(alice)
    sent_at = database_clock() if status == MessageStatus.SENT else None
    Message.objects.update(status=status, sent_at=sent_at)
    assert cancel_message(message) is False
    assert row(message).status == status
    assert Notice.objects.count() == 1


def test_resending_starts_anew_at_the_readers_present_address(alice):
    olga = person("Olga", enums.CHANNEL_OPERATIONS)
    message = tell(alice)
    Message.objects.update(status=MessageStatus.FAILED, attempts=8, last_error="550 no such user")
    alice.email = "alice@new.example"
    alice.save()
    resend(row(message), by=olga)
    again = row(message)
    assert (again.status, again.attempts, again.address) == (MessageStatus.PENDING, 0, "alice@new.example")
    assert again.message_id == message.message_id


@pytest.mark.parametrize("role", [enums.AUDITOR, enums.CHANNEL_MANAGER, enums.PARTNER_ADMIN])
def test_resending_needs_the_permission(alice, role):
    message = tell(alice)
    Message.objects.update(status=MessageStatus.FAILED)
    with pytest.raises(NotAllowed):
        resend(message, by=person("Ivan", role))
    assert row(message).status == MessageStatus.FAILED


@pytest.mark.parametrize(
    "status", [MessageStatus.PENDING, MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.CANCELLED]
)
def test_only_what_was_given_up_is_resent(alice, status):
    message = tell(alice)
    Message.objects.update(status=status, sent_at=database_clock() if status == MessageStatus.SENT else None)
    with pytest.raises(WrongStatus):
        resend(message, by=person("Ada", enums.ADMINISTRATOR))
    assert row(message).status == status


def test_somebody_without_an_account_gets_one_mail_and_no_notice():
    reader = Reader("Nora Hill", "Nora@New.example")
    for _ in range(2):
        with transaction.atomic():
            message = notify_address(
                event="invitation", reader=reader, context=words(), occasion="invitation:1", link="/x/"
            )
    assert (message.recipient, message.address, Message.objects.count()) == (None, "Nora@New.example", 1)
    assert message.subject == "Anna Berg invites you to Concord"
    assert not Notice.objects.exists()


def test_a_notice_is_read_once(alice):
    tell(alice)
    notice = Notice.objects.get()
    first = database_clock() - timedelta(hours=1)
    mark_read(notice, clock=fixed(first))
    mark_read(notice)
    notice.refresh_from_db()
    assert notice.read_at == first


def test_reading_all_is_reading_ones_own(alice):
    bob = person("Bob")
    tell(alice), tell(alice, "reminder:2"), tell(bob)
    assert mark_all_read(alice) == 2
    assert Notice.objects.visible_to(alice).unread().count() == 0
    assert Notice.objects.visible_to(bob).unread().count() == 1
