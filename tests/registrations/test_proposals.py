"""A proposal that waits for two partners (R5): who is shown it and told what became of it, and the clock that rests meanwhile."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from core.clock import fixed
from core.errors import NotAllowed
from notifications.enums import MessageStatus
from notifications.models import Message
from registrations.enums import RefusalReason, Status
from registrations.models import Escalation
from registrations.services import agreements, decisions, partner_actions, proposals, taking_back
from registrations.services.escalations import escalate_overdue
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.people import MONDAY, MONDAY_CLOCK, submitted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = {"Alice": "Northgate", "Charlie": "Southridge"}


@pytest.fixture
def held(alice, register):
    return register(alice, "Acme Pumps GmbH")


@pytest.fixture
def rival(held, charlie, register):
    """In review since Monday at nine, the answer due on Tuesday at five."""
    return register(charlie, "Acme Pumps GmbH")


@pytest.fixture
def made(rival, held, mara):
    """A split of 70 to 30, proposed on Monday at eleven."""
    at = fixed(MONDAY + 2 * HOUR)
    made = agreements.propose(
        rival, holder=held, kind="split", other_share=30, text="Both sell there.", by=mara, clock=at
    )
    held.refresh_from_db()
    rival.refresh_from_db()
    return made


def mails(person, event):
    return Message.objects.filter(address=person.email, event=f"registration.{event}")


def page(client, person, route, *args):
    client.force_login(person)
    answer = client.get(reverse(f"registrations:{route}", args=args))
    return re.sub(r"\s+", " ", strip_tags(answer.content.decode()))


def html_of(client, person, deal):
    client.force_login(person)
    return client.get(reverse("registrations:review_item", args=[deal.code])).content.decode()


def agree(made, person, hours=3):
    agreements.agree(made, by=person, clock=fixed(MONDAY + hours * HOUR))


# What waits for a partner.


def test_the_first_screen_lists_it_first_for_both_until_they_answer(client, alice, charlie, mara, gateways):
    now = timezone.now()
    close = {"expected_close": now.date() + timedelta(days=60)}
    holder, other = (
        submitted(person, "Acme Pumps GmbH", gateways, clock=fixed(now), **close)
        for person in (alice, charlie)
    )
    made = agreements.propose(other, holder=holder, kind="split", other_share=30, text="Both.", by=mara)
    address = reverse("registrations:agreement", args=[made.code])
    for person in (alice, charlie):
        told = page(client, person, "overview")
        html = client.get(reverse("registrations:overview")).content.decode()
        assert "Nothing waits for you" not in told and html.count(f'href="{address}"') == 2
        first = html.split('id="waiting-title"')[1].split('class="waiting-kind">')[1]
        assert first.startswith("Proposals to answer") and "Answer by" in first and "days left" in first
        assert not any(name in told for who, name in NAMES.items() if who != person.name)

    agreements.agree(made, by=alice)
    assert "Proposals to answer" not in page(client, alice, "overview")
    assert "Proposals to answer" in page(client, charlie, "overview")
    type(made).objects.update(answer_by=now - HOUR)
    assert "Proposals to answer" not in page(client, charlie, "overview")


# Who is told.


@pytest.mark.parametrize("ends", ["withdrawn", "revoked", "won", "refused"])
def test_the_other_side_is_told_when_one_registration_ends(ends, made, held, rival, alice, charlie, mara):
    """Whether it had agreed or not, and without the other's name; the manager hears of it unless it was their doing."""
    ended, stays, person = (rival, held, alice) if ends == "refused" else (held, rival, charlie)
    agree(made, person)
    clock, reason = fixed(MONDAY + 4 * HOUR), {"reason_code": RefusalReason.INACTIVE, "text": "No update."}
    if ends == "withdrawn":
        partner_actions.withdraw(ended, by=alice, clock=clock)
    elif ends == "won":
        partner_actions.record_won(ended, by=alice, value=9000, closed_on=MONDAY.date(), clock=clock)
    else:
        (decisions.revoke if ends == "revoked" else decisions.refuse)(ended, by=mara, clock=clock, **reason)

    made.refresh_from_db()
    mail = mails(person, "agreement_ended").get()
    seen = [entry for entry in stays.timeline.visible_to(person) if entry.kind == "proposal_ended"]
    assert (made.state, len(seen), first_broken(stays)) == ("ended", 1, None)
    other = NAMES["Alice" if person == charlie else "Charlie"]
    assert other not in mail.subject + mail.text + mail.html + str(seen[0].data)
    by_partner = ends in ("withdrawn", "won")
    assert [ended.code in told.text for told in mails(mara, "proposal_over")] == [True] * by_partner


def test_an_end_that_is_undone_leaves_the_proposal_waiting_and_nobody_told(made, held, rival, charlie, mara):
    agree(made, charlie)
    at = MONDAY + 4 * HOUR
    reason = {"reason_code": RefusalReason.INACTIVE, "text": "No update."}
    decision = decisions.revoke(held, by=mara, clock=fixed(at), **reason)
    rival.refresh_from_db()
    assert rival.review_due_at is not None
    undo(decision, by=mara, clock=fixed(at + timedelta(seconds=5)))

    made.refresh_from_db()
    rival.refresh_from_db()
    assert (made.state, made.ended_at, rival.review_due_at) == ("proposed", None, None)
    assert mails(charlie, "agreement_ended").get().status == MessageStatus.CANCELLED
    assert "proposal_ended" not in [entry.kind for entry in rival.timeline.visible_to(charlie)]


def test_the_manager_reads_who_declined_and_why(made, alice, charlie, mara):
    agreements.decline(made, by=alice, text="Not with anybody.", clock=fixed(MONDAY + 3 * HOUR))
    mail = mails(mara, "proposal_over").get()
    assert "Northgate declined" in mail.text and "Not with anybody." in mail.text
    assert "Not with anybody." not in mails(charlie, "agreement_declined").get().text


def test_the_manager_is_told_that_it_was_carried_out(made, alice, charlie, mara):
    agree(made, alice)
    assert not mails(mara, "proposal_over")
    agree(made, charlie)
    assert "Northgate has 70% of the deal, Southridge 30%" in mails(mara, "proposal_over").get().text


def test_a_manager_who_has_left_is_told_nothing(made, alice, mara):
    mara.is_active = False
    mara.save()
    agreements.decline(made, by=alice, clock=fixed(MONDAY + 3 * HOUR))
    assert not mails(mara, "proposal_over")


# Read by the vendor, and taken back.


def test_the_vendor_reads_it_and_takes_it_back(client, held, rival, alice, charlie, mara, ivan):
    now = timezone.now()
    made = agreements.propose(rival, holder=held, kind="split", other_share=30, text="Both sell.", by=mara)
    agreements.agree(made, by=alice)
    address = reverse("registrations:take_back_proposal", args=[made.code])
    for route, code in (
        ("review_item", rival.code),
        ("registration", rival.code),
        ("registration", held.code),
    ):
        told = page(client, mara, route, code)
        for words in ("A split is proposed", "70%", "30%", "Agreed on", "No answer yet", "Open until"):
            assert words in told, (route, words)
        assert "Both sell." in told and "Take it back" in told
    assert "See the proposal" in page(client, mara, "review_item", rival.code)
    form = client.get(reverse("registrations:propose", args=[rival.code]))
    assert form.url == reverse("registrations:review_item", args=[rival.code]) + "#proposal"
    assert "70%" in page(client, ivan, "registration", rival.code)
    assert address not in html_of(client, ivan, rival)

    client.force_login(mara)
    assert client.post(address).url == reverse("registrations:review_item", args=[rival.code])

    made.refresh_from_db()
    assert made.state == "taken_back" and made.ended_at >= now
    for deal, person, status in ((held, alice, Status.APPROVED), (rival, charlie, Status.IN_REVIEW)):
        deal.refresh_from_db()
        assert (deal.status, first_broken(deal)) == (status, None)
        assert deal.timeline.visible_to(person).filter(kind="proposal_taken_back").count() == 1
        mail = mails(person, "agreement_taken_back").get()
        assert not any(name in mail.text for who, name in NAMES.items() if who != person.name)
    assert not mails(mara, "proposal_over")
    assert client.post(address).status_code == 410
    with pytest.raises(agreements.AgreementOver, match="took it back"):
        agreements.agree(made, by=charlie)


def test_who_proposed_it_hears_that_a_colleague_took_it_back(made, alice, mara, ada):
    with pytest.raises(NotAllowed):
        taking_back.take_back(made, by=alice, clock=MONDAY_CLOCK)
    taking_back.take_back(made, by=ada, clock=MONDAY_CLOCK)
    assert "Ada took it back" in mails(mara, "proposal_over").get().text


# The clock of the review.


def test_the_clock_rests_while_a_proposal_waits(made, rival, client, mara):
    assert (made.review_due_at, rival.review_due_at) == (MONDAY + DAY + 8 * HOUR, None)
    assert escalate_overdue(clock=fixed(made.answer_by)).done == []
    assert "Both partners have a proposal to answer" in html_of(client, mara, rival)


@pytest.mark.parametrize("ends", ["declined", "taken back", "lapsed", "withdrawn"])
def test_the_clock_goes_on_with_what_was_left(ends, made, held, rival, alice, mara):
    """Two of the sixteen opening hours had passed when it was proposed."""
    at = MONDAY + 3 * DAY  # Thursday at nine
    if ends == "declined":
        agreements.decline(made, by=alice, clock=fixed(at))
    elif ends == "taken back":
        taking_back.take_back(made, by=mara, clock=fixed(at))
    elif ends == "withdrawn":
        partner_actions.withdraw(held, by=alice, clock=fixed(at))
    else:
        at = MONDAY + 8 * DAY
        assert proposals.lapse_proposals(clock=fixed(at)).done == [made.code]
    rival.refresh_from_db()
    assert rival.review_due_at == at + DAY + 6 * HOUR
    assert escalate_overdue(clock=fixed(rival.review_due_at)).done == []
    assert rival.code in escalate_overdue(clock=fixed(rival.review_due_at + HOUR)).done


def test_what_was_overdue_is_overdue_again_and_told_no_second_time(held, rival, mara, alice):
    due, late = rival.review_due_at, MONDAY + 2 * DAY
    assert escalate_overdue(clock=fixed(late)).done == [rival.code]
    rival.refresh_from_db()
    made = agreements.propose(
        rival, holder=held, kind="transfer", other_share=100, text="Yours.", by=mara, clock=fixed(late + HOUR)
    )
    agreements.decline(made, by=alice, clock=fixed(late + 2 * HOUR))
    rival.refresh_from_db()
    assert rival.review_due_at == due
    assert escalate_overdue(clock=fixed(late + 3 * HOUR)).done == []
    assert Escalation.objects.count() == 1


def test_an_answer_that_comes_while_a_proposal_waits_starts_the_clock_when_that_is_over(
    held, rival, alice, charlie, mara
):
    decisions.ask_information(rival, by=mara, text="Who is the buyer?", clock=MONDAY_CLOCK)
    rival.refresh_from_db()
    made = agreements.propose(
        rival, holder=held, kind="split", other_share=30, text="Both.", by=mara, clock=fixed(MONDAY + HOUR)
    )
    rival.refresh_from_db()
    partner_actions.answer(rival, by=charlie, text="Ines.", clock=fixed(MONDAY + 2 * HOUR))
    rival.refresh_from_db()
    assert (rival.status, rival.review_due_at) == (Status.IN_REVIEW, None)
    at = MONDAY + 3 * DAY
    agreements.decline(made, by=alice, clock=fixed(at))
    rival.refresh_from_db()
    assert rival.review_due_at == at + DAY + 8 * HOUR  # the whole of it


def test_a_decision_made_while_the_clock_rests_is_not_late(made, rival, mara):
    at = fixed(MONDAY + 4 * DAY)
    decision = decisions.refuse(rival, by=mara, reason_code=RefusalReason.EARLY, text="Too early.", clock=at)
    assert decision.clock_due is None
