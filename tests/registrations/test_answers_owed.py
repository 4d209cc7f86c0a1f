"""A partner does not lose a deal while an answer about its end is owed: an extension that was asked for, or an appeal against
a refused one. And it can't be used to keep a company."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import enums
from core.clock import fixed
from core.errors import WrongStatus
from notifications.models import Message
from registrations.enums import RequestState, Status
from registrations.services import (
    answers_owed,
    appeals,
    decisions,
    expiry,
    extensions,
    partner_actions,
    reminders,
)
from registrations.services.undo import undo
from registrations.views import appeals as appeal_pages
from registrations.views import extensions as extension_pages
from registrations.views import overview, page
from registrations.views import receipt as receipt_pages
from registrations.views import requests as request_pages
from registrations.views import still_active as still_active_page
from tests.people import MONDAY, MONDAY_CLOCK, make_user
from tests.registrations.requests_help import letter, policy

pytestmark = pytest.mark.django_db


def day(number, **more):
    return fixed(MONDAY + timedelta(days=number, **more))


@pytest.fixture
def noor(db):
    """The second channel manager."""
    return make_user("Noor", enums.CHANNEL_MANAGER)


@pytest.fixture
def deal(alice, register):
    """Protected until day 60; warned on days 53 and 59."""
    return register(alice, "Acme Pumps GmbH")


def run_days(numbers):
    """Both sweeps on each day, mail handed over; returns day → mails of the ladder."""
    found = {}
    for number in numbers:
        known = set(Message.objects.values_list("pk", flat=True))
        reminders.send_reminders(clock=day(number))
        expiry.expire_registrations(clock=day(number))
        fresh = Message.objects.exclude(pk__in=known).order_by("pk")
        if fresh:
            found[number] = [message.event.removeprefix("registration.") for message in fresh]
        Message.objects.filter(status="pending").update(
            status="sent", sent_at=MONDAY + timedelta(days=number)
        )
    return found


def ask(deal, number):
    """With new words and another file each day: the earlier ones are no evidence for another request."""
    deal.refresh_from_db()
    said = f"The board meets late, they wrote on day {number}."
    return extensions.ask(
        deal, by=deal.owner, text=said, upload=letter(content=said.encode()), clock=day(number, hours=1)
    )


def refuse(asked, mara, number):
    return extensions.refuse(asked, by=mara, text="An update does it.", clock=day(number, hours=1))


def status_of(deal):
    deal.refresh_from_db()
    return deal.status


def test_a_request_holds_the_end_off_and_a_no_brings_it_with_its_notices(deal, mara):
    run_days(range(54))
    asked = ask(deal, 55)

    assert (
        run_days(range(56, 75)) == {}
    )  # neither warnings nor word to the manager that the partner is silent
    assert status_of(deal) == Status.APPROVED
    swept = expiry.expire_registrations(clock=day(75))
    assert (swept.done, swept.waiting, swept.unanswered) == ([], [], [deal.code])

    decision = refuse(asked, mara, 75)
    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=78, hours=1)
    assert "Protection went on until the answer, and ends on 19 May 2026, 10:00 UTC." in decision.rule
    mail = Message.objects.get(event="registration.extension_refused")
    assert "Your protection ends on 19 May 2026." in mail.text
    assert run_days(range(76, 90)) == {
        76: ["final_notice", "silent"],
        78: ["final_notice"],
        79: ["expired"],
    }
    assert status_of(deal) == Status.EXPIRED


def test_an_answer_in_time_changes_nothing_about_the_end(deal, mara):
    run_days(range(50))
    until = deal.protected_until
    refuse(ask(deal, 50), mara, 51)

    assert run_days(range(52, 70)) == {
        53: ["final_notice"],
        57: ["silent"],
        59: ["final_notice"],
        60: ["expired"],
    }
    deal.refresh_from_db()
    assert (deal.status, deal.protected_until) == (Status.EXPIRED, until)


def test_granted_late_the_days_count_from_the_answer(deal, mara):
    run_days(range(55))
    asked = ask(deal, 55)
    run_days(range(56, 70))
    extensions.grant(asked, by=mara, text="Yes.", clock=day(70))
    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=100)
    assert run_days(range(71, 110)) == {
        71: ["reminder"],  # of day 60
        90: ["reminder"],
        93: ["final_notice"],
        97: ["silent"],
        99: ["final_notice"],
        100: ["expired"],
    }


def test_an_appeal_against_the_refusal_holds_it_off_once_more(deal, alice, mara, noor):
    run_days(range(55))
    refused = refuse(ask(deal, 55), mara, 56)
    made = appeals.appeal(refused, by=alice, text="Look again.", clock=day(59, hours=2))
    assert run_days(range(60, 70)) == {}
    assert status_of(deal) == Status.APPROVED

    outcome = appeals.dismiss(made, by=noor, text="It stands.", clock=day(70))

    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=73)
    assert "ends on 14 May 2026" in outcome.rule
    assert run_days(range(70, 90))[73] == ["expired"]
    assert status_of(deal) == Status.EXPIRED


def test_where_only_the_first_decider_may_decide_an_appeal_holds_it_off_until_its_time_is_over(
    deal, alice, mara, client, monkeypatch
):
    monkeypatch.setattr(appeal_pages, "database_clock", day(59))
    run_days(range(55))
    refused = refuse(ask(deal, 55), mara, 56)
    ada = make_user("Ada", enums.ADMINISTRATOR)
    ada.role.permissions = [one for one in ada.role.permissions if one != "registrations.decide"]
    ada.role.save()
    client.force_login(alice)

    def told(name, code):
        return client.get(reverse(f"registrations:{name}", args=[code])).content.decode()

    assert "the end of protection waits no longer than the day" in told("appeal", refused.code)
    made = appeals.appeal(refused, by=alice, text="Look again.", clock=day(59, hours=2))
    mail = Message.objects.get(event="registration.appeal_received")
    assert (mail.recipient, "give somebody else the right to" in mail.text) == (ada, True)
    assert made.due_at == MONDAY + timedelta(days=63, hours=2)
    assert "end of protection waits for the answer until 4 May 2026" in told("appeal_page", made.code)

    assert run_days(range(60, 64)) == {}
    # It was warned of this end before, but the last notice was held off: it comes late, and leaves the days.
    assert run_days(range(64, 70)) == {
        64: ["final_notice", "silent"],
        66: ["final_notice"],
        67: ["appeal_closed", "expired"],
    }


def test_a_second_decider_makes_the_appeal_hold_again(deal, alice, mara):
    run_days(range(55))
    made = appeals.appeal(refuse(ask(deal, 55), mara, 56), by=alice, text="Again.", clock=day(59, hours=2))
    make_user("Noor", enums.CHANNEL_MANAGER)
    run_days(range(60, 75))
    assert status_of(deal) == Status.APPROVED
    assert answers_owed.owed(deal, day(75)()) == made


def test_asking_again_after_a_no_holds_nothing_off(deal, alice, mara, noor):
    """Neither the second request nor an appeal against its refusal: only an update begins anew."""
    run_days(range(55))
    refuse(ask(deal, 55), mara, 56)
    second = ask(deal, 57)
    assert answers_owed.owed(second.registration) is None
    assert not answers_owed.would_hold(second.registration)
    until = deal.protected_until
    appeals.appeal(refuse(second, mara, 58), by=alice, text="Look again.", clock=day(58, hours=2))
    assert run_days(range(59, 62))[60] == ["appeal_closed", "expired"]
    deal.refresh_from_db()
    assert (deal.status, deal.protected_until) == (Status.EXPIRED, until)


def test_an_open_appeal_holds_whatever_is_asked_beside_it(deal, alice, mara, noor):
    run_days(range(55))
    appeals.appeal(refuse(ask(deal, 55), mara, 56), by=alice, text="Look again.", clock=day(57))
    again = appeals.appeal(
        refuse(ask(deal, 58), mara, 59), by=alice, text="And again.", clock=day(59, hours=2)
    )
    assert run_days(range(60, 66)) == {}
    assert status_of(deal) == Status.APPROVED
    until = deal.protected_until
    appeals.dismiss(again, by=noor, text="No.", clock=day(66))
    deal.refresh_from_db()
    assert deal.protected_until == until  # it waits for the first one still
    assert run_days(range(66, 70)) == {}


def test_after_an_update_a_request_holds_again(deal, alice, mara):
    run_days(range(55))
    refuse(ask(deal, 55), mara, 56)
    partner_actions.update(deal, by=alice, fields={}, note="Met the board.", clock=day(57))
    run_days(range(58, 112))
    ask(deal, 112)
    run_days(range(113, 125))
    assert status_of(deal) == Status.APPROVED


def test_an_update_or_an_end_does_what_it_always_does(deal, alice, charlie, mara, register):
    waiting = register(charlie, "Acme Pumps GmbH", clock=day(1))
    decisions.put_on_waitlist(waiting, behind=deal, by=mara, clock=day(1))
    run_days(range(55))
    asked = ask(deal, 55)
    run_days(range(56, 66))
    deal.refresh_from_db()
    partner_actions.release(deal, by=alice, clock=day(66))

    waiting.refresh_from_db()
    asked.refresh_from_db()
    assert (waiting.status, asked.state) == (Status.OFFERED, RequestState.LAPSED)
    with pytest.raises(WrongStatus):
        extensions.refuse(asked, by=mara, text="No.", clock=day(67))


def test_days_of_grace_begin_when_the_answer_is_there(alice, mara, register):
    policy(grace_days=5)
    deal = register(alice, "Acme Pumps GmbH")
    run_days(range(62))
    asked = ask(deal, 62)
    assert run_days(range(63, 80)) == {}
    refuse(asked, mara, 80)
    after = run_days(range(81, 100))
    assert status_of(deal) == Status.EXPIRED
    ended = next(number for number, mails in after.items() if "expired" in mails)
    warned = min(number for number, mails in after.items() if {"final_notice", "grace"} & set(mails))
    assert ended - warned >= 2


def test_undoing_the_no_puts_the_end_back(deal, mara):
    run_days(range(55))
    asked = ask(deal, 55)
    deal.refresh_from_db()
    until = deal.protected_until
    decision = refuse(asked, mara, 65)
    undo(decision, by=mara, clock=day(65, hours=1, seconds=5))
    deal.refresh_from_db()
    assert deal.protected_until == until
    assert answers_owed.owed(deal) == asked
    run_days(range(66, 70))
    assert status_of(deal) == Status.APPROVED


def test_the_request_that_comes_while_the_sweep_waits_is_seen_behind_the_lock(deal, monkeypatch):
    """Asked between the sweep's look and its lock."""
    run_days(range(60))
    seen = expiry.opened

    def asked_first(registration, action, **more):
        if not registration.extensions.exists():
            ask(registration, 59)
        return seen(registration, action, **more)

    monkeypatch.setattr(expiry, "opened", asked_first)
    expiry.expire_registrations(clock=day(61))
    assert status_of(deal) == Status.APPROVED


def test_both_sides_read_it_in_words(deal, alice, charlie, mara, client, monkeypatch, register):
    waiting = register(charlie, "Acme Pumps GmbH", clock=day(1))
    decisions.put_on_waitlist(waiting, behind=deal, by=mara, clock=MONDAY_CLOCK)
    run_days(range(55))
    asked = ask(deal, 55)
    for view in (page, overview, extension_pages, request_pages, still_active_page):
        monkeypatch.setattr(view, "database_clock", day(65))

    def told(name, *codes):
        return " ".join(client.get(reverse(f"registrations:{name}", args=codes)).content.decode().split())

    client.force_login(alice)
    own = told("registration", deal.code)
    assert "Protected until your request is answered" in own
    assert f'until we have answered your request <span class="code">{asked.code}</span>' in own
    assert "Until a request is answered" in own and "Ended" not in own
    assert "Until a request is answered" in told("overview")
    client.force_login(mara)
    assert "and on until this request is answered" in told("extension", asked.code)
    assert "Refuse: protection ends on 9 May 2026" in told("extension", asked.code)
    assert "Protection ran until 1 May 2026 and waits for this" in told("requests")
    assert asked.code in told("review_item", deal.code)
    assert "Not before the holder has an answer to" in told("review_item", waiting.code)
    client.force_login(charlie)
    assert asked.code not in told("registration", waiting.code)


def test_who_asks_again_is_told_that_it_holds_nothing_off(deal, alice, mara, client, monkeypatch):
    monkeypatch.setattr(extension_pages, "database_clock", day(57))
    client.force_login(alice)
    address = reverse("registrations:ask_extension", args=[deal.code])
    assert "does not expire before you have the answer" in client.get(address).content.decode()
    refuse(ask(deal, 55), mara, 56)
    assert "this one does not hold the end off" in client.get(address).content.decode()


def test_the_receipt_promises_no_appeal_after_the_end(deal, alice, mara, client, monkeypatch):
    """The policy gives 14 days; the deal expires before they are over."""
    monkeypatch.setattr(receipt_pages, "database_clock", day(56))
    decision = refuse(ask(deal, 55), mara, 56)
    for person, words in ((alice, "You can appeal until 1 May 2026"), (mara, "can appeal until 1 May 2026")):
        client.force_login(person)
        told = client.get(reverse("registrations:receipt", args=[decision.code])).content.decode()
        assert words in told.replace("\u00a0", " ")
