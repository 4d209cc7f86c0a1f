"""Leads where the policy holds a family together: a lead for one subsidiary stands beside the others, too, since only one of
them can ever be registered (C6)."""

import pytest

from companies.matching import CompanyQuery
from companies.services import create_company, set_parent
from core.errors import BadInput, ScopeTaken, WrongStatus
from leads.enums import LeadStatus, Onward, Way
from leads.services.answering import accept
from leads.services.giving import give, put_into_pool
from leads.services.sweeping import sweep_leads
from notifications.models import Message
from registrations.enums import Status
from registrations.services import decisions, partner_actions, passing
from tests.leads.makers import holder_of, later, make_lead
from tests.people import MONDAY
from tests.registrations.requests_help import policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]
PARENT, ONE, TWO, OTHER = "Zeta Group SE", "Quartz Mills GmbH", "Birchwood Dairy", "Hollander Kabel BV"
WHY = "They have worked with the plant for a year."


@pytest.fixture
def known(mara):
    """A parent, its two subsidiaries, and a company that has nothing to do with them."""
    known = {
        name: create_company(CompanyQuery(name, country="DE"), by=mara, clock=lambda: MONDAY)
        for name in (PARENT, ONE, TWO, OTHER)
    }
    for name in (ONE, TWO):
        set_parent(known[name], known[PARENT], by=mara)
    return known


@pytest.fixture
def family(known):
    """The policy holds them together."""
    policy(scope_family=True, waitlist_same=False, review_other_scope=False)


@pytest.fixture(params=[PARENT, ONE, TWO])
def lead(request, family, mara, eastfield, erin, gateways):
    """A lead that Eastfield has since Monday, somewhere in the family."""
    lead = make_lead(mara, request.param, gateways, country="DE")
    give(lead, way=Way.HAND, by=mara, partner=eastfield, onward=Onward.BACK, clock=later(1))
    return lead


def test_wherever_in_it_a_lead_came_first_the_turn_goes_to_a_review(lead, alice, charlie, mara, register):
    holder = register(alice, PARENT, value=900_000, country="DE", clock=later(2))
    decisions.assign(holder, by=mara, passing=WHY, clock=later(3))
    waits = register(charlie, TWO, country="DE", clock=later(4))
    holder.refresh_from_db()
    decisions.put_on_waitlist(waits, behind=holder, by=mara, clock=later(5))
    holder.refresh_from_db()
    partner_actions.release(holder, by=alice, clock=later(6))
    waits.refresh_from_db()
    assert (waits.status, waits.review_reasons) == (Status.IN_REVIEW, ["turn_came", "claim_first"])
    assert [claim.code for claim in passing.claims_passed_by(waits)] == [lead.code]


def test_who_is_approved_before_it_gives_the_reason_that_its_firm_reads(lead, charlie, erin, mara, register):
    review = register(charlie, TWO, value=900_000, country="DE", clock=later(2))
    assert review.status == Status.IN_REVIEW
    with pytest.raises(BadInput, match="Say why it goes first"):
        decisions.assign(review, by=mara, clock=later(3))
    decisions.assign(review, by=mara, passing=WHY, clock=later(3))
    mail = Message.objects.get(event="lead.given_past")
    assert (mail.recipient, mail.about) == (erin, lead.code) and WHY in mail.text


def test_a_second_lead_in_it_goes_to_nobody_else(lead, mara, northgate, southridge, gateways):
    second = make_lead(mara, TWO, gateways, country="DE")
    for attempt in (
        lambda: give(second, way=Way.HAND, by=mara, partner=southridge),
        lambda: give(second, way=Way.TERRITORY, by=mara),
        lambda: put_into_pool(second, by=mara),
    ):
        with pytest.raises(ScopeTaken, match=f"Eastfield has a.* lead for .*{lead.code}") as refused:
            attempt()
        elsewhere = lead.company != second.company
        assert ("The policy holds the two companies together" in refused.value.message) == elsewhere
    second.refresh_from_db()
    assert second.status == LeadStatus.NEW and not second.gifts.exists()


def test_nor_to_the_firm_itself(lead, mara, eastfield, gateways):
    second = make_lead(mara, TWO, gateways, country="DE")
    with pytest.raises(BadInput, match=r"(?i)has another lead for this company"):
        give(second, way=Way.HAND, by=mara, partner=eastfield)


def test_one_in_the_pool_leaves_it(family, mara, eastfield, erin, gateways):
    one, two = (make_lead(mara, name, gateways, country="DE") for name in (ONE, TWO))
    put_into_pool(two, by=mara, clock=later(1))
    give(one, way=Way.HAND, by=mara, partner=eastfield, clock=later(2))
    assert sweep_leads(clock=later(3)).taken_out == [two.code]


def test_for_other_products_or_outside_the_family_it_goes_to_anybody(
    lead, mara, southridge, gateways, sensors
):
    for name, line in ((TWO, sensors), (OTHER, gateways)):
        second = make_lead(mara, name, line, country="DE")
        give(second, way=Way.HAND, by=mara, partner=southridge)
        assert holder_of(second) == "Southridge"


def test_where_the_policy_keeps_them_apart_each_goes_to_anybody(
    known, mara, eastfield, erin, southridge, gateways
):
    policy(scope_family=False)
    for name, firm in ((ONE, eastfield), (TWO, southridge)):
        lead = make_lead(mara, name, gateways, country="DE")
        give(lead, way=Way.HAND, by=mara, partner=firm)
        assert holder_of(lead) == firm.name


def test_a_firm_registers_no_second_one_in_it_by_a_lead(lead, mara, erin, eastfield, gateways, register):
    """It has registered a subsidiary by hand since: a registration of the lead would wait behind its own."""
    own = register(erin, ONE, country="DE", clock=later(2))
    second = make_lead(mara, TWO, gateways, country="DE")
    with pytest.raises(BadInput, match=r"(?i)has registered this company"):
        give(second, way=Way.HAND, by=mara, partner=eastfield)
    if lead.company == own.company:
        return  # its registration has taken the lead up
    words = f"registered {ONE}, which the policy holds together with this company, already: {own.code}"
    with pytest.raises(WrongStatus, match=words):
        accept(lead, by=erin, fields={"expected_close": MONDAY.date().replace(month=9)}, clock=later(3))
