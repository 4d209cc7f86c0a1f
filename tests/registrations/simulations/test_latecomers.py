"""A requirement that names what nobody could be in or have when a deal was submitted: who is in it, or has it, now counts."""

from datetime import date, timedelta

import pytest

from core.clock import database_clock, fixed
from partners.models import Partner
from partners.services.certificates import (
    Paper,
    reject_certificate,
    revoke_certificate,
    submit_certificate,
    verify_certificate,
)
from partners.services.merging import merge_partners
from policies.planned import change_of_requirement
from policies.services.requirements import Asked, preview
from registrations.services.simulating import run_simulations
from registrations.services.simulations import start_simulation, start_trial
from tests.people import MONDAY
from tests.policies.makers import circle, in_days, licence, require
from tests.registrations.simulations.given import draft_with

pytestmark = pytest.mark.django_db
NOW = MONDAY + timedelta(days=900)
PERIOD = {"since": MONDAY - timedelta(days=1), "until": NOW, "clock": fixed(NOW)}
LICENSED = {"certificates": ["export"]}


def at(days):
    return fixed(MONDAY + timedelta(days=days))


def handed_in(partner, by, valid_from=date(2024, 1, 1), clock=database_clock):
    paper = Paper(type=licence(), number="EX-1", valid_from=valid_from, valid_to=date(2031, 12, 31))
    return submit_certificate(partner, paper, by=by, clock=clock)


def verified(partner, by, olga, valid_from=date(2024, 1, 1), clock=database_clock):
    paper = handed_in(partner, by, valid_from, clock)
    return verify_certificate(paper, by=olga, version=paper.version, clock=clock)


def refused(simulation):
    """The companies whose deals would have been refused, and no other difference."""
    while run_simulations(clock=fixed(NOW)):
        pass
    simulation.refresh_from_db()
    assert (simulation.state, simulation.unsettled) == ("done", 0)
    cases = list(simulation.cases.select_related("registration"))
    assert all((case.after, case.rule) == ("refused", "product_authorisation") for case in cases)
    return {case.registration.company_name for case in cases}


@pytest.fixture
def deals(alice, charlie, register):
    """Two of Northgate's and one of Southridge's, of before."""
    register(alice, "Blohm Presswerk", clock=at(1))
    register(alice, "Zenith Optik", clock=at(2))
    return register(charlie, "Late Foods BV", clock=at(2))


@pytest.fixture
def announced(olga, gateways):
    """What gateways are announced to require."""

    def change(**asked):
        return change_of_requirement(require(gateways, olga, begins=30, **asked))

    return change


@pytest.mark.parametrize("valid_from", [date(2024, 1, 1), date(2026, 3, 3)], ids=["long ago", "between"])
def test_a_licence_counts_whatever_day_its_paper_begins_on(
    deals, northgate, southridge, bob, olga, gateways, announced, valid_from
):
    verified(northgate, bob, olga, valid_from)

    told = preview(gateways, Asked(**LICENSED), begins_on=in_days(30), now=database_clock())
    assert [change.partner for change in told.loses] == [southridge]
    change = announced(**LICENSED)
    assert refused(start_trial(change, by=olga, **PERIOD)) == {"Late Foods BV"}
    draft = draft_with(protection_days=90)
    assert refused(start_simulation(draft, by=olga, beside=[change], **PERIOD)) == {"Late Foods BV"}


def test_a_paper_that_was_never_verified_is_none(deals, northgate, bob, olga, announced):
    third = Partner.objects.create(name="Third Firm", country="FR", status="active")
    paper = handed_in(third, olga, date(2020, 1, 1), at(0))
    reject_certificate(paper, by=olga, version=paper.version, reason="Not readable.", clock=at(0))
    verified(northgate, bob, olga)

    assert refused(start_trial(announced(**LICENSED), by=olga, **PERIOD)) == {"Late Foods BV"}


def test_once_a_firm_held_it_all_firms_count_as_on_the_day(deals, northgate, bob, ada, olga, announced):
    third = Partner.objects.create(name="Third Firm", country="FR", status="active")
    verified(third, ada, olga, clock=fixed(MONDAY + timedelta(days=1, hours=12)))
    verified(northgate, bob, olga)

    assert refused(start_trial(announced(**LICENSED), by=olga, **PERIOD)) == {"Zenith Optik", "Late Foods BV"}


def test_a_licence_that_was_revoked_since_was_there(deals, northgate, southridge, bob, ada, olga, announced):
    """Southridge's own deal was made while it held one."""
    first = verified(southridge, ada, olga, clock=at(0))
    revoke_certificate(first, by=olga, version=first.version, reason="Withdrawn.")
    verified(northgate, bob, olga)

    assert "Blohm Presswerk" in refused(start_trial(announced(**LICENSED), by=olga, **PERIOD))


def test_who_lacked_it_while_it_was_required_lacked_it(northgate, alice, bob, olga, gateways, register):
    row = require(gateways, olga, clock=at(1), certificates=[licence().code])
    assert register(alice, "Blohm Presswerk", clock=at(2)).status == "refused"
    verified(northgate, bob, olga)

    simulation = start_trial(change_of_requirement(row), by=olga, **PERIOD | {"since": row.effective_from})
    assert refused(simulation) == set()
    assert simulation.looked_at == 1


def test_deals_of_a_record_that_was_merged_are_those_of_the_firm_it_became(
    deals, northgate, southridge, olga, announced
):
    founders = {"groups": [circle(olga, "Founders", None, northgate)]}
    change = announced(**founders)
    assert refused(start_trial(change, by=olga, **PERIOD)) == {"Late Foods BV"}

    versions = {firm.pk: firm.version for firm in (southridge, northgate)}
    merge_partners(southridge, into=northgate, by=olga, reason="One firm.", versions=versions)

    simulation = start_trial(change, by=olga, **PERIOD)
    assert refused(simulation) == set()
    assert simulation.looked_at == 3
