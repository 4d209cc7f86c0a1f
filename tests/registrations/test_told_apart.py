"""After 'different' a third firm registers: it meets whoever has the very company, and never the other one in its place (C4)."""

import pytest

from accounts.enums import PARTNER_REP
from companies.matching import CompanyQuery
from companies.models import Verdict
from companies.services import create_company, declare_different, declare_same, undo_verdict
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.models import Conflict
from registrations.services import decisions, judgements, partner_actions
from registrations.services.precheck import precheck
from tests.companies.makers import make_account
from tests.people import MONDAY_CLOCK, make_user

pytestmark = pytest.mark.django_db


def _firm(name, mara):
    return Partner.objects.create(name=name, country="DE", status=PartnerStatus.ACTIVE, manager=mara)


@pytest.fixture
def erik(mara):
    """The representative of a third firm."""
    return make_user("Erik", PARTNER_REP, _firm("Eastgate", mara))


@pytest.fixture
def two(alice, charlie, mara, register):
    """Two firms' registrations of companies with nearly one name, told apart; the second holds its own."""
    elder = register(alice, "Kroll Logistik GmbH", country="DE")
    younger = register(charlie, "Kroll Logistik AG", country="DE")
    conflict = Conflict.objects.get(registration=younger, rival=elder)
    judgements.declare_different(conflict, by=mara, reason="Two firms.", clock=MONDAY_CLOCK)
    younger.refresh_from_db()
    if younger.status != "approved":
        decisions.assign(younger, by=mara, clock=MONDAY_CLOCK)
        younger.refresh_from_db()
    return elder, younger


def met_by(registration):
    return {conflict.rival for conflict in Conflict.objects.filter(registration=registration)}


def test_who_registers_the_second_by_its_name_meets_its_holder_alone(two, erik, register):
    _, younger = two

    third = register(erik, "KROLL LOGISTIK AG", country="DE")

    assert third.company == younger.company
    assert third.status != "approved"
    assert met_by(third) == {younger}


def test_so_does_it_where_the_first_has_ended(two, alice, erik, register):
    elder, younger = two
    partner_actions.withdraw(elder, by=alice, clock=MONDAY_CLOCK)
    asked = CompanyQuery("Kroll Logistik AG", country="DE")

    assert precheck(asked, by=erik, clock=MONDAY_CLOCK) is False
    third = register(erik, "Kroll Logistik AG", country="DE")

    assert third.status != "approved"
    assert met_by(third) == {younger}


def test_a_name_that_fits_both_is_looked_at_by_a_person(two, alice, erik, mara, register):
    elder, younger = two
    partner_actions.withdraw(elder, by=alice, clock=MONDAY_CLOCK)

    assert precheck(CompanyQuery("Kroll Logistik", country="DE"), by=erik, clock=MONDAY_CLOCK) is False
    third = register(erik, "Kroll Logistik", country="DE")

    assert third.status != "approved"
    assert third.company not in (elder.company, younger.company)
    (conflict,) = Conflict.objects.filter(registration=third)
    judgements.declare_same(conflict, by=mara, clock=MONDAY_CLOCK)
    third.refresh_from_db()
    younger.refresh_from_db()
    assert third.company == younger.company != elder.company


def test_a_person_who_told_the_third_apart_as_well_is_not_asked_again(two, erik, mara, register):
    _, younger = two
    third = register(erik, "Kroll Logistik AG", country="DE")
    (conflict,) = Conflict.objects.filter(registration=third)

    judgements.declare_different(conflict, by=mara, reason="A third one.", clock=MONDAY_CLOCK)

    third.refresh_from_db()
    assert third.company != younger.company
    assert set(Conflict.objects.unjudged().filter(registration=third)) == set()


def test_direct_sales_of_the_second_are_met(alice, mara, register):
    one, other = (
        create_company(CompanyQuery(name, country="DE"), by=None)
        for name in ("Kroll Logistik GmbH", "Kroll Logistik AG")
    )
    make_account(other)
    declare_different(one, other, by=mara, reason="Two firms.")

    registration = register(alice, "Kroll Logistik AG", country="DE")

    assert registration.status != "approved"
    assert registration.company == other
    assert Conflict.objects.filter(registration=registration, named_account__isnull=False).exists()


@pytest.fixture
def ambiguous(two, erik, mara, register):
    """Another one by a name that fits both, which waits behind the second: so it is that one."""
    _, younger = two
    third = register(erik, "Kroll Logistik", country="DE")
    decisions.put_on_waitlist(third, behind=younger, by=mara, clock=MONDAY_CLOCK)
    third.refresh_from_db()
    assert third.company == younger.company
    return third


def test_what_is_the_second_is_not_compared_with_the_first_again(two, ambiguous, charlie, mara):
    elder, younger = two
    assert not Conflict.objects.unjudged().filter(registration=ambiguous).exists()
    judged = Conflict.objects.get(registration=ambiguous, rival=elder)
    assert (judged.state, judged.judged_by) == ("different", mara)

    partner_actions.withdraw(younger, by=charlie, clock=MONDAY_CLOCK)

    ambiguous.refresh_from_db()
    assert ambiguous.status == "offered"


def test_it_is_asked_about_again_once_it_is_not_the_second_after_all(two, erik, mara, register):
    elder, younger = two
    third = register(erik, "Kroll Logistik", country="DE")
    conflict = Conflict.objects.get(registration=third, rival=younger)
    judgements.declare_same(conflict, by=mara, clock=MONDAY_CLOCK)
    assert not Conflict.objects.unjudged().filter(registration=third).exists()

    undo_verdict(Verdict.objects.active().get(verdict="same"), by=mara)

    unjudged = Conflict.objects.unjudged().filter(registration=third)
    assert {one.rival for one in unjudged} == {elder, younger}


def test_no_line_of_the_first_waits_for_it(two, ambiguous, alice, charlie, mara, register):
    elder, younger = two
    waiting = register(
        make_user("Nora", PARTNER_REP, _firm("Fairway", mara)), "Kroll Logistik GmbH", country="DE"
    )
    decisions.put_on_waitlist(waiting, behind=elder, by=mara, clock=MONDAY_CLOCK)
    partner_actions.withdraw(younger, by=charlie, clock=MONDAY_CLOCK)

    partner_actions.withdraw(elder, by=alice, clock=MONDAY_CLOCK)

    waiting.refresh_from_db()
    assert waiting.status == "offered"


# -- told apart by way of merges ---------------------------------------------------------------------


@pytest.fixture
def unjudged(alice, charlie, register):
    """A conflict between two companies that nobody has said anything about."""
    elder = register(alice, "International Business Machines Corp.", country="US")
    return register(charlie, "I.B.M.", country="US").conflicts.get(rival=elder)


def _merged(name, into, mara, *, apart_from):
    """The verdict that made a company part of another one; before that it was told apart from `apart_from`."""
    part = create_company(CompanyQuery(name), by=None)
    declare_different(part, apart_from, by=mara)
    declare_same(part, into, by=mara, keep=into)
    return Verdict.objects.filter(verdict="same").latest("pk")


def _state(conflict):
    conflict.refresh_from_db()
    return conflict.state


def test_a_conflict_stays_answered_while_another_part_of_the_company_was_told_apart(unjudged, mara):
    own, other = unjudged.registration.company, unjudged.company
    first = _merged("Nordlicht Optik", own, mara, apart_from=other)
    second = _merged("Basalt Mühle", own, mara, apart_from=other)
    assert _state(unjudged) == "different"

    undo_verdict(first, by=mara)
    assert _state(unjudged) == "different"
    undo_verdict(second, by=mara)
    assert _state(unjudged) == "open"


def test_a_conflict_is_open_again_when_what_it_was_answered_by_rests_on_nothing_any_more(unjudged, mara):
    own, other = unjudged.registration.company, unjudged.company
    part = create_company(CompanyQuery("Xanten Werke"), by=None)
    one = create_company(CompanyQuery("Basalt Mühle"), by=None)
    declare_different(one, part, by=mara)
    declare_same(part, other, by=mara, keep=other)
    inner = Verdict.objects.get(verdict="same")
    declare_same(one, own, by=mara, keep=own)
    assert _state(unjudged) == "different"

    undo_verdict(inner, by=mara)
    assert _state(unjudged) == "open"
