"""Whose turn it is where the policy holds parent and subsidiary together: first come, first served in the whole family, since
two subsidiaries exclude each other, too (R9, C6)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.matching import CompanyQuery
from companies.services import create_company, set_parent
from core.errors import BadInput
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import RefusalReason, Status
from registrations.models import Holding, Registration
from registrations.services import (
    decisions,
    drafts,
    expiry,
    next_turns,
    partner_actions,
    passing,
    reminders,
    submission,
    undo,
    waitlist,
)
from registrations.services.drafts import LineInput
from registrations.services.places import place_in_line
from registrations.services.timeline import first_broken
from tests.people import MONDAY, draft_for, make_user
from tests.registrations.offers.steps import later, mail_left, state
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db
PARENT, ONE, TWO = "Zeta Group SE", "Quartz Mills GmbH", "Birchwood Dairy"
RULES = {"waitlist_same": True, "review_other_scope": False}
EARLY = {"reason_code": RefusalReason.EARLY, "text": "Too early."}


@pytest.fixture
def known(mara):
    """The parent and its two subsidiaries by name; nobody has said yet that they are a family."""
    return {
        name: create_company(CompanyQuery(name, country="DE"), by=mara, clock=lambda: MONDAY)
        for name in (PARENT, ONE, TWO)
    }


@pytest.fixture
def family(known, mara):
    """They are, and the policy holds them together."""
    for name in (ONE, TWO):
        set_parent(known[name], known[PARENT], by=mara)
    policy(scope_family=True, **RULES)


@pytest.fixture
def wendy(mara):
    firm = Partner.objects.create(name="Westbrook", country="DE", status=PartnerStatus.ACTIVE, manager=mara)
    return make_user("Wendy", "partner_rep", firm)


@pytest.fixture
def line(family, alice, charlie, wendy, register):
    """Alice holds one subsidiary; charlie waits at the other one, and wendy, of a third firm, behind him at the parent."""
    holder = register(alice, ONE)
    rows = [register(charlie, TWO, clock=later(0, 1)), register(wendy, PARENT, clock=later(0, 2))]
    assert state(holder, *rows) == [Status.APPROVED, Status.WAITLISTED, Status.WAITLISTED]
    assert [place_in_line(row) for row in rows] == [1, 2]
    return holder, *rows


def give_up(holder, alice, mara):
    partner_actions.release(holder, by=alice, clock=later(1))


def revoke(holder, alice, mara):
    decisions.revoke(holder, by=mara, clock=later(1), **EARLY)


def expire(holder, alice, mara):
    for day in (30, 53, 59, 60):
        reminders.send_reminders(clock=later(day))
        mail_left(MONDAY + timedelta(days=day))
    expiry.expire_registrations(clock=later(64))


@pytest.mark.parametrize("end", [give_up, revoke, expire])
def test_who_is_first_at_another_subsidiary_goes_first(end, line, alice, charlie, mara):
    holder, first, second = line
    end(holder, alice, mara)
    assert state(first, second) == [Status.OFFERED, Status.WAITLISTED]
    assert second.waits_for == first and place_in_line(second) == 1
    assert Message.objects.filter(event="registration.offered", address=charlie.email).count() == 1
    assert set(first.holdings.filter(ended_at=None).values_list("company__name", flat=True)) == {PARENT, TWO}
    assert all(first_broken(row) is None for row in line)


def test_the_button_says_whose_turn_it_then_is(line, client, mara):
    holder, first, second = line
    due = next_turns.foreseen(holder, at=later(1)())
    assert [one.waiting for one in due if one.goes_to] == [first]
    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[holder.code]))
    (effect,) = (one["effect"] for one in page.context["decisions"] if one["code"] == "revoke")
    assert f"the turn of Southridge ({first.code})" in effect and second.code not in effect


def test_who_is_alone_in_line_at_another_subsidiary_is_offered_it_at_once(
    family, alice, charlie, mara, register
):
    holder, waiting = register(alice, ONE), register(charlie, TWO)
    give_up(holder, alice, mara)
    assert state(waiting) == [Status.OFFERED]


def test_a_revocation_taken_back_puts_the_whole_family_back(line, mara):
    holder, first, second = line
    made = decisions.revoke(holder, by=mara, clock=later(1), **EARLY)
    assert state(first) == [Status.OFFERED]
    undo.undo(made, by=mara, clock=later(1))
    assert state(*line) == [Status.APPROVED, Status.WAITLISTED, Status.WAITLISTED]
    assert first.waits_for == second.waits_for == holder
    assert set(Holding.objects.filter(ended_at=None).values_list("registration", flat=True)) == {holder.pk}


@pytest.mark.parametrize("late", ["the parent", "the policy"])
@pytest.mark.parametrize("holds", [PARENT, ONE])
def test_who_holds_it_since_before_they_were_held_together(
    holds, late, known, alice, charlie, wendy, mara, register
):
    """One row at its own company is all that it has to give back; the first in line stands at the other one."""
    policy(scope_family=late == "the parent", **RULES)
    if late == "the policy":
        set_parent(known[ONE], known[PARENT], by=mara)
    holder = register(alice, holds)
    # A later version says of all that comes from then on what is held together.
    policy(scope_family=True, begins=MONDAY + timedelta(minutes=10), **RULES)
    Holding.objects.exclude(company=holder.company).delete()
    if late == "the parent":
        set_parent(known[ONE], known[PARENT], by=mara)
    first = register(charlie, ONE if holds == PARENT else PARENT, clock=later(0, 1))
    second = register(wendy, holds, clock=later(0, 2))
    for row in (first, second):
        if row.status != Status.WAITLISTED:
            decisions.put_on_waitlist(row, behind=holder, by=mara, clock=later(0, 3))
    state(holder, first, second)
    assert [place_in_line(first), place_in_line(second)] == [1, 2]

    give_up(holder, alice, mara)

    assert state(first, second) == [Status.OFFERED, Status.WAITLISTED]


def test_the_sweep_goes_by_the_order_of_the_whole_family(line, alice, charlie, mara, register):
    """Nobody in line may have it when it becomes free; once their firms are active again the sweep gives it."""
    holder, first, second = line
    third = register(charlie, ONE, clock=later(0, 3))
    everybody = Partner.objects.filter(pk__in=[row.partner_id for row in (first, second, third)])
    everybody.update(status=PartnerStatus.SUSPENDED)
    partner_actions.release(holder, by=alice, clock=later(1))
    assert state(first, second, third) == [Status.WAITLISTED] * 3
    everybody.update(status=PartnerStatus.ACTIVE)
    assert waitlist.offer_free_places(clock=later(2)) == [first.code]
    assert waitlist.offer_free_places(clock=later(2)) == []
    assert state(first, second, third) == [Status.OFFERED, Status.WAITLISTED, Status.WAITLISTED]


def test_who_is_first_but_kept_out_by_another_does_not_hold_up_who_is_free(
    family, alice, bob, charlie, wendy, mara, register, sensors, gateways
):
    holder = register(alice, ONE)
    register(bob, PARENT, line=sensors)
    both = draft_for(charlie, TWO, gateways)
    drafts.save_draft(both, by=charlie, fields={}, lines=[LineInput(gateways), LineInput(sensors)])
    first = submission.submit(both, by=charlie, clock=later(0, 1))
    second = register(wendy, PARENT, clock=later(0, 2))
    assert state(first, second) == [Status.WAITLISTED, Status.WAITLISTED]
    (due,) = next_turns.foreseen(holder, at=later(1)())
    assert due.goes_to == second
    give_up(holder, alice, mara)
    assert state(first, second) == [Status.WAITLISTED, Status.OFFERED]


def test_a_review_at_another_subsidiary_that_came_before_is_not_passed(
    family, alice, charlie, wendy, mara, register
):
    policy(waitlist_same=False)
    holder = register(alice, ONE)
    review = register(charlie, TWO, clock=later(0, 1))
    waiting = register(wendy, ONE, clock=later(0, 2))
    decisions.put_on_waitlist(waiting, behind=holder, by=mara, clock=later(0, 3))
    holder.refresh_from_db()
    assert state(review, waiting) == [Status.IN_REVIEW, Status.WAITLISTED]
    give_up(holder, alice, mara)
    assert state(review, waiting) == [Status.IN_REVIEW, Status.WAITLISTED]
    assert "turn_came" in review.review_reasons and waiting.waits_for == review
    kept = review.holdings.filter(ended_at=None, reserved=True)
    assert set(kept.values_list("company__name", flat=True)) == {PARENT, TWO}
    decisions.refuse(review, by=mara, clock=later(2), **EARLY)
    assert state(waiting) == [Status.OFFERED]


def test_giving_it_to_one_subsidiary_past_the_line_of_another_asks_for_the_reason(
    family, alice, charlie, wendy, mara, register
):
    policy(waitlist_same=False)
    holder = register(alice, ONE)
    first = register(charlie, TWO, clock=later(0, 1))
    later_one = register(wendy, ONE, clock=later(0, 2))
    decisions.put_on_waitlist(first, behind=holder, by=mara, clock=later(0, 3))
    holder.refresh_from_db()
    Partner.objects.filter(pk=first.partner_id).update(status=PartnerStatus.SUSPENDED)
    give_up(holder, alice, mara)
    assert state(first, later_one) == [Status.WAITLISTED, Status.IN_REVIEW]
    assert passing.passed_by(later_one) == [first]
    with pytest.raises(BadInput, match="Say why"):
        decisions.assign(later_one, by=mara, clock=later(2))
    decisions.assign(later_one, by=mara, passing="The customer signed.", clock=later(2))
    assert state(later_one, first) == [Status.APPROVED, Status.WAITLISTED]
    assert first.waits_for == later_one and first.timeline.filter(kind="given_past").exists()


def test_a_long_line_asks_as_much_as_a_short_one(family, alice, mara, register):
    asked = []
    for count in (2, 6):
        holder = register(alice, ONE)
        for number in range(count):
            firm = Partner.objects.create(
                name=f"{count} {number}", country="DE", status=PartnerStatus.ACTIVE, manager=mara
            )
            register(make_user(firm.name, "partner_rep", firm), (ONE, TWO)[number % 2], clock=later(0, 1))
        with CaptureQueriesContext(connection) as looked:
            next_turns.foreseen(holder, at=later(1)())
        with CaptureQueriesContext(connection) as released:
            give_up(holder, alice, mara)
        assert Registration.objects.filter(status=Status.OFFERED).count() == 1
        asked.append((len(looked), len(released)))
        Holding.objects.all().delete()
        Registration.objects.update(status=Status.REFUSED)
    assert asked[0] == asked[1]


def test_beside_a_review_at_another_subsidiary_a_person_decides(family, alice, charlie, mara, register):
    """Approved at once it would hold the parent's row, which the one who came first wants, too."""
    policy(scope_family=True, auto_approve_below=0, **RULES)
    first = register(alice, ONE)
    policy(scope_family=True, **RULES)

    second = register(charlie, TWO, clock=later(0, 1))

    assert state(first, second) == [Status.IN_REVIEW, Status.IN_REVIEW]
    found = second.conflicts.get(rival=first)
    assert [signal["label"] for signal in found.signals] == [
        "It is of the same family, and the policy holds them together"
    ]


def test_who_holds_only_another_subsidiary_keeps_nobody_out(known, alice, charlie, mara, register):
    """They took it before the companies were held together: the two have nothing in common."""
    policy(**RULES)
    holder = register(alice, ONE)
    for name in (ONE, TWO):
        set_parent(known[name], known[PARENT], by=mara)
    policy(scope_family=True, **RULES)

    second = register(charlie, TWO, clock=later(0, 1))

    assert state(holder, second) == [Status.APPROVED, Status.APPROVED]


@pytest.mark.parametrize("place", [ONE, PARENT])
def test_what_was_won_in_part_at_another_subsidiary_is_looked_at_by_a_person(
    family, place, alice, charlie, wendy, register, sensors, gateways
):
    """One of the two that it waits for won what both want: that is no longer there."""
    holder = register(alice, ONE)
    winner = register(charlie, place, line=sensors)
    both = draft_for(wendy, TWO, gateways)
    drafts.save_draft(both, by=wendy, fields={}, lines=[LineInput(gateways), LineInput(sensors)])
    waits = submission.submit(both, by=wendy, clock=later(0, 1))
    if waits.waits_for == winner:
        winner, holder = holder, winner
    day = MONDAY.date()
    partner_actions.record_won(winner, by=winner.owner, value=Decimal(50_000), closed_on=day, clock=later(1))
    holder.refresh_from_db()
    partner_actions.release(holder, by=holder.owner, clock=later(2))
    assert state(waits) == [Status.IN_REVIEW]
    assert waits.review_reasons == ["turn_came", "holder_won"]
