"""The real parts themselves: a test that stands on them must be able to trust them."""

import smtplib
from collections.abc import Callable

import pytest
from django.core.mail import send_mail
from kombu.exceptions import OperationalError

from prm.celery import app
from tests.parts.broker import Broker
from tests.parts.celery_processes import CeleryProcess, wait_for
from tests.parts.smtp import CLOSE, HANG, SmtpPeer

Start = Callable[..., CeleryProcess]
pytestmark = pytest.mark.fault


def post() -> None:
    send_mail("Subject", "Body", "from@portal.example", ["anna@firm.example", "ben@firm.example"])


def test_the_peer_records_what_it_takes(mail_to_peer: SmtpPeer) -> None:
    post()
    (mail,) = mail_to_peer.received
    assert (mail.subject, mail.recipients) == ("Subject", ("anna@firm.example", "ben@firm.example"))
    assert mail_to_peer.to("ben@firm.example") == [mail]
    assert mail.message_id.startswith("<")


def test_the_peer_answers_what_it_is_told(mail_to_peer: SmtpPeer) -> None:
    mail_to_peer.answer("mail", "451 4.3.0 later", times=1)
    with pytest.raises(smtplib.SMTPException, match="451"):
        post()
    post()
    mail_to_peer.answer("data", "554 5.6.0 no")
    with pytest.raises(smtplib.SMTPDataError, match="554"):
        post()
    assert len(mail_to_peer.received) == 1


def test_the_peer_hangs_and_closes(mail_to_peer: SmtpPeer) -> None:
    mail_to_peer.answer("mail", HANG, times=1)
    with pytest.raises(OSError, match="timed out"):
        post()
    mail_to_peer.answer("data", CLOSE, times=1, after_taking=True)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        post()
    assert len(mail_to_peer.received) == 1


def test_the_broker_keeps_over_a_restart_what_it_loses_when_wiped(broker: Broker) -> None:
    app.send_task("no.such.task")
    assert broker.queued() == 1
    broker.restart()
    assert broker.queued() == 1
    broker.wipe()
    assert broker.queued() == 0


def test_a_broker_that_is_down_refuses_at_once(broker: Broker) -> None:
    broker.stop()
    with pytest.raises(OperationalError, match="connecting to"):
        app.send_task("no.such.task", retry=False)
    broker.start()
    app.send_task("no.such.task")
    assert broker.queued() == 1


def test_workers_and_beat_are_real(start_worker: Start, start_beat: Start, broker: Broker) -> None:
    worker = start_worker(concurrency=1)
    children = worker.child_pids()
    assert len(children) >= 1
    worker.kill_children()
    wait_for(lambda: worker.child_pids() not in ([], children), "the pool to be filled again")
    app.send_task("no.such.task")
    wait_for(lambda: "Received unregistered task" in worker.output(), "the worker to take the task")
    beat = start_beat()
    wait_for(lambda: broker.queued() == 0 and beat.running(), "beat to run")
    worker.kill()
    assert not worker.running()
