"""The order of a line that spans a family: whoever's place changes is in it, and is told (R9, C6)."""

import pytest
from django.urls import reverse

from companies.matching import CompanyQuery
from companies.services import create_company, set_parent
from notifications.models import Message
from registrations.enums import Status
from registrations.services import drafts, line_order, partner_actions, submission
from registrations.services.drafts import LineInput
from registrations.services.places import line_of, place_in_line
from registrations.services.timeline import first_broken
from tests.people import MONDAY_CLOCK, draft_for, make_user
from tests.registrations.offers.steps import later, state
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db
PARENT, BELOW, BESIDE = "Vandermeer Group NV", "Acme Pumps GmbH", "Kettle Works Ltd"


@pytest.fixture
def family(mara):
    """A parent and two subsidiaries, which the policy holds together."""
    policy(scope_family=True, waitlist_same=True, review_other_scope=False)
    parent, *below = (
        create_company(CompanyQuery(name, country="DE"), by=mara) for name in (PARENT, BELOW, BESIDE)
    )
    for company in below:
        set_parent(company, parent, by=mara)


@pytest.fixture
def put(gateways, sensors):
    """`put(alice, PARENT, both=True)` submits for gateways, for sensors (`line`), or both."""

    def make(person, name, *, line=None, both=False, clock=MONDAY_CLOCK):
        draft = draft_for(person, name, line or gateways)
        if both:
            lines = [LineInput(gateways), LineInput(sensors)]
            drafts.save_draft(draft, by=person, fields={}, lines=lines, clock=clock)
        return submission.submit(draft, by=person, clock=clock)

    return make


def test_a_manager_reorders_the_line_of_a_family_and_all_whose_place_changes_are_told(
    family, put, alice, charlie, dan, mara, southridge, sensors, client
):
    eve = make_user("Eve", "partner_rep", southridge)
    holder = put(alice, PARENT, both=True)
    c, e, d = put(charlie, PARENT), put(eve, BELOW, line=sensors), put(dan, PARENT, both=True)
    assert state(holder, c, e, d) == [Status.APPROVED, *[Status.WAITLISTED] * 3]
    assert [place_in_line(row) for row in (c, e, d)] == [1, 1, 3]
    assert line_of(c) == line_of(e) == [c, e, d]
    client.force_login(mara)
    page = client.get(reverse("registrations:line", args=[d.code])).content.decode()
    assert all(row.code in page for row in (c, e, d)) and "Number 3" in page and f">{BELOW}</span>" in page

    told = line_order.reorder(d, to_place=1, reason="They began first.", by=mara, clock=later(1))

    assert set(told) == {c, e, d}
    state(c, e, d)
    assert [place_in_line(row) for row in (c, e, d)] == [2, 2, 1]
    for row, person in ((c, charlie), (e, eve), (d, dan)):
        assert Message.objects.filter(event="registration.place_changed", address=person.email).count() == 1
        assert (
            row.decisions.filter(action="reorder").count() == row.timeline.filter(kind="reorder").count() == 1
        )
        assert first_broken(row) is None
    holder.refresh_from_db()
    partner_actions.withdraw(holder, by=alice, clock=later(2))
    assert state(d, c, e) == [Status.OFFERED, Status.WAITLISTED, Status.WAITLISTED]


def test_who_is_second_behind_the_subsidiary_can_be_put_first(family, put, alice, charlie, dan, mara):
    put(alice, PARENT)
    first, beside, second = put(charlie, BELOW), put(charlie, BESIDE), put(dan, PARENT)
    # Two subsidiaries exclude each other in their parent: the line is one.
    assert [place_in_line(row) for row in (first, beside, second)] == [1, 2, 3]
    told = line_order.reorder(second, to_place=1, reason="They began first.", by=mara, clock=later(1))
    assert set(told) == {first, beside, second}
    state(first, beside, second)
    assert [place_in_line(row) for row in (first, beside, second)] == [2, 3, 1]


def test_without_the_family_the_line_is_the_companys(family, put, alice, charlie, dan):
    put(alice, PARENT)
    below, own = put(charlie, BELOW), put(dan, PARENT)
    policy(begins=later(1)(), scope_family=False)
    assert (line_of(own), place_in_line(own)) == ([own], 1)
    assert line_of(own, at=MONDAY_CLOCK()) == [below, own]
