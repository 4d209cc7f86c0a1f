"""Replies that came in time while the mailbox could not be read, or the whole portal was down: the deal waits for them."""

import mailbox
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from core.clock import fixed
from core.health import examine
from notifications.models import Message
from policies.services import publish_version
from registrations.enums import Status
from registrations.models import MailboxReading, Registration
from registrations.services import expiry, reminders
from registrations.services.mail_in import fetching, readings
from registrations.services.mail_in.fetching import fetch_mail
from registrations.views import incoming
from tests.people import MONDAY
from tests.registrations.mail_in.letters import letter

pytestmark = pytest.mark.django_db
END = 60  # the last day of protection


@pytest.fixture
def box(tmp_path, settings):
    """The mailbox that the portal reads."""
    settings.MAIL_IN_URL = f"maildir://{tmp_path}/box"
    return mailbox.Maildir(tmp_path / "box", create=True)


@pytest.fixture
def deal(alice, register):
    return register(alice, "Acme Pumps GmbH")


def day(number, hours=3):
    return MONDAY + timedelta(days=number, hours=hours)


def run_days(numbers, settings, *, readable=True):
    """What beat asks for on each of these days, and a mail server that takes all mail."""
    for number in numbers:
        reminders.send_reminders(clock=fixed(day(number)))
        expiry.expire_registrations(clock=fixed(day(number)))
        Message.objects.filter(sent_at=None, status="pending").update(status="sent", sent_at=day(number))
        if readable:
            fetch_mail(settings.MAIL_IN_URL, clock=fixed(day(number)))


def reply(person, text="We met the board."):
    notice = Message.objects.filter(event="registration.final_notice").latest("pk")
    return letter(person.email, notice.reply_to, text)


def status(deal):
    return Registration.objects.get(pk=deal.pk).status


def test_a_reply_in_time_saves_the_deal_though_the_mailbox_is_read_a_week_later(deal, alice, box, settings):
    run_days(range(28, 55), settings)
    box.add(reply(alice))
    run_days(range(55, END + 2), settings, readable=False)

    late = expiry.expire_registrations(clock=fixed(day(END + 2)))
    assert (late.done, late.unread, status(deal)) == ([], [deal.code], Status.APPROVED)
    assert fetch_mail(settings.MAIL_IN_URL, clock=fixed(day(END + 2))) == {"updated": 1}

    deal.refresh_from_db()
    assert (deal.status, deal.protected_until) == (Status.APPROVED, day(END + 2) + timedelta(days=60))
    assert expiry.expire_registrations(clock=fixed(day(END + 2))).done == []


def test_after_days_without_a_portal_the_mailbox_comes_before_the_expiry(deal, alice, box, settings):
    run_days(range(28, END), settings)
    box.add(reply(alice))

    assert expiry.expire_registrations(clock=fixed(day(66))).unread == [deal.code]
    fetch_mail(settings.MAIL_IN_URL, clock=fixed(day(66, hours=4)))

    assert status(deal) == Status.APPROVED
    assert deal.timeline.last().data["text"] == "We met the board."


def test_without_a_reply_it_expires_once_the_mailbox_was_read(deal, box, settings):
    run_days(range(28, 55), settings)
    run_days(range(55, 66), settings, readable=False)
    assert status(deal) == Status.APPROVED

    fetch_mail(settings.MAIL_IN_URL, clock=fixed(day(66)))
    assert expiry.expire_registrations(clock=fixed(day(66))).done == [deal.code]


def test_read_as_it_should_be_the_mailbox_delays_nothing(deal, box, settings):
    run_days(range(28, END + 1), settings)
    assert status(deal) == Status.APPROVED  # the sweep of that morning came first
    assert expiry.expire_registrations(clock=fixed(day(END, hours=4))).done == [deal.code]


def test_a_look_before_the_days_of_grace_are_over_is_not_enough(deal, olga, box, settings):
    policy = publish_version(by=olga, settings={"grace_days": 5}, note="Grace.")
    Registration.objects.filter(pk=deal.pk).update(policy=policy)
    run_days(range(28, END + 4), settings)
    run_days(range(END + 4, END + 8), settings, readable=False)
    assert status(deal) == Status.APPROVED

    run_days([END + 8, END + 9], settings)
    assert status(deal) == Status.EXPIRED


@pytest.mark.parametrize("setting", ["MAIL_IN_URL", "MAIL_IN_ADDRESS"])
def test_where_the_portal_reads_no_mail_nothing_waits_for_it(setting, deal, box, settings):
    setattr(settings, setting, "")
    run_days(range(28, END + 1), settings, readable=False)
    assert status(deal) == Status.EXPIRED


def test_only_a_look_to_the_end_of_the_portals_own_mailbox_counts(
    deal, alice, box, settings, tmp_path, monkeypatch
):
    def read_until():
        return MailboxReading.objects.values_list("began_at", flat=True).first()

    mailbox.Maildir(tmp_path / "other", create=True)
    fetch_mail(f"maildir://{tmp_path}/other", clock=fixed(day(1)))
    with pytest.raises(OSError, match="none"):
        fetch_mail(f"maildir://{tmp_path}/none", clock=fixed(day(1)))
    box.add(letter(alice.email, "deals@portal.example"))
    box.add(letter("mallory@evil.example", "deals@portal.example"))
    with monkeypatch.context() as away:
        away.setattr(fetching, "receive", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            fetch_mail(settings.MAIL_IN_URL, clock=fixed(day(2)))
    fetch_mail(settings.MAIL_IN_URL, most=1, clock=fixed(day(3)))  # one more lies there
    assert read_until() is None

    fetch_mail(settings.MAIL_IN_URL, clock=fixed(day(5)))
    readings.note(settings.MAIL_IN_URL, day(4))  # a slower look that began before
    assert read_until() == day(5)


def test_operations_see_that_deals_wait_for_the_mailbox(
    deal, olga, client, box, settings, capsys, monkeypatch
):
    run_days(range(28, END), settings)
    now = day(END + 2)
    monkeypatch.setattr(incoming, "database_clock", fixed(now))
    client.force_login(olga)
    page = " ".join(client.get(reverse("registrations:incoming")).content.decode().split())
    assert "Replies are not read at present" in page
    assert "The mailbox was not read since 30 Apr 2026" in page and "1 deal has run out meanwhile" in page
    call_command("expire_registrations", now=now.isoformat())
    assert (
        f"{deal.code} waits: the mailbox was not read since its protection ended" in capsys.readouterr().out
    )
    assert examine().report["incoming_mail"] == {
        "is_read": True,
        "read_until": day(END - 1).isoformat(),
        "late": True,
    }

    fetch_mail(settings.MAIL_IN_URL, clock=fixed(now))
    assert "Replies are not read" not in client.get(reverse("registrations:incoming")).content.decode()
