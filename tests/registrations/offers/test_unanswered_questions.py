"""A review that something is kept for, since its turn in line came, ends also where its partner never answers a question: the
clock runs, the partner is asked again, and who reviews it hears of it, then their manager."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from core.clock import database_clock, fixed
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import Status
from registrations.models import Registration
from registrations.services import decisions, expiry, partner_actions, reminders, waitlist
from registrations.services.clocks import review_due
from registrations.services.escalations import escalate_overdue
from tests.people import make_user
from tests.registrations.offers.steps import state

pytestmark = pytest.mark.django_db
IBM = "International Business Machines Corp."
QUEUE = reverse("registrations:queue")
REASON = {"reason_code": "early", "text": "Too early."}
QUESTION = "Which IBM is it?"


@pytest.fixture
def erin(mara):
    """Of a third firm, Eastwind."""
    firm = Partner.objects.create(name="Eastwind", country="US", status=PartnerStatus.ACTIVE, manager=mara)
    return make_user("Erin", "partner_rep", firm)


@pytest.fixture
def holder(alice, register):
    return register(alice, IBM, country="US", clock=database_clock)


@pytest.fixture(params=[IBM, "I.B.M."], ids=["same name", "other spelling"])
def asked(request, holder, erin, mara, register):
    """Under review; its referee has a question, which was due long ago by the clock that stood still."""
    row = register(erin, request.param, country="US", clock=database_clock)
    decisions.ask_information(row, by=mara, text=QUESTION)
    Registration.objects.filter(pk=row.pk).update(review_due_at=database_clock() - timedelta(days=90))
    return now(row)


@pytest.fixture
def second(asked, holder, charlie, mara, register):
    row = register(charlie, IBM, country="US", clock=database_clock)
    decisions.put_on_waitlist(row, behind=now(holder), by=mara)
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=database_clock())
    return now(row)


@pytest.fixture
def kept(holder, asked, second, alice):
    """The holder has left."""
    partner_actions.release(now(holder), by=alice)
    assert state(asked, second) == [Status.INFORMATION_ASKED, Status.WAITLISTED]
    return now(asked)


def now(row):
    return Registration.objects.get(pk=row.pk)


def mails(row):
    rows = Message.objects.filter(about=row.code, event__in=["registration.answer_awaited", *TO_VENDOR])
    return [(mail.event.split(".")[1], mail.recipient.name) for mail in rows.order_by("pk")]


TO_VENDOR = ["registration.review_needed", "registration.overdue"]
AT_THE_TURN = [("answer_awaited", "Erin"), ("review_needed", "Mara")]


def test_no_line_behind_it_no_clock(asked, second, mara, client):
    client.force_login(mara)
    assert escalate_overdue(clock=database_clock).done == []
    assert client.get(QUEUE, {"view": "overdue"}).context["rows"] == []


def test_as_its_turn_comes_the_clock_begins_anew_and_both_sides_hear(kept, second):
    assert kept.review_due_at == review_due(kept.policy, kept.changed_at)
    told = mails(kept)
    assert told[-2:] == AT_THE_TURN and told.count(AT_THE_TURN[0]) == 1
    to_partner, to_referee = Message.objects.filter(about=kept.code).order_by("-pk")[:2][::-1]
    assert QUESTION in to_partner.text and "we may decide without your answer" in to_partner.text
    said = f"{to_partner.subject} {to_partner.text} {to_partner.html}"
    assert not [word for word in ("in line", "kept for", "Southridge", second.code) if word in said]
    assert "A question to Eastwind is open" in to_referee.text and "without the answer" in to_referee.text
    waitlist.offer_free_places()
    assert mails(kept) == told  # once, however often a sweep looks


def test_who_never_answers_is_told_upwards_and_nothing_is_refused_by_itself(kept, second, mara, ada):
    mara.manager = ada
    mara.save()
    before, start = len(mails(kept)), database_clock()
    for days in range(1, 181, 3):
        clock = fixed(start + timedelta(days=days))
        for sweep in (reminders.send_reminders, expiry.expire_registrations, escalate_overdue):
            sweep(clock=clock)
        waitlist.offer_free_places(clock=clock)
    assert mails(kept)[before:] == [("overdue", "Mara"), ("overdue", "Ada")]
    for mail in Message.objects.filter(event="registration.overdue"):
        assert "Eastwind has not answered, and a line waits" in mail.text
        assert "refuse, or decide without the answer" in mail.text
    assert state(kept, second) == [Status.INFORMATION_ASKED, Status.WAITLISTED]
    decisions.refuse(now(kept), by=mara, **REASON)
    assert state(second) == [Status.OFFERED]


@pytest.mark.parametrize("level", [0, 1], ids=["who reviews it", "their manager"])
def test_where_nobody_is_behind_it_any_more_no_line_is_named(level, kept, second, charlie, mara, ada):
    mara.manager = ada
    mara.save()
    partner_actions.withdraw(now(second), by=charlie)
    sweep = escalate_overdue(clock=fixed(kept.review_due_at + timedelta(hours=1 + level * 24 * 4)))
    assert sweep.done == [kept.code] * (level + 1)
    for mail in Message.objects.filter(event="registration.overdue"):
        for text in (mail.text, strip_tags(mail.html)):
            assert "Eastwind has not answered" in text and "a line waits" not in text
            assert "the deal is kept for it: refuse, or decide without the answer" in text


def test_the_queue_counts_it(kept, mara, client):
    client.force_login(mara)
    Registration.objects.filter(pk=kept.pk).update(review_due_at=database_clock() - timedelta(days=7))
    page = client.get(QUEUE, {"view": "overdue"}).content.decode()
    assert kept.code in page and "overdue" in strip_tags(page)


def test_an_answer_takes_back_what_asks_for_it(kept, erin):
    Message.objects.filter(event="registration.information_asked").update(status="sent")
    partner_actions.answer(kept, by=erin, text="The one in Armonk.")
    assert Message.objects.get(event="registration.answer_awaited").status == "cancelled"


def test_a_question_asked_while_it_is_kept_starts_the_clock_anew(kept, erin, mara, client):
    partner_actions.answer(kept, by=erin, text="The one in Armonk.")
    Registration.objects.filter(pk=kept.pk).update(review_due_at=database_clock() - timedelta(days=1))
    client.force_login(mara)
    buttons = client.get(reverse("registrations:review_item", args=[kept.code])).context["decisions"]
    effects = {one["code"]: one["effect"] for one in buttons}
    assert "the clock begins anew" in effects["ask_information"]

    made = decisions.ask_information(now(kept), by=mara, text="And which of its plants?")

    kept = now(kept)
    assert kept.review_due_at == review_due(kept.policy, made.at)
    mail = Message.objects.filter(event="registration.information_asked").latest("pk")
    assert "stands still" not in mail.text and "in line" not in mail.text
    assert f"by {kept.review_due_at:%A}" in mail.text and "we may decide without your answer" in mail.text
    assert escalate_overdue(clock=fixed(kept.review_due_at + timedelta(hours=1))).done == [kept.code]
