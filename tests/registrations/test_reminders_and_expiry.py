"""R7: the reminder loop, final notices and expiry, day by day; and what an outage does to them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from core.clock import fixed
from notifications.models import Message
from notifications.sending import send_outbox
from partners.services import deactivate_person
from policies.services import publish_version
from registrations import standing
from registrations.enums import Action, Status
from registrations.models import Milestone, Registration
from registrations.services import expiry, partner_actions, reminders
from registrations.services.still_active import keep_alive
from registrations.services.transitions import Step, move, opened
from registrations.views import page
from registrations.views import still_active as still_active_page
from tests.people import MONDAY, make_user

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
    waiting = Message.objects.filter(sent_at=None).exclude(status__in=["failed", "cancelled"])
    waiting.update(status="sent", sent_at=MONDAY + timedelta(days=number))


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


def test_months_of_silence(deal):
    assert run_days(range(150)) == {
        30: ["reminder"],
        53: ["final_notice"],
        57: ["silent"],
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
        93: ["silent"],
        95: ["final_notice"],
        96: ["expired"],
    }


def test_ten_days_down_one_message(deal):
    run_days(range(25))
    assert run_days(range(35, 50)) == {35: ["reminder"]}


def test_down_over_several_milestones_only_the_newest_is_sent(deal):
    assert run_days([59]) == {59: ["final_notice", "silent"]}
    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=62)  # a first warning leaves three days
    assert sorted(Milestone.objects.values_list("rung", "day", "message__event")) == [
        ("escalation", 3, "registration.silent"),
        ("final", 7, "registration.final_notice"),
        ("reminder", 30, None),
    ]


def test_down_past_the_end_warns_first_and_expires_days_later(deal):
    assert run_days(range(100, 110)) == {
        100: ["final_notice", "silent"],
        102: ["final_notice"],
        103: ["expired"],
    }


def test_a_late_warning_tells_the_end_it_really_has(deal):
    run_days([100])
    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=103)


@pytest.mark.parametrize("back", [61, 65, 70])
def test_down_over_the_last_notice_and_the_end_it_is_warned_again_and_the_manager_told(deal, mara, back):
    """The portal falls silent when the first final notice has left, and comes back past the end, whatever the day."""
    run_days(range(54))

    assert run_days(range(back, back + 10)) == {
        back: ["final_notice", "silent"],
        back + 2: ["final_notice"],
        back + 3: ["expired"],
    }
    told = Message.objects.get(event="registration.silent")
    assert (told.address, told.status) == (mara.email, "sent")
    late = Message.objects.filter(event="registration.final_notice", status="sent").order_by("pk")[1]
    ends = MONDAY + timedelta(days=back + 3)
    assert late.subject.startswith(f"3 days left: protection for Acme Pumps GmbH ends on {ends:%-d %B}")
    assert deal.timeline.filter(kind="extended_by_late_warning").count() == 1


def test_a_last_notice_that_leaves_on_the_last_day_leaves_the_days_too(deal):
    run_days(range(54))
    reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=60, hours=-1)))  # its day was yesterday

    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=63, hours=-1)


def test_a_last_notice_on_its_own_day_moves_nothing(deal):
    run_days(range(54))
    reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=59, hours=9)))

    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=60)


def test_days_of_grace_that_still_leave_the_days_move_nothing(deal, olga):
    policy = publish_version(by=olga, settings={"grace_days": 14}, note="Grace.")
    Registration.objects.filter(pk=deal.pk).update(policy=policy)
    run_days(range(54))

    assert run_days(range(65, 80)) == {65: ["grace", "silent"], 74: ["expired"]}


def test_after_an_outage_the_expiry_leaves_the_first_word_to_the_reminders(deal):
    """Both sweeps begin at once, and either may be first."""
    run_days(range(54))

    assert expiry.expire_registrations(clock=day(65)).waiting == [deal.code]
    assert run_days([65]) == {65: ["final_notice", "silent"]}
    deal.refresh_from_db()
    assert (deal.status, deal.protected_until) == (Status.APPROVED, MONDAY + timedelta(days=68))


def test_nothing_expires_while_the_mail_server_takes_nothing(deal):
    assert run_days(range(53, 90), mail_server=False) == {
        53: ["final_notice"],
        57: ["silent"],
        59: ["final_notice"],
    }
    deal.refresh_from_db()
    assert deal.status == Status.APPROVED
    result = expiry.expire_registrations(clock=day(90))
    assert (result.done, result.waiting) == ([], [deal.code])

    # Of the warnings only the newest leaves once it is back.
    warnings = Message.objects.filter(event="registration.final_notice").order_by("pk")
    assert list(warnings.values_list("status", flat=True)) == ["cancelled", "pending"]

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
    assert not deal.timeline.filter(kind="reminder").exists()


def test_a_poison_row_does_not_hold_up_the_others(deal, bob, register, monkeypatch):
    other = register(bob, "Borealis Shipping AS", country="NO")
    hand_over(0)
    healthy = reminders._mail

    def poisoned(registration, *rest):
        if registration.pk == deal.pk:
            raise RuntimeError("a row that cannot be rendered")
        return healthy(registration, *rest)

    monkeypatch.setattr(reminders, "_mail", poisoned)
    result = reminders.send_reminders(clock=day(30))

    assert (result.done, result.failed) == ([other.code], [deal.code])
    assert not Milestone.objects.filter(registration=deal).exists()  # tried again at the next sweep


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


def test_after_a_mail_that_came_back_the_firms_admin_hears_of_the_next(deal, alice, bob):
    run_days(range(53))
    run_days([53], mail_server=False)
    Message.objects.filter(event="registration.final_notice").update(status="failed")  # no such mailbox

    for number in range(54, 66):
        run_days([number], mail_server=False)
        waiting = Message.objects.filter(sent_at=None).exclude(status="failed")
        waiting.update(status="sent", sent_at=MONDAY + timedelta(days=number))

    notices = Message.objects.filter(event="registration.final_notice").order_by("pk")
    assert [notice.address for notice in notices] == [alice.email, bob.email]
    deal.refresh_from_db()
    assert deal.status == Status.EXPIRED
    assert deal.closed_at == MONDAY + timedelta(days=62)  # the policy's three days after bob could read it


def test_a_warning_to_somebody_who_left_before_it_was_sent_is_none(deal, alice, bob, mailoutbox):
    """Written in the evening, to leave in her morning; her account is closed in between."""
    run_days(range(53))
    run_days([53], mail_server=False)
    deactivate_person(alice, by=bob)
    Message.objects.filter(sent_at=None).update(not_before=MONDAY)
    send_outbox()

    (notice,) = Message.objects.filter(event="registration.final_notice")
    assert (notice.status, notice.last_error) == ("failed", "This person's account is closed.")
    assert not mailoutbox
    run_days(range(54, 66))
    notices = Message.objects.filter(event="registration.final_notice").order_by("pk")
    assert [(one.address, one.status) for one in notices] == [(alice.email, "failed"), (bob.email, "sent")]
    deal.refresh_from_db()
    assert deal.closed_at == MONDAY + timedelta(days=62)  # the policy's three days after bob could read it


def test_an_end_that_moves_has_its_warnings_anew(deal):
    """As an extension does it: the end moves, the epoch stays."""
    run_days(range(60))
    deal.refresh_from_db()
    deal.protected_until += timedelta(days=6)  # the old last day becomes the new week ahead
    deal.save(update_fields=["protected_until"])

    assert run_days(range(60, 80)) == {
        60: ["final_notice"],
        63: ["silent"],
        65: ["final_notice"],
        66: ["expired"],
    }


def test_days_of_grace_are_told_and_an_update_in_them_saves_the_deal(deal, alice, olga, client, monkeypatch):
    policy = publish_version(by=olga, settings={"grace_days": 5}, note="Grace.")
    Registration.objects.filter(pk=deal.pk).update(policy=policy)

    assert run_days(range(53, 64)) == {
        53: ["final_notice"],
        57: ["silent"],
        59: ["final_notice"],
        61: ["grace"],
    }
    deal.refresh_from_db()
    assert deal.status == Status.APPROVED
    assert standing.what_next(deal, days=-3).title == "Protection has run out: post an update now"
    mail = Message.objects.get(event="registration.grace")
    assert "until 6 May 2026" in mail.text and "4 days to save it" in mail.subject

    for notice in Message.objects.filter(event="registration.final_notice"):
        assert "an update still saves it until 6 May 2026" in " ".join(notice.text.split())
    # The pages say so, too, on a day within them.
    for view in (page, still_active_page):
        monkeypatch.setattr(view, "database_clock", day(63))
    client.force_login(alice)
    told = client.get(reverse("registrations:registration", args=[deal.code])).content.decode()
    assert "An update still saves the deal until 6 May 2026" in " ".join(told.split())
    link = mail.text.split("/still-active/")[1].split("/")[0]
    asked = client.get(reverse("registrations:still_active", args=[link])).content.decode()
    assert "(ended; an update still saves it until 6 May 2026" in asked and "ends today" not in asked

    keep_alive(link, clock=day(64))

    assert run_days(range(64, 90)) == {}


def test_without_an_update_it_expires_when_grace_is_over(deal, olga):
    policy = publish_version(by=olga, settings={"grace_days": 5}, note="Grace.")
    Registration.objects.filter(pk=deal.pk).update(policy=policy)

    assert run_days(range(53, 80))[65] == ["expired"]


def test_reminders_that_wait_for_a_morning_are_taken_back_by_an_update(deal, alice):
    """Swept at night, the mail waits; the partner updates in the evening still."""
    night = fixed(MONDAY + timedelta(days=30, hours=13))
    reminders.send_reminders(clock=night)
    waiting = Message.objects.get(event="registration.reminder")
    assert waiting.not_before == datetime(2026, 4, 2, 8, tzinfo=UTC)

    partner_actions.update(deal, by=alice, fields={}, note="Met the board.", clock=night)

    waiting.refresh_from_db()
    assert waiting.status == "cancelled"
    assert not alice.notices.filter(event="registration.reminder").exists()


def test_a_question_about_the_deal_takes_no_warning_back(deal, alice):
    """Only what renews, moves or ends protection does: a warning that was taken back would keep the deal for ever."""
    last = MONDAY + timedelta(days=59, hours=13)
    run_days([53])
    reminders.send_reminders(clock=fixed(last))
    waiting = Message.objects.filter(event="registration.final_notice").latest("pk")
    assert waiting.status == "pending"
    with transaction.atomic():
        locked = opened(deal, Action.UPDATE, by=alice)
        move(locked, Action.UPDATE, Status.APPROVED, by=alice, at=last, step=Step({}))

    waiting.refresh_from_db()
    assert waiting.status == "pending"


def test_a_sweep_with_nothing_to_do_asks_few_questions(deal, bob, register, django_assert_num_queries):
    """However many deals are protected: what was dealt with is left out by the database."""
    for name in ("Borealis Shipping AS", "Werra Kali", "Sankt Veit Kliniken"):
        register(bob, name)
    reminders.send_reminders(clock=day(30))
    with django_assert_num_queries(3):
        reminders.send_reminders(clock=day(31))


def test_quiet_hours_never_push_a_warning_past_the_end(deal, alice):
    """It is nine in the evening in New York, on the last notice's own day; the next morning would come after the end."""
    User.objects.filter(pk=alice.pk).update(time_zone="America/New_York")
    run_days([53, 54])
    late = MONDAY + timedelta(days=60, hours=-8)

    reminders.send_reminders(clock=fixed(late))

    last = Message.objects.filter(event="registration.final_notice").latest("pk")
    assert last.subject.startswith("1 day left") and last.not_before == late


def test_each_reader_has_a_morning_of_their_own(deal, alice, bob, northgate):
    far = make_user("Frank", "partner_admin", northgate)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    User.objects.filter(pk=far.pk).update(time_zone="America/New_York")

    reminders.send_reminders(clock=day(30))  # nine o'clock in UTC, five in New York

    sent = Message.objects.filter(event="registration.reminder")
    assert dict(sent.values_list("recipient__name", "not_before")) == {
        "Bob": MONDAY + timedelta(days=30),
        "Frank": datetime(2026, 4, 1, 12, tzinfo=UTC),
    }
