"""Faults 9, 10, 12 and 13 of the matrix for the sweeps: real worker, real broker, real SMTP peer."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings

from accounts.models import User
from core.clock import database_clock, fixed
from notifications.models import Message
from notifications.sending import send_outbox
from registrations.enums import Status
from registrations.models import Milestone, Registration
from registrations.services import expiry, reminders
from registrations.tasks import expire_registrations, send_reminders
from tests.parts.celery_processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deal(alice, register):
    User.objects.update(time_zone=where_it_is_noon())  # at night mail would wait for the morning
    return register(alice, "Acme Pumps GmbH", clock=database_clock)


def live(deal, numbers):
    """All three sweeps on each of these days after submission; returns day → subjects that reached the mail server."""
    for number in numbers:
        clock = fixed(deal.submitted_at + timedelta(days=number))
        reminders.send_reminders(clock=clock)
        expiry.expire_registrations(clock=clock)
        send_outbox(clock=clock)


def events(deal):
    """What the partner was sent, in order."""
    return list(
        Message.objects.filter(about=deal.code, status="sent", recipient=deal.owner)
        .order_by("sent_at", "id")
        .values_list("event", flat=True)
    )


def test_beat_down_for_ten_days_one_reminder(deal, mail_to_peer):
    live(deal, range(25))
    live(deal, range(36, 45))

    assert events(deal) == ["registration.approved", "registration.reminder"]
    assert len(mail_to_peer.received) == 2


def test_beat_down_past_the_end_warns_first_and_expires_days_later(deal, mail_to_peer):
    live(deal, [0, 75])
    assert events(deal)[-1] == "registration.final_notice"
    live(deal, [76, 77])
    deal.refresh_from_db()
    assert deal.status == Status.APPROVED

    live(deal, [78])
    deal.refresh_from_db()
    assert deal.status == Status.EXPIRED
    assert [mail.message["Message-ID"] for mail in mail_to_peer.received] == list(
        Message.objects.order_by("sent_at", "id").values_list("message_id", flat=True)
    )


def test_a_warning_that_no_server_took_is_no_warning(deal, mail_to_peer):
    live(deal, [0])
    mail_to_peer.stop()
    live(deal, [53, 59, 60, 63, 80])
    deal.refresh_from_db()
    assert deal.status == Status.APPROVED

    mail_to_peer.start()
    live(deal, [81, 83, 84])
    deal.refresh_from_db()
    assert deal.status == Status.EXPIRED


def test_each_sweep_delivered_twice_by_the_broker_changes_nothing_more(deal, broker, start_worker, smtp_peer):
    """Moved sixty days into the past, swept twice by two workers: one final notice, in the database and at the peer."""
    past = deal.submitted_at - timedelta(days=59, hours=12)
    Registration.objects.filter(pk=deal.pk).update(
        last_update_at=past, protected_until=past + timedelta(days=60)
    )
    start_worker()
    start_worker()
    for _ in range(2):
        send_reminders.delay()
        expire_registrations.delay()

    wait_for(
        lambda: Message.objects.filter(event="registration.final_notice", status="sent").exists(),
        "the notice",
    )
    wait_for(lambda: broker_is_idle(broker), "the broker to be empty")

    assert sorted(Milestone.objects.filter(registration=deal).values_list("rung", "message__event")) == [
        ("escalation", "registration.silent"),
        ("final", "registration.final_notice"),
        ("reminder", None),
    ]
    assert deal.timeline.filter(kind="final_notice").count() == 1
    subjects = [mail.subject for mail in smtp_peer.received]
    assert len(subjects) == len(set(subjects)) == Message.objects.filter(status="sent").count()
    deal.refresh_from_db()
    assert deal.status == Status.APPROVED


def where_it_is_noon():
    """A time zone in whose day this moment lies."""
    hours = 12 - database_clock().hour
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def broker_is_idle(broker):
    client = redis.Redis.from_url(broker.url.replace("redis+socket://", "unix://").split("?")[0])
    return client.llen("celery") == 0 and client.hlen("unacked") == 0


def test_no_service_announces_a_task_by_itself():
    """A task queued before the commit works on rows that are not there. One module announces, on commit."""
    allowed = {"notifications/announcing.py"}
    found = set()
    for path in sorted(Path(settings.BASE_DIR).glob("*/**/*.py")):
        name = str(path.relative_to(settings.BASE_DIR))
        if name.startswith(("tests/", ".venv/", "bench/", "var/")):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in {"delay", "apply_async", "send_task"}:
                found.add(name)
    assert found <= allowed
