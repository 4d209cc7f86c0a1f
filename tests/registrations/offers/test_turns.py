"""What is looked at anew when a turn comes, and what of a line lasts no longer than the line."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import Territory
from registrations.enums import Occasion, RefusalReason, Status
from registrations.models import Conflict, Holding
from registrations.services import decisions, judgements, line_order, partner_actions
from registrations.services.places import place_in_line
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.people import MONDAY, MONDAY_CLOCK
from tests.registrations.offers.steps import later, state
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", [{"evidence_required": True}, {"outside_territory": "review"}])
def test_a_rule_that_came_after_a_person_looked_is_asked_at_the_turn(
    change, held, line, alice, charlie, dan, southridge, northgate, europe
):
    """Nobody has looked at what it asks for. What asked for a look then, too, was seen."""
    first, second = line
    asia = Territory.objects.create(code="asia", name="Asia", countries=["JP"])
    southridge.territories.add(asia)
    policy(begins=MONDAY + timedelta(days=1), **change)
    partner_actions.withdraw(held, by=alice, clock=later(2))

    rule = "no_contact" if "evidence_required" in change else "outside_territory"
    assert state(first, second) == [Status.IN_REVIEW, Status.WAITLISTED]
    assert first.review_reasons == ["turn_came", rule]
    run = first.policy_runs.get(occasion=Occasion.TURN)
    assert (run.only_refusals, run.landing, run.rules) == (False, "in_review", [rule])
    assert [(h.registration, h.reserved) for h in Holding.objects.filter(ended_at=None)] == [(first, True)]


def test_what_a_person_saw_is_not_asked_again_by_a_later_version(alice, charlie, mara, register):
    policy(evidence_required=True)
    held = register(alice, "Acme Pumps GmbH", contact_made="call")
    waiting = register(charlie, "Acme Pumps GmbH")
    decisions.put_on_waitlist(waiting, behind=held, by=mara, clock=MONDAY_CLOCK)
    policy(begins=MONDAY + timedelta(days=1), offer_business_days=3)
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=later(2))
    assert state(waiting) == [Status.OFFERED]
    assert waiting.policy_runs.get(occasion=Occasion.TURN).only_refusals


def test_a_place_that_a_manager_gave_lasts_as_long_as_the_line(held, line, alice, bob, mara, register):
    """The second was put first; then the holder won, and both come to stand behind another one."""
    first, second = line
    line_order.reorder(second, to_place=1, reason="Papers for project one.", by=mara, clock=later(1))
    held.refresh_from_db()
    partner_actions.record_won(held, by=alice, value=Decimal(10), closed_on=MONDAY.date(), clock=later(2))
    assert state(first, second) == [Status.IN_REVIEW, Status.IN_REVIEW]
    assert [first.line_order, second.line_order] == [None, None]
    new = register(bob, "Acme Pumps GmbH", clock=later(3))
    decisions.assign(new, by=mara, clock=later(3))
    for row in (first, second):
        decisions.put_on_waitlist(row, behind=new, by=mara, clock=later(4))
    assert state(first, second) == [Status.WAITLISTED, Status.WAITLISTED]
    assert (place_in_line(first), place_in_line(second)) == (1, 2)


def test_undone_the_place_is_given_back(held, line, alice, mara):
    first, second = line
    line_order.reorder(second, to_place=1, reason="Papers for project one.", by=mara, clock=later(1))
    held.refresh_from_db()
    second.refresh_from_db()
    place = second.line_order
    decision = decisions.revoke(held, by=mara, reason_code=RefusalReason.INACTIVE, text="x", clock=later(2))
    assert state(second) == [Status.OFFERED] and second.line_order is None
    undo(decision, by=mara, clock=later(2))
    assert state(held, first, second) == [Status.APPROVED, Status.WAITLISTED, Status.WAITLISTED]
    assert (second.line_order, place_in_line(second), place_in_line(first)) == (place, 1, 2)


def test_who_turns_out_to_be_another_company_gives_the_turn_back(alice, charlie, dan, mara, register):
    policy(waitlist_same=True)
    held, one, two, three = (
        register(person, "Acme Pumps GmbH", value=value)
        for person, value in ((alice, 50_000), (charlie, 900_000), (dan, 50_000), (dan, 60_000))
    )
    partner_actions.release(held, by=alice, clock=later(1))
    assert state(one, two) == [Status.IN_REVIEW, Status.WAITLISTED]
    conflict = Conflict.objects.get(registration=two, rival=one)
    judgements.declare_different(conflict, by=mara, seen_from=one, clock=later(2))

    assert state(one, two, three) == [Status.IN_REVIEW, Status.OFFERED, Status.WAITLISTED]
    assert (one.company == two.company, one.review_reasons) == (False, ["value"])
    assert three.waits_for == two
    assert [(h.registration, h.company) for h in Holding.objects.filter(ended_at=None)] == [
        (two, two.company)
    ]
    decisions.assign(one, by=mara, clock=later(3))
    assert state(one) == [Status.APPROVED]
    assert [first_broken(row) for row in (one, two, three)] == [None, None, None]
