"""A decision looks at what overlaps now, not at what did when the check ran: under another version, or in a family that
was taken apart since (R9, C6)."""

from datetime import timedelta

import pytest

from companies.matching import CompanyQuery
from companies.services import create_company, set_parent
from core.errors import ScopeTaken
from registrations.enums import Status
from registrations.models import Conflict
from registrations.services import decisions, overlaps, partner_actions
from registrations.services.places import place_in_line
from registrations.services.turns import _rivals
from registrations.views.review.rivals import rivals_of
from tests.people import MONDAY_CLOCK, submitted
from tests.registrations.offers.steps import later, state
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db
ACME = "Acme Pumps GmbH"


def test_two_that_no_longer_overlap_have_their_turn_together(alice, dan, charlie, mara, gateways, sensors):
    policy(scope_product_line=False, waitlist_same=True)
    holder = submitted(alice, ACME, gateways)
    b, c = submitted(dan, ACME, gateways), submitted(charlie, ACME, sensors)
    assert state(b, c) == [Status.WAITLISTED] * 2
    assert [place_in_line(b), place_in_line(c)] == [1, 2]
    policy(begins=later(1)(), scope_product_line=True, review_other_scope=False)
    assert [place_in_line(b), place_in_line(c)] == [1, 1]
    holder.refresh_from_db()
    partner_actions.release(holder, by=alice, clock=later(2))
    assert state(b, c) == [Status.OFFERED, Status.OFFERED]


def test_who_is_under_review_is_approved_beside_a_holder_of_something_else(
    alice, charlie, mara, gateways, sensors
):
    """And not, as long as the holder has it all: what the flag said on the day of the check counts neither way."""
    policy(review_other_scope=True)
    holder, asked = submitted(alice, ACME, gateways), submitted(charlie, ACME, sensors)
    conflict = asked.conflicts.get(rival=holder)
    assert asked.status == Status.IN_REVIEW
    for stored in (True, False):
        Conflict.objects.filter(pk=conflict.pk).update(same_product_line=stored)
        assert overlaps.unjudged_holder(asked) is None
        assert [(one.overlaps, one.can_hold_back) for one in rivals_of(asked, mara)] == [(False, False)]
    holder.holdings.update(product_line=None)  # as a version without product lines holds it
    assert overlaps.unjudged_holder(asked) == holder
    assert [(one.overlaps, one.can_hold_back) for one in rivals_of(asked, mara)] == [(True, True)]
    with pytest.raises(ScopeTaken, match="Say first"):
        decisions.assign(asked, by=mara, clock=MONDAY_CLOCK)
    holder.holdings.update(product_line=gateways)
    Conflict.objects.filter(pk=conflict.pk).update(same_product_line=True)
    decisions.assign(asked, by=mara, clock=MONDAY_CLOCK)
    assert state(holder, asked) == [Status.APPROVED] * 2


def test_a_parent_unlinked_meanwhile_is_no_reason_for_a_review(alice, dan, charlie, mara, gateways):
    policy(scope_family=True, waitlist_same=True, review_other_scope=False)
    parent, below = (
        create_company(CompanyQuery(name, country="DE"), by=mara) for name in ("Vandermeer Group NV", ACME)
    )
    set_parent(below, parent, by=mara)
    holder = submitted(alice, ACME, gateways)
    above, waiting = submitted(dan, "Vandermeer Group NV", gateways), submitted(charlie, ACME, gateways)
    assert state(above, waiting) == [Status.WAITLISTED] * 2
    below.refresh_from_db()
    set_parent(below, None, by=mara)
    assert _rivals(waiting) == ()
    holder.refresh_from_db()
    partner_actions.release(holder, by=alice, clock=lambda: MONDAY_CLOCK() + timedelta(days=1))
    assert state(waiting) == [Status.OFFERED]
    assert overlaps.unjudged_holder(waiting) is None
