"""Ten seconds to take a decision back: the rows are as they were, the mail never leaves; later it cannot be done."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from core.clock import database_clock, fixed
from core.errors import NotAllowed, WrongStatus
from notifications.enums import MessageStatus
from notifications.models import Message, Notice
from partners.models import Partner
from registrations.enums import ConflictState, RefusalReason, RequestState, Status
from registrations.models import Decision, Registration
from registrations.services import (
    agreements,
    appeals,
    decisions,
    extensions,
    line_order,
    offers,
    partner_actions,
    waitlist,
)
from registrations.services.places import place_in_line
from registrations.services.timeline import first_broken
from registrations.services.undo import HELD_SECONDS, undo
from tests.people import MONDAY, MONDAY_CLOCK, make_user
from tests.registrations.requests_help import letter, policy

pytestmark = pytest.mark.django_db
SOON = fixed(MONDAY + timedelta(seconds=HELD_SECONDS))
EARLY: dict[str, Any] = {"reason_code": RefusalReason.EARLY, "text": "Ask Southridge about it."}
LEFT = {"version", "changed_at"}


def state(deal):
    """All of a registration's row but what each change writes anew, and what it holds since when."""
    row = Registration.objects.filter(pk=deal.pk).values().get()
    held = deal.holdings.filter(ended_at=None).values_list("product_line", "since")
    return {name: value for name, value in row.items() if name not in LEFT}, sorted(held)


@pytest.fixture
def large(alice, register):
    return register(alice, "Kestrel Foods", value=Decimal(900_000))


@pytest.fixture
def held(alice, register):
    return register(alice, "International Business Machines Corp.", country="US")


@pytest.fixture
def rival(held, charlie, register):
    return register(charlie, "I.B.M.", country="US")


DEEDS = {
    "assign": lambda deal, mara: decisions.assign(deal, by=mara, text="Go on.", clock=MONDAY_CLOCK),
    "refuse": lambda deal, mara: decisions.refuse(deal, by=mara, clock=MONDAY_CLOCK, **EARLY),
    "ask": lambda deal, mara: decisions.ask_information(deal, by=mara, text="Who?", clock=MONDAY_CLOCK),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_it_is_as_before_and_the_mail_never_left(deed, large, alice, mara):
    before = state(large)
    decision = DEEDS[deed](large, mara)
    mail = Message.objects.get(occasion__contains=decision.code)
    assert mail.not_before >= database_clock() + timedelta(seconds=HELD_SECONDS - 5)

    undo(decision, by=mara, clock=SOON)

    decision.refresh_from_db()
    mail.refresh_from_db()
    assert state(large) == before
    assert (decision.undone_by, decision.undone_at) == (mara, SOON())
    assert mail.status == MessageStatus.CANCELLED
    assert not Notice.objects.filter(occasion=mail.occasion).exists()
    entry = large.timeline.order_by("-number")[0]
    assert (entry.kind, entry.actor, entry.data["decision"]) == ("undo", mara, decision.code)
    assert first_broken(large) is None
    # The partner reads neither the decision nor its words; a new one can be made and has its own mail.
    assert not large.decisions.visible_to(alice).exists()
    assert not large.timeline.visible_to(alice).filter(kind__in=[decision.action, "undo"]).exists()
    large.refresh_from_db()
    again = DEEDS[deed](large, mara)
    assert Message.objects.get(occasion__contains=again.code).status == MessageStatus.PENDING


def test_a_revoked_deal_comes_back_from_the_next_in_line(held, rival, mara, charlie):
    decisions.put_on_waitlist(rival, behind=held, by=mara, clock=fixed(MONDAY - timedelta(hours=1)))
    held.refresh_from_db()
    before, line = state(held), state(rival)
    decision = decisions.revoke(held, by=mara, clock=MONDAY_CLOCK, **EARLY)
    rival.refresh_from_db()
    assert rival.status == Status.OFFERED

    undo(decision, by=mara, clock=SOON)

    assert (state(held), state(rival)) == (before, line)
    assert not rival.offers.filter(outcome="open").exists()
    with pytest.raises(offers.OfferOver, match="made by mistake and taken back at once"):
        offers.accept(rival.offers.get(), by=charlie, clock=SOON)
    assert not Message.objects.filter(
        event__in=["registration.offered", "registration.revoked"], status="pending"
    )
    assert not rival.decisions.filter(action="offer", undone_at=None).exists()


def rewritten(made, **values):
    """Decisions of other people or of another day than the database lets anybody write."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        made.update(**values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_what_was_decided_by_whom_when_and_under_which_version_stays(held, mara, ada):
    made = held.decisions.order_by("pk")[:1].get()
    other = policy(review_score=0.4)
    for change in ({"policy": other}, {"by": ada}, {"at": database_clock()}, {"action": "revoke"}):
        with pytest.raises(IntegrityError, match="keeps its version"), transaction.atomic():
            Decision.objects.filter(pk=made.pk).update(**change)
    assert Decision.objects.filter(pk=made.pk).update(undone_at=MONDAY, undone_by=mara) == 1


def read_by(deal, person):
    """The kinds of what `person` reads on the deal's timeline, in order."""
    rows = deal.timeline.visible_to(person).order_by("number")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("rule", "told"),
    [({"open_most_registered": 1}, "passed_over"), ({"auto_approve_below": Decimal(1)}, "return")],
)
def test_what_the_next_in_line_was_told_is_taken_back_too_and_told_anew(
    held, rival, charlie, mara, register, rule, told
):
    decisions.put_on_waitlist(rival, behind=held, by=mara, clock=fixed(MONDAY - timedelta(hours=1)))
    if told == "passed_over":
        register(charlie, "Kestrel Foods")
    else:
        rewritten(rival.decisions.filter(action="waitlist"), by=None)  # the policy's, so that it looks anew
    policy(**rule)
    held.refresh_from_db()
    before = read_by(rival, charlie)
    mails = Message.objects.filter(address=charlie.email, about=rival.code, status=MessageStatus.PENDING)
    waiting = mails.count()
    for number in (1, 2):
        decision = decisions.revoke(held, by=mara, clock=MONDAY_CLOCK, **EARLY)
        assert read_by(rival, charlie) == [*before, told] and mails.count() == waiting + 1

        undo(decision, by=mara, clock=SOON)

        assert read_by(rival, charlie) == before and mails.count() == waiting, number
        assert first_broken(rival) is None and first_broken(held) is None
        held.refresh_from_db()


def test_who_came_behind_a_decision_that_is_taken_back_does_not_get_the_deal(large, charlie, mara, register):
    """Approved by mistake for ten seconds, in which another firm was put in line behind it by the policy."""
    policy(waitlist_same=True)
    made = decisions.assign(large, by=mara, clock=MONDAY_CLOCK)
    second = register(charlie, "Kestrel Foods", clock=fixed(MONDAY + timedelta(seconds=3)))
    assert second.status == Status.WAITLISTED

    undo(made, by=mara, clock=SOON)

    for _ in (1, 2):
        waitlist.offer_free_places(clock=fixed(MONDAY + timedelta(hours=1)))
        large.refresh_from_db()
        second.refresh_from_db()
        assert (large.status, second.status, second.waits_for) == (Status.IN_REVIEW, Status.WAITLISTED, large)
        assert large.review_reasons.count("turn_came") == 1
    decisions.refuse(large, by=mara, clock=fixed(MONDAY + timedelta(hours=2)), **EARLY)
    second.refresh_from_db()
    assert second.status == Status.OFFERED


def test_an_appeal_that_closed_by_itself_is_open_again(held, rival, charlie, mara, ada):
    hour_ago = fixed(MONDAY - timedelta(hours=1))
    placed = decisions.put_on_waitlist(rival, behind=held, by=mara, clock=hour_ago)
    made = appeals.appeal(placed, by=charlie, text="We were first.", clock=hour_ago)
    held.refresh_from_db()
    closed = Message.objects.filter(event="registration.appeal_closed", status=MessageStatus.PENDING)
    for _ in (1, 2):
        decision = decisions.revoke(held, by=mara, clock=MONDAY_CLOCK, **EARLY)
        made.refresh_from_db()
        assert (made.state, closed.get().address) == (RequestState.LAPSED, charlie.email)

        undo(decision, by=mara, clock=SOON)

        made.refresh_from_db()
        assert (made.state, made.closed_at) == (RequestState.OPEN, None) and not closed.exists()
        assert "appeal_closed" not in read_by(rival, charlie)
        held.refresh_from_db()


def test_an_offer_that_was_refused_is_open_again(held, rival, mara):
    hour_ago = fixed(MONDAY - timedelta(hours=1))
    decisions.put_on_waitlist(rival, behind=held, by=mara, clock=hour_ago)
    held.refresh_from_db()
    decisions.revoke(held, by=mara, clock=hour_ago, **EARLY)
    rival.refresh_from_db()
    before, offer = state(rival), rival.offers.get()

    undo(decisions.refuse(rival, by=mara, clock=MONDAY_CLOCK, **EARLY), by=mara, clock=SOON)

    assert state(rival) == before
    offer.refresh_from_db()
    assert (offer.outcome, offer.ended_at) == ("open", None)


def test_a_reminder_that_waited_for_the_morning_waits_again(held, alice, mara):
    from notifications.services import notify

    waiting = notify(
        event="registration.reminder",
        recipient=alice,
        context={"registration": {"code": held.code, "company_name": "IBM"}},
        occasion="reminder",
        link="/",
        about=held.code,
        held_seconds=3600,
    )
    decision = decisions.revoke(held, by=mara, clock=MONDAY_CLOCK, **EARLY)
    assert Message.objects.get(pk=waiting.pk).status == MessageStatus.CANCELLED
    undo(decision, by=mara, clock=SOON)
    assert Message.objects.get(pk=waiting.pk).status == MessageStatus.PENDING


def test_the_waitlist_parts_the_two_companies_again(held, rival, mara):
    before = state(rival)
    decision = decisions.put_on_waitlist(rival, behind=held, by=mara, clock=MONDAY_CLOCK)
    rival.refresh_from_db()
    assert rival.company_id == held.company_id

    undo(decision, by=mara, clock=SOON)

    assert state(rival) == before
    assert rival.conflicts.get().state == ConflictState.OPEN


def test_an_answered_request_is_open_again(held, alice, mara, ada):
    asked = extensions.ask(held, by=alice, text="More time.", upload=letter(), clock=MONDAY_CLOCK)
    before = state(held)
    undo(extensions.grant(asked, by=mara, text="Yes.", clock=MONDAY_CLOCK), by=mara, clock=SOON)
    asked.refresh_from_db()
    assert (state(held), asked.state, asked.decision) == (before, RequestState.OPEN, None)

    no = extensions.refuse(asked, by=mara, text="No.", clock=MONDAY_CLOCK)
    made = appeals.appeal(no, by=alice, text="But.", clock=SOON)
    undo(appeals.dismiss(made, by=ada, text="No.", clock=MONDAY_CLOCK), by=ada, clock=SOON)
    made.refresh_from_db()
    assert (made.state, made.outcome, made.decided_by) == (RequestState.OPEN, None, None)

    undo(appeals.grant(made, by=ada, text="Yes.", clock=MONDAY_CLOCK), by=ada, clock=SOON)
    asked.refresh_from_db()
    assert (asked.state, asked.decision) == (RequestState.REFUSED, no)


def test_what_stands_against_it(large, alice, mara, ada):
    decision = DEEDS["ask"](large, mara)
    with pytest.raises(NotAllowed, match="Only the person who decided"):
        undo(decision, by=ada, clock=SOON)
    with pytest.raises(WrongStatus, match="has left"):
        undo(decision, by=mara, clock=fixed(SOON() + timedelta(seconds=1)))
    large.refresh_from_db()
    partner_actions.answer(large, by=alice, text="The head of IT.", clock=MONDAY_CLOCK)
    with pytest.raises(WrongStatus, match="Something happened"):
        undo(decision, by=mara, clock=SOON)
    assert Message.objects.get(event="registration.information_asked").status == MessageStatus.PENDING
    with pytest.raises(WrongStatus, match="cannot be undone by itself"):
        undo(Decision.objects.filter(by=None).first() or _by_hand(decision), by=mara, clock=SOON)


def _by_hand(decision):
    Decision.objects.filter(pk=decision.pk).update(undo=None)
    return decision


def test_mail_that_a_worker_has_taken_cannot_be_undone(large, mara):
    decision = DEEDS["refuse"](large, mara)
    Message.objects.filter(occasion__contains=decision.code).update(status=MessageStatus.SENDING)

    with pytest.raises(WrongStatus, match="has left"):
        undo(decision, by=mara, clock=SOON)

    large.refresh_from_db()
    assert large.status == Status.REFUSED
    assert Decision.objects.get(pk=decision.pk).undone_at is None


def test_the_toast_of_a_decision_posts_to_its_undo(client, large, mara):
    client.force_login(mara)
    url = reverse("registrations:refuse", args=[large.code])
    response = client.post(url, {"version": large.version, **EARLY}, headers={"HX-Request": "true"})
    decision = large.decisions.get()
    address = reverse("registrations:undo", args=[decision.code])
    assert (
        f'"action": {{"label": "Undo", "url": "{address}", "post": true, "key": "u"}}'
        in response.headers["HX-Trigger"]
    )
    receipt = reverse("registrations:receipt", args=[decision.code])
    assert f'action="{address}"' in client.get(receipt).content.decode()

    done = client.post(address)

    large.refresh_from_db()
    assert (done.status_code, done.url) == (302, reverse("registrations:review_item", args=[large.code]))
    assert large.status == Status.IN_REVIEW
    assert "Taken back." in client.get(receipt).content.decode()
    late = client.post(address)
    assert late.status_code == 409 and "undone already" in late.content.decode()


@pytest.fixture
def split(held, rival, alice, charlie, mara):
    """An hour old, and in force."""
    hour_ago = fixed(MONDAY - timedelta(hours=1))
    decisions.put_on_waitlist(rival, behind=held, by=mara, clock=hour_ago)
    rival.refresh_from_db()
    held.refresh_from_db()
    made = agreements.propose(
        rival, holder=held, kind="split", other_share=40, text="You both work there.", by=mara, clock=hour_ago
    )
    for person in (alice, charlie):
        agreements.agree(made, by=person, clock=hour_ago)
    held.refresh_from_db()
    return made


def test_a_split_that_ended_with_the_holder_goes_on(split, held, rival, mara):
    before = state(held), state(rival)
    assert before[1][0]["status"] == Status.SHARED
    told = Message.objects.filter(event="registration.split_ended")

    decision = decisions.revoke(held, by=mara, clock=MONDAY_CLOCK, **EARLY)
    assert told.get().status == MessageStatus.PENDING
    undo(decision, by=mara, clock=SOON)

    assert (state(held), state(rival)) == before
    split.refresh_from_db()
    assert (split.state, split.ended_at) == ("agreed", None)
    assert told.get().status == MessageStatus.CANCELLED


def test_a_split_stays_ended_when_who_sold_along_has_moved_on(split, held, rival, charlie, mara):
    decision = decisions.revoke(held, by=mara, clock=MONDAY_CLOCK, **EARLY)
    offers.accept(rival.offers.get(), by=charlie, clock=MONDAY_CLOCK)

    with pytest.raises(WrongStatus, match=f"Something happened to {rival.code}"):
        undo(decision, by=mara, clock=SOON)

    split.refresh_from_db()
    rival.refresh_from_db()
    assert (split.ended_at, rival.status) == (MONDAY, Status.APPROVED)
    assert Message.objects.get(event="registration.revoked").status == MessageStatus.PENDING


def test_a_whole_page_offers_what_can_still_be_undone(client, large, rival, mara, ada):
    """After one was undone, or without scripts: the others of the last seconds keep their buttons, the newest has the key."""
    client.force_login(mara)
    queue = reverse("registrations:queue")
    made = [decisions.refuse(deal, by=mara, **EARLY) for deal in (large, rival)]
    first, second = (reverse("registrations:undo", args=[decision.code]) for decision in made)
    page = client.get(queue).content.decode()
    assert first in page and second in page and page.count('data-key="u"') == 1
    assert page.index(first) < page.index(second) < page.index('data-key="u"')
    page = client.post(second, follow=True).content.decode()
    assert first in page and second not in page and page.count('data-key="u"') == 1
    assert first not in client.get(queue, headers={"HX-Request": "true"}).content.decode()
    rewritten(Decision.objects.all(), at=database_clock() - timedelta(seconds=11))
    assert first not in client.get(queue).content.decode()
    client.force_login(ada)
    assert first not in client.get(queue).content.decode()


def places(*rows):
    return [place_in_line(Registration.objects.get(pk=row.pk)) for row in rows]


def test_a_change_of_the_order_is_taken_back_for_all_whose_place_it_changed(held, rival, mara, register):
    """By the receipt of any of them, and none of them is told."""
    hour_ago = fixed(MONDAY - timedelta(hours=1))
    eastfield = Partner.objects.create(name="Eastfield", country="PL", status="active", manager=mara)
    erin = make_user("Erin", "partner_rep", eastfield)
    second = register(erin, "I.B.M.", country="US")
    for deal in (rival, second):
        for row in (held, deal):
            row.refresh_from_db()
        decisions.put_on_waitlist(deal, behind=held, by=mara, clock=hour_ago)
        deal.refresh_from_db()
    before = state(rival), state(second)

    line_order.reorder(second, to_place=1, reason="They began first.", by=mara, clock=MONDAY_CLOCK)
    assert places(rival, second) == [2, 1]
    mails = Message.objects.filter(event="registration.place_changed")
    assert mails.count() == 2 and all(
        mail.not_before >= mail.created_at + timedelta(seconds=10) for mail in mails
    )
    undo(rival.decisions.get(action="reorder"), by=mara, clock=SOON)

    assert (state(rival), state(second)) == before
    assert places(rival, second) == [1, 2]
    assert set(mails.values_list("status", flat=True)) == {MessageStatus.CANCELLED}
    for row, person in ((rival, rival.owner), (second, erin)):
        assert row.decisions.get(action="reorder").undone_by == mara
        assert not row.timeline.visible_to(person).filter(kind__in=["reorder", "undo"]).exists()
        assert row.timeline.filter(kind="undo").count() == 1 and first_broken(row) is None
