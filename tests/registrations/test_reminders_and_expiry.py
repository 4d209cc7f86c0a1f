"""R7: the reminder loop, final notices and expiry, day by day; and what an outage does to them."""

from datetime import timedelta

import pytest

from core.clock import fixed
from notifications.models import Message
from policies.models import RegistrationPolicy
from registrations.enums import Status
from registrations.models import Milestone
from registrations.services import expiry, partner_actions, reminders
from registrations.services.still_active import keep_alive
from tests.people import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    hand_over(0)
    return deal


def day(number):
    return fixed(MONDAY + timedelta(days=number))


def hand_over(number):
    """The mail server takes all that waits, on that day."""
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=MONDAY + timedelta(days=number))


def run_days(numbers, *, mail_server=True):
    """Both sweeps on each day, several times over; returns day → events mailed that day."""
    mailed = {}
    for number in numbers:
        known = set(Message.objects.values_list("pk", flat=True))
        for _ in range(2):
            reminders.send_reminders(clock=day(number))
            expiry.expire_registrations(clock=day(number))
        fresh = Message.objects.exclude(pk__in=known).order_by("pk")
        if fresh:
            mailed[number] = [message.event.removeprefix("registration.") for message in fresh]
        if mail_server:
            hand_over(number)
    return mailed


def test_a_year_of_silence(deal):
    assert run_days(range(366)) == {
        30: ["reminder"],
        53: ["final_notice"],
        59: ["final_notice"],
        60: ["expired"],
    }
    deal.refresh_from_db()
    assert deal.status == Status.EXPIRED
    assert deal.closed_at == MONDAY + timedelta(days=60)


def test_silence_update_silence(deal, alice):
    first = run_days(range(36))
    partner_actions.update(deal, by=alice, fields={"next_step": "Trial in May"}, clock=day(36))
    hand_over(36)

    assert first | run_days(range(37, 130)) == {
        30: ["reminder"],
        66: ["reminder"],
        89: ["final_notice"],
        95: ["final_notice"],
        96: ["expired"],
    }


def test_ten_days_down_one_message(deal):
    run_days(range(25))
    assert run_days(range(35, 50)) == {35: ["reminder"]}


def test_down_over_several_milestones_only_the_newest_is_sent(deal):
    assert run_days([59]) == {59: ["final_notice"]}
    assert sorted(Milestone.objects.values_list("day", flat=True)) == [30, 53, 59]
    assert Milestone.objects.exclude(message=None).get().day == 59


def test_down_past_the_end_warns_first_and_expires_days_later(deal):
    assert run_days(range(100, 110)) == {100: ["final_notice"], 103: ["expired"]}


def test_a_late_warning_tells_the_end_it_really_has(deal):
    run_days([100])
    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=103)


def test_nothing_expires_while_the_mail_server_takes_nothing(deal):
    assert run_days(range(53, 90), mail_server=False) == {53: ["final_notice"], 59: ["final_notice"]}
    deal.refresh_from_db()
    assert deal.status == Status.APPROVED
    result = expiry.expire_registrations(clock=day(90))
    assert (result.done, result.waiting) == ([], [deal.code])

    hand_over(90)
    assert run_days(range(91, 96)) == {93: ["expired"]}


def test_expiry_frees_the_company(deal, charlie, register):
    run_days(range(61))

    again = register(charlie, "ACME Pumps", clock=day(61))

    assert again.status == Status.APPROVED


def test_dry_run_changes_nothing(deal):
    assert reminders.send_reminders(clock=day(30), dry_run=True).done == [deal.code]
    assert not Milestone.objects.exists()
    assert not Message.objects.filter(event="registration.reminder").exists()


def test_a_poison_row_does_not_hold_up_the_others(deal, bob, register, monkeypatch):
    other = register(bob, "Borealis Shipping AS", country="NO")
    hand_over(0)
    healthy = reminders._mail

    def poisoned(registration, **rest):
        if registration.pk == deal.pk:
            raise RuntimeError("a row that cannot be rendered")
        return healthy(registration, **rest)

    monkeypatch.setattr(reminders, "_mail", poisoned)
    result = reminders.send_reminders(clock=day(30))

    assert (result.done, result.failed) == ([other.code], [deal.code])
    assert not Milestone.objects.filter(registration=deal).exists()  # tried again at the next sweep


def test_the_days_come_from_the_policy():
    policy = RegistrationPolicy(protection_days=90, reminder_days=20, final_notice_days=[10, 2])
    assert reminders.milestones(policy) == {20: False, 40: False, 60: False, 80: True, 88: True}


def test_still_active_link_renews_once(deal, alice):
    run_days([30])
    mail = Message.objects.get(event="registration.reminder")
    token = mail.text.split("/still-active/")[1].split("/")[0]

    keep_alive(token, clock=day(31))

    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=91)
    assert deal.timeline.last().data["via"] == "mail link"
    with pytest.raises(Exception, match="was used"):
        keep_alive(token, clock=day(32))
    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=91)


def test_where_the_owner_has_left_the_admin_is_reminded_with_a_link_of_their_own(deal, alice, bob):
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    run_days([30])
    mail = Message.objects.get(event="registration.reminder")
    assert mail.address == bob.email

    keep_alive(mail.text.split("/still-active/")[1].split("/")[0], clock=day(31))

    assert deal.timeline.last().actor == bob


def test_where_nobody_is_left_the_channel_manager_hears_of_it_and_it_expires(deal, alice, mara):
    alice.is_active = False
    alice.save(update_fields=["is_active"])

    assert run_days(range(61))[60] == ["expired"]

    assert {m.address for m in Message.objects.filter(event="registration.final_notice")} == {mara.email}
    assert "/still-active/" not in Message.objects.filter(event="registration.final_notice").latest("pk").text
    deal.refresh_from_db()
    assert deal.status == Status.EXPIRED
