"""Who is behind a review whose place gives way, since its company is the holder's: they wait for that holder from then on,
wherever 'same' is said; taken back, they wait for the review again."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

import companies.services as company_services
from companies.models import Verdict
from core.clock import database_clock
from core.errors import WrongStatus
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import Status
from registrations.models import Conflict, Holding, Registration
from registrations.services import decisions, judgements, partner_actions, waitlist
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.people import make_user
from tests.registrations.offers.steps import mail_left, state

pytestmark = pytest.mark.django_db
IBM = "International Business Machines Corp."


def rep(firm, mara):
    partner = Partner.objects.create(name=firm, country="US", status=PartnerStatus.ACTIVE, manager=mara)
    return make_user(f"Rep of {firm}", "partner_rep", partner)


def now(row):
    return Registration.objects.get(pk=row.pk)


@pytest.fixture
def three(alice, charlie, mara, register):
    """Eastwind's 'I.B.M.' came before those in line at the other spelling, and was approved as its turn came, without a word
    about the names. So the next one is looked at, compared with it, and the last one waits behind that review."""
    holder = register(alice, IBM, country="US", clock=database_clock)
    first = register(rep("Eastwind", mara), "I.B.M.", country="US", clock=database_clock)
    line = [register(one, IBM, country="US", clock=database_clock) for one in (charlie, rep("Farhill", mara))]
    for row in line:
        decisions.put_on_waitlist(row, behind=now(holder), by=mara)
    partner_actions.release(now(holder), by=alice)
    mail_left(database_clock())
    decisions.assign(now(first), by=mara)
    mail_left(database_clock())
    rows = [now(row) for row in (first, *line)]
    assert state(*rows) == [Status.APPROVED, Status.IN_REVIEW, Status.WAITLISTED]
    assert rows[2].waits_for == rows[1] and "turn_came" in rows[1].review_reasons
    return rows


@pytest.fixture
def late(three, mara, register):
    """A newcomer, met by both."""
    return register(rep("Hillside", mara), IBM, country="US", clock=database_clock)


def at_its_desk(three, mara):
    first, second, _ = three
    return judgements.declare_same(Conflict.objects.get(registration=second, rival=first), by=mara)


def on_the_page(three, mara):
    first, second, _ = three
    company_services.declare_same(first.company, second.company, by=mara, reason="One firm.")


def the_other_way_round(three, mara):
    first, second, _ = three
    gone = first.company
    company_services.declare_same(gone, second.company, by=mara, reason="One.", keep=second.company)


SAID = (
    "What is kept for Southridge ({code}) is given back, since somebody else has it there. The line behind it goes on: "
    "whose turn comes by that gets a mail."
)


def test_the_page_of_the_merge_says_so_before(three, mara, client):
    first, second, _ = three
    client.force_login(mara)
    url = reverse("companies:merge", args=[first.company.code, second.company.code])
    page = strip_tags(client.get(url).content.decode())
    assert SAID.format(code=second.code) in page and "The partners see nothing of it" not in page


def test_so_does_the_desk_of_a_later_one(three, late, mara, client):
    first, second, _ = three
    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[late.code]), {"candidate": first.code})
    said = {one["code"]: one["effect"] for one in page.context["candidate_decisions"]}
    assert (
        SAID.format(code=second.code) in said["same_company"]
        and SAID.format(code=second.code) in said["waitlist"]
    )
    assert "Nobody gets mail" not in said["same_company"]


def standing(rows):
    """Where each stands, whom it waits for, and what is held, as the database has it."""
    fields = ("status", "company_id", "waits_for_id", "review_reasons", "review_due_at")
    held = Holding.objects.filter(ended_at=None).order_by("pk")
    kept = list(held.values_list("registration", "company", "reserved"))
    return [[getattr(now(row), name) for name in fields] for row in rows], kept


def test_undone_within_seconds_all_is_as_it_was(three, mara):
    before = standing(three)
    made = at_its_desk(three, mara)
    assert now(three[2]).waits_for == three[0] and standing(three) != before
    undo(made, by=mara)
    assert standing(three) == before
    assert not [row for row in three if first_broken(now(row))]


@pytest.mark.parametrize("same", [at_its_desk, on_the_page, the_other_way_round])
def test_undone_on_the_page_later_all_is_as_it_was(same, three, mara):
    before = standing(three)
    same(three, mara)
    mail_left(database_clock())
    assert standing(three) != before
    company_services.undo_verdict(Verdict.objects.active().get(), by=mara)
    assert standing(three) == before


def test_undone_where_the_review_is_over_it_waits_for_nobody_elsewhere(three, charlie, mara):
    _, second, last = three
    at_its_desk(three, mara)
    mail_left(database_clock())
    partner_actions.withdraw(now(second), by=charlie)
    company_services.undo_verdict(Verdict.objects.active().get(), by=mara)
    assert now(last).waits_for != three[0]
    assert waitlist.offer_free_places() == [last.code] and state(last) == [Status.IN_REVIEW]


def test_who_came_into_line_since_is_named(three, mara):
    first, second, _ = three
    at_its_desk(three, mara)
    mail_left(database_clock())
    decisions.put_on_waitlist(now(second), behind=now(first), by=mara)
    with pytest.raises(WrongStatus, match=f"{second.code} waits in line because the two are one company"):
        company_services.undo_verdict(Verdict.objects.active().get(), by=mara)


@pytest.mark.parametrize("same", [at_its_desk, on_the_page, the_other_way_round])
def test_they_hear_of_the_holders_win(same, three, mara):
    first, second, last = three
    same(three, mara)
    assert now(last).waits_for == first
    decisions.put_on_waitlist(now(second), behind=now(first), by=mara)
    mail_left(database_clock())
    won = database_clock().date()
    partner_actions.record_won(now(first), by=first.owner, value=Decimal(5), closed_on=won)
    assert state(second, last) == [Status.IN_REVIEW, Status.IN_REVIEW]
    assert Message.objects.filter(about=last.code, event="registration.line_over").count() == 1


def test_so_they_do_where_it_is_said_at_the_desk_of_a_later_one(three, late, mara):
    first, _, last = three
    mail_left(database_clock())
    before = standing([*three, late])
    found = Conflict.objects.get(registration=late, rival=first)
    made = judgements.declare_same(found, by=mara, seen_from=now(late))
    assert now(last).waits_for == first
    undo(made, by=mara)
    assert standing([*three, late]) == before


def test_who_was_passed_over_waits_for_the_holder_as_well(alice, charlie, mara, register):
    """Their place is free, but their firm may not have it now; then the two become one, and it is free no more."""
    holder = register(alice, IBM, country="US", clock=database_clock)
    waiting = register(charlie, IBM, country="US", clock=database_clock)
    decisions.put_on_waitlist(waiting, behind=now(holder), by=mara)
    firms = Partner.objects.filter(pk=waiting.partner_id)
    firms.update(status=PartnerStatus.SUSPENDED)
    partner_actions.release(now(holder), by=alice)
    other = register(rep("Eastwind", mara), "I.B.M.", country="US", clock=database_clock)
    decisions.assign(now(other), by=mara, passing="They came by the other name.")
    mail_left(database_clock())

    company_services.declare_same(now(other).company, now(waiting).company, by=mara, reason="One firm.")

    assert now(waiting).waits_for == other
    company_services.undo_verdict(Verdict.objects.active().get(), by=mara)
    assert now(waiting).waits_for == holder
