"""The outbox while its parts fail: nothing lost, nothing twice without the same Message-ID, nobody in another's way."""

import socket
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from core.clock import database_clock, fixed
from notifications import sending
from notifications.announcing import TASK, announce
from notifications.enums import MessageStatus
from notifications.models import Message, Notice
from notifications.querysets import MessageQuerySet
from notifications.sending import ABANDONED_AFTER, BACKOFF, MOST_ATTEMPTS, OUTAGE_PAUSE, send_outbox
from notifications.services import notify
from prm.celery import app
from tests.concurrency.racing import meeting, race
from tests.notifications.makers import EVENT, LINK, make_due, person, row, tell, tell_many, words
from tests.parts.broker import forget_connections
from tests.parts.celery_processes import wait_for
from tests.parts.smtp import CLOSE, HANG

pytestmark = pytest.mark.django_db(transaction=True)


def age_claim(message):
    """As if ten minutes had passed since somebody claimed it."""
    Message.objects.filter(pk=message.pk).update(
        claimed_at=database_clock() - ABANDONED_AFTER - timedelta(seconds=1)
    )


def ids(peer):
    return sorted(mail.message_id for mail in peer.received)


# What a mail is


def test_a_mail_arrives_whole(mail_to_peer):
    message = tell(person("Alice"), context=words(company_name="Żółć & Söhne"))
    run = send_outbox()
    (mail,) = mail_to_peer.received
    sent = row(message)
    assert (run.sent, run.put_off, run.given_up, run.unreachable) == (1, 0, 0, "")
    assert (mail.recipients, mail.message_id) == (("alice@firm.example",), message.message_id)
    assert "Żółć & Söhne" in mail.subject
    assert (mail.message["Auto-Submitted"], mail.message["Content-Language"]) == ("auto-generated", "en")
    assert mail.message["Reply-To"] is None
    assert mail.message["To"] == "alice@firm.example"
    assert [part.get_content_type() for part in mail.message.iter_parts()] == ["text/plain", "text/html"]
    assert "Żółć & Söhne" in mail.message.get_body(("plain",)).get_content()
    assert (sent.status, sent.attempts, sent.last_error) == (MessageStatus.SENT, 1, "")
    assert abs(sent.sent_at - database_clock()) < timedelta(seconds=10)


def test_a_batch_goes_over_one_connection(mail_to_peer):
    tell_many(7)
    assert send_outbox().sent == 7
    assert (len(mail_to_peer.received), mail_to_peer.connections) == (7, 1)


def test_a_run_goes_on_until_nothing_is_due(mail_to_peer):
    tell_many(7)
    assert send_outbox(limit=3).sent == 7
    assert mail_to_peer.connections == 3


# 14: rollback, and the same occasion


def test_a_rollback_takes_the_mail_along(mail_to_peer):
    alice = person("Alice")
    with transaction.atomic():
        notify(event=EVENT, recipient=alice, context=words(), occasion="once", link=LINK)
        transaction.set_rollback(True)
    assert send_outbox().sent == 0
    assert not Message.objects.exists()
    assert not Notice.objects.exists()
    assert not mail_to_peer.received


def test_nothing_is_announced_before_the_commit(broker):
    alice = person("Alice")
    with transaction.atomic():
        notify(event=EVENT, recipient=alice, context=words(), occasion="one", link=LINK)
        notify(event=EVENT, recipient=alice, context=words(), occasion="two", link=LINK)
        assert broker.queued() == 0
    assert broker.queued() == 1


def test_an_announcement_outlives_a_savepoint_that_was_rolled_back(broker):
    alice = person("Alice")
    with transaction.atomic():
        with transaction.atomic():
            notify(event=EVENT, recipient=alice, context=words(), occasion="one", link=LINK)
            transaction.set_rollback(True)
        notify(event=EVENT, recipient=alice, context=words(), occasion="two", link=LINK)
    assert broker.queued() == 1


def test_two_at_once_tell_of_one_occasion_once(mail_to_peer):
    alice = person("Alice")
    found = race(*[lambda: tell(alice, "raced").pk] * 6)
    assert len(set(found)) == 1
    assert isinstance(found[0], int)
    assert (Message.objects.count(), Notice.objects.count(), send_outbox().sent) == (1, 1, 1)
    assert len(mail_to_peer.received) == 1


def test_who_comes_second_waits_and_takes_over_when_the_first_rolls_back():
    """The first has written and not committed: the second must neither fail nor lose its mail with the first's."""
    alice, written, waited = person("Alice"), threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            notify(event=EVENT, recipient=alice, context=words(), occasion="raced", link=LINK)
            written.set()
            assert waited.wait(20)
            transaction.set_rollback(True)

    def second():
        assert written.wait(20)
        return tell(alice, "raced").pk

    def release():
        wait_for(somebody_waits_for_a_lock, "the second to wait")
        waited.set()

    _, pk, _ = race(first, second, release)
    assert list(Message.objects.values_list("pk", flat=True)) == [pk]
    assert Notice.objects.count() == 1


def somebody_waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


# 12: two senders, tasks delivered twice


def test_two_senders_at_once_send_each_message_once(mail_to_peer):
    messages = tell_many(30)
    runs = race(*[lambda: send_outbox(limit=4)] * 3)
    assert sum(run.sent for run in runs) == 30
    assert ids(mail_to_peer) == sorted(message.message_id for message in messages)


def test_a_run_repeated_sends_nothing_more(mail_to_peer):
    tell_many(3)
    assert [send_outbox().sent, send_outbox().sent] == [3, 0]
    assert len(mail_to_peer.received) == 3


def test_without_the_lock_two_senders_repeat_mails(mail_to_peer, monkeypatch):
    """The negative control: take the rows without SKIP LOCKED, and every mail goes out twice."""
    tell_many(5)
    monkeypatch.setattr(
        MessageQuerySet, "select_for_update", meeting(lambda rows, **_: list(rows), 2, seconds=5)
    )
    race(send_outbox, send_outbox)
    assert len(mail_to_peer.received) == 10


# 1, 2, 3: killed workers


def test_a_worker_killed_between_sending_and_marking_repeats_with_the_same_message_id(
    smtp_peer, start_worker, mail_to_peer
):
    worker = start_worker()
    smtp_peer.answer("data", HANG, times=1, after_taking=True)
    message = tell(person("Alice"))
    wait_for(lambda: smtp_peer.received, "the mail to be taken")
    worker.kill()
    assert row(message).status == MessageStatus.SENDING
    assert send_outbox().sent == 0  # its claim is still fresh
    age_claim(message)
    assert send_outbox().sent == 1
    assert ids(smtp_peer) == [message.message_id] * 2
    assert (row(message).status, row(message).attempts) == (MessageStatus.SENT, 2)


def test_a_killed_child_loses_nothing_and_its_worker_goes_on(smtp_peer, start_worker, broker):
    worker = start_worker()
    smtp_peer.answer("data", HANG, times=1, after_taking=True)
    hit = tell(person("Alice"), "hit")
    # Not merely claimed: killed before the dialogue, it would leave the hang to the next mail.
    wait_for(lambda: smtp_peer.received, "the mail to be taken")
    worker.kill_children()
    later = tell(person("Bob"), "later")
    wait_for(lambda: row(later).status == MessageStatus.SENT, "the next mail", 40)
    assert row(hit).status == MessageStatus.SENDING
    age_claim(hit)
    announce(0)
    wait_for(lambda: row(hit).status == MessageStatus.SENT, "the mail whose sender was killed", 40)
    assert ids(smtp_peer) == sorted([hit.message_id, hit.message_id, later.message_id])


def test_a_message_that_kills_every_worker_is_given_up(mail_to_peer):
    message = tell(person("Alice"))
    make_due(message, status=MessageStatus.SENDING, attempts=MOST_ATTEMPTS)
    age_claim(message)
    other = tell(person("Bob"))
    run = send_outbox()
    assert (run.sent, run.given_up) == (1, 1)
    assert (row(message).status, row(other).status) == (MessageStatus.FAILED, MessageStatus.SENT)


# 4, 5, 6: the broker


def test_a_broker_that_is_down_does_not_fail_the_request(broker, mail_to_peer, caplog):
    broker.stop()
    forget_connections()
    began = time.monotonic()
    message = tell(person("Alice"))
    assert time.monotonic() - began < 2
    assert row(message).status == MessageStatus.PENDING
    assert "next sweep will find it" in caplog.text
    assert send_outbox().sent == 1


def test_a_broker_that_never_answers_does_not_hang_the_request(monkeypatch):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        forget_connections()
        alice = person("Alice")
        began = time.monotonic()
        message = tell(alice)
        assert time.monotonic() - began < 3
    monkeypatch.undo()
    forget_connections()
    assert row(message).status == MessageStatus.PENDING


def test_what_a_wiped_or_restarted_broker_forgot_is_sent_at_the_next_sweep(broker, start_worker, smtp_peer):
    first = tell(person("Alice"))
    broker.wipe()
    forget_connections()
    assert broker.queued() == 0
    start_worker()
    app.send_task(TASK)  # what beat does every 15 seconds
    wait_for(lambda: row(first).status == MessageStatus.SENT, "the first mail")
    broker.restart()
    forget_connections()
    second = tell(person("Bob"))
    wait_for(
        lambda: announce(0) and row(second).status == MessageStatus.SENT, "the worker to consume again", 40
    )
    assert ids(smtp_peer) == sorted([first.message_id, second.message_id])


# 15: poison


def test_a_poison_row_stands_in_nobodys_way(mail_to_peer):
    poison, *others = tell_many(5)
    Message.objects.filter(pk=poison.pk).update(subject="Broken\r\nBcc: spy@evil.example")
    run = send_outbox(limit=2)
    assert (run.sent, run.put_off) == (4, 1)
    assert {row(other).status for other in others} == {MessageStatus.SENT}
    waiting = row(poison)
    assert (waiting.status, waiting.attempts, waiting.claimed_at) == (MessageStatus.PENDING, 1, None)
    assert "newline" in waiting.last_error
    assert "spy@evil.example" not in str([mail.recipients for mail in mail_to_peer.received])


def test_a_poison_row_backs_off_and_is_given_up_in_sight(mail_to_peer):
    poison = tell(person("Alice"))
    Message.objects.update(subject="Broken\nheader")
    now = database_clock()
    for attempt in range(1, MOST_ATTEMPTS):
        assert send_outbox(clock=fixed(now)).put_off == 1
        assert row(poison).not_before - now == BACKOFF[attempt - 1]
        assert send_outbox(clock=fixed(row(poison).not_before - timedelta(seconds=1))).put_off == 0
        now = row(poison).not_before
    assert send_outbox(clock=fixed(now)).given_up == 1
    assert (row(poison).status, row(poison).attempts) == (MessageStatus.FAILED, MOST_ATTEMPTS)
    assert send_outbox(clock=fixed(now + timedelta(days=30))).given_up == 0


# 21, 22: the mail server


@pytest.mark.parametrize(
    ("stage", "reply"),
    [("rcpt", "451 greylisted"), ("data", "452 full"), ("mail", "451 later"), ("mail", "550 who?")],
)
def test_a_refusal_that_may_pass_is_tried_again(mail_to_peer, stage, reply):
    message = tell(person("Alice"))
    mail_to_peer.answer(stage, reply, times=1)
    assert send_outbox().put_off == 1
    waiting = row(message)
    assert (waiting.status, waiting.attempts) == (MessageStatus.PENDING, 1)
    assert waiting.last_error == reply
    make_due(message)
    assert send_outbox().sent == 1
    assert row(message).last_error == ""


@pytest.mark.parametrize(("stage", "reply"), [("rcpt", "550 no such user"), ("data", "554 spam")])
def test_a_final_refusal_is_shown_and_not_tried_again(mail_to_peer, stage, reply):
    message = tell(person("Alice"))
    mail_to_peer.answer(stage, reply)
    assert send_outbox().given_up == 1
    assert row(message).status == MessageStatus.FAILED
    assert row(message).last_error == reply
    mail_to_peer.behave()
    assert send_outbox(clock=fixed(database_clock() + timedelta(days=9))).sent == 0


def test_of_a_batch_partly_refused_only_those_are_retried(mail_to_peer):
    messages = tell_many(6)
    mail_to_peer.answer("rcpt", "550 no such user", recipient="reader1@firm.example")
    mail_to_peer.answer("rcpt", "451 try later", recipient="reader3@firm.example", times=1)
    run = send_outbox()
    assert (run.sent, run.put_off, run.given_up) == (4, 1, 1)
    assert mail_to_peer.connections == 1
    assert [row(message).status for message in messages] == [
        "sent",
        "failed",
        "sent",
        "pending",
        "sent",
        "sent",
    ]
    make_due(messages[3])
    assert send_outbox().sent == 1
    assert ids(mail_to_peer) == sorted(
        message.message_id for number, message in enumerate(messages) if number != 1
    )


@pytest.mark.parametrize("stage", ["rcpt", "data"])
@pytest.mark.parametrize("fault", [HANG, CLOSE, "421 going down"])
def test_a_server_that_hangs_or_leaves_during_one_mail_does_not_stop_the_others(
    mail_to_peer, settings, stage, fault
):
    settings.EMAIL_TIMEOUT = 1
    messages = tell_many(3)
    mail_to_peer.answer(stage, fault, times=1)
    run = send_outbox()
    assert (run.sent, run.put_off) == (2, 1)
    assert [row(message).status for message in messages] == ["pending", "sent", "sent"]
    make_due(messages[0])
    assert send_outbox().sent == 1
    assert ids(mail_to_peer) == sorted(message.message_id for message in messages)


def test_an_answer_lost_after_the_mail_was_taken_repeats_with_the_same_message_id(mail_to_peer, settings):
    settings.EMAIL_TIMEOUT = 1
    message = tell(person("Alice"))
    mail_to_peer.answer("data", HANG, times=1, after_taking=True)
    send_outbox()
    make_due(message)
    send_outbox()
    assert ids(mail_to_peer) == [message.message_id] * 2


def test_an_outage_costs_no_attempts_and_ends_by_itself(mail_to_peer):
    messages = tell_many(3)
    mail_to_peer.stop()
    for _ in range(MOST_ATTEMPTS + 2):
        run = send_outbox()
        assert run.unreachable
        assert run.put_off == 3
        for message in messages:
            make_due(message)
    waiting = row(messages[0])
    assert (waiting.status, waiting.attempts) == (MessageStatus.PENDING, 0)
    assert "could not be reached" in waiting.last_error
    mail_to_peer.start()
    assert send_outbox().sent == 3


def test_after_an_outage_a_minute_is_waited(mail_to_peer):
    message = tell(person("Alice"))
    mail_to_peer.stop()
    now = database_clock()
    send_outbox(clock=fixed(now))
    assert row(message).not_before == now + OUTAGE_PAUSE


def test_a_run_out_of_time_lets_go_of_the_rest(mail_to_peer):
    messages = tell_many(4)
    ticks = iter([0, 1, 2, 3, 500, 500])
    run = send_outbox(monotonic=lambda: next(ticks))
    assert (run.sent, run.put_off) == (2, 2)
    assert [(row(message).status, row(message).attempts) for message in messages] == [
        ("sent", 1), ("sent", 1), ("pending", 0), ("pending", 0)
    ]  # fmt: skip
    assert send_outbox().sent == 2


def test_a_mark_that_comes_after_the_claim_was_taken_back_changes_nothing(mail_to_peer, monkeypatch):
    """A sender so slow that another took its message: the guarded update sees that the claim is gone."""
    message = tell(person("Alice"))
    moment, batch = sending._claim(5, database_clock)
    age_claim(message)
    assert send_outbox().sent == 1
    late = sending.Run()
    sending._put_off(batch[0], moment, late, database_clock, "too late")
    assert late.put_off == 0
    assert row(message).status == MessageStatus.SENT
