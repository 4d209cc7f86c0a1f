"""Judging from either side, and companies that only share a name."""

import pytest

from companies.models import Verdict
from core.errors import ScopeTaken, WrongStatus
from registrations.enums import ConflictState, Status
from registrations.models import Decision, Holding
from registrations.services import decisions, judgements
from tests.people import MONDAY_CLOCK

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier(alice, register):
    """Waits for a person because of its value, so a later registration can be assigned before it."""
    return register(alice, "International Business Machines Corp.", country="US", value=900_000)


@pytest.fixture
def later(earlier, charlie, register):
    return register(charlie, "I.B.M.", country="US")


def test_the_earlier_one_cannot_be_assigned_once_the_later_one_holds(earlier, later, mara):
    decisions.assign(later, by=mara, clock=MONDAY_CLOCK)

    with pytest.raises(ScopeTaken, match=r"I\.B\.M\. is held by Southridge"):
        decisions.assign(earlier, by=mara, clock=MONDAY_CLOCK)

    assert [holding.registration for holding in Holding.objects.all()] == [later]


def test_a_conflict_kept_with_the_later_one_is_judged_from_the_earlier(earlier, later, mara):
    decisions.assign(later, by=mara, clock=MONDAY_CLOCK)

    judgements.declare_different(later.conflicts.get(), by=mara, seen_from=earlier)

    earlier.refresh_from_db()
    assert later.conflicts.get().state == ConflictState.DIFFERENT
    assert Decision.objects.filter(action="judge").get().registration == earlier
    decisions.assign(earlier, by=mara, clock=MONDAY_CLOCK)
    assert Holding.objects.filter(ended_at=None).count() == 2


def test_one_answer_settles_every_conflict_of_the_two_companies(earlier, later, dan, mara, register):
    third = register(dan, "I.B.M.", country="US")
    between = third.conflicts.get(rival=earlier)

    judgements.declare_different(later.conflicts.get(), by=mara)

    between.refresh_from_db()
    assert between.state == ConflictState.DIFFERENT
    assert third.conflicts.get(rival=later).state == ConflictState.OPEN


def test_the_same_name_can_be_another_company(alice, charlie, mara, register):
    holder = register(alice, "Delta")
    rival = register(charlie, "Delta")
    assert rival.company == holder.company

    judgements.declare_different(rival.conflicts.get(), by=mara, reason="a dentist")

    rival.refresh_from_db()
    assert rival.company != holder.company
    assert rival.conflicts.get().state == ConflictState.DIFFERENT
    assert Verdict.objects.get().verdict == "different"
    decisions.assign(rival, by=mara, clock=MONDAY_CLOCK)
    rival.refresh_from_db()
    assert rival.status == Status.APPROVED


def test_what_a_person_called_the_same_is_not_parted_here(earlier, later, mara):
    conflict = later.conflicts.get()
    judgements.declare_same(conflict, by=mara)
    later.refresh_from_db()

    with pytest.raises(WrongStatus, match="company's page"):
        judgements.declare_different(conflict, by=mara)


def test_waiting_behind_the_holder_answers_the_conflict(alice, charlie, mara, register):
    holder = register(alice, "Delta")
    rival = register(charlie, "Delta")

    decisions.put_on_waitlist(rival, behind=holder, by=mara, clock=MONDAY_CLOCK)

    conflict = rival.conflicts.get()
    assert (conflict.state, conflict.judged_by) == (ConflictState.SAME, mara)


def test_partners_do_not_see_judgements(earlier, later, charlie, mara):
    judgements.declare_different(later.conflicts.get(), by=mara)

    assert Decision.objects.visible_to(mara).filter(action="judge").exists()
    assert not Decision.objects.visible_to(charlie).filter(action="judge").exists()
