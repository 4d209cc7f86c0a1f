"""Trying a right, its end or a requirement on past registrations: what it would have done, and to whose deals."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.clock import fixed
from core.errors import BadInput, NotAllowed, WrongStatus
from partners.models import Partner
from partners.services.merging import merge_partners
from policies.announced import announced, excluding
from policies.models import ProductAuthorisation, RegistrationPolicy
from policies.planned import Change, Kind, change_of_requirement, change_of_right
from policies.services.requirements import take_back_requirement
from registrations.models import Simulation
from registrations.services.simulating import run_simulations
from registrations.services.simulations import start_simulation, start_trial
from registrations.simulation.tally import cells_from_json
from registrations.simulation.telling import sentence
from tests.people import MONDAY, submitted
from tests.policies.makers import circle, give, hold, licence, require, territory
from tests.registrations.simulations.given import draft_with, simulated

pytestmark = pytest.mark.django_db
NOW = MONDAY + timedelta(days=900)


def at(days):
    return fixed(MONDAY + timedelta(days=days))


@pytest.fixture
def tried(olga):
    """What a change would have done to everything since MONDAY: the changed companies, and where they would have gone."""

    def found(change, **period):
        wanted = {"since": MONDAY, "until": NOW} | period
        simulation = start_trial(change, by=olga, clock=fixed(NOW), **wanted)
        while run_simulations(portion=2, clock=fixed(NOW)):
            pass
        simulation.refresh_from_db()
        assert (simulation.state, simulation.unsettled) == ("done", 0)
        cases = simulation.cases.select_related("registration")
        return {case.registration.company_name: (case.before, case.after, case.rule) for case in cases}

    return found


REFUSED = ("approved", "refused", "exclusive_right")
OPENED = ("refused", "approved", "exclusive_right")
LACKING = ("approved", "refused", "product_authorisation")


def test_a_right_that_is_planned_an_end_and_what_it_meets(
    northgate, southridge, alice, charlie, olga, gateways, sensors, europe, register, tried
):
    north = territory("north", "SE")
    old = give(southridge, olga, product_line=gateways, territory=europe, ends=2, clock=at(0))
    register(alice, "Early AG", clock=at(1))  # within the old right
    register(alice, "Own AG", clock=at(4))
    register(charlie, "Theirs AG", clock=at(4))
    register(charlie, "Elsewhere AB", country="SE", clock=at(4))
    submitted(charlie, "Sensing GmbH", sensors, clock=at(4))
    planned = give(northgate, olga, product_line=gateways, territory=europe, begins=60, clock=at(5))
    looked_at = give(
        southridge, olga, product_line=sensors, territory=north, effect="review", begins=9, clock=at(5)
    )

    change = change_of_right(planned)
    assert change.kind == Kind.RIGHT and change.title == "Gateways in Europe, for Northgate alone"
    # The old right could not have run beside it: what was refused for it is open to the holder.
    assert tried(change) == {"Theirs AG": REFUSED, "Early AG": OPENED}
    assert tried(change_of_right(old)) == {"Own AG": REFUSED}
    assert tried(change_of_right(old, ended=True)) == {"Early AG": OPENED}
    assert tried(change_of_right(looked_at)) == {}
    assert tried(change_of_right(old, ended=True), since=MONDAY + timedelta(days=3)) == {}
    told = list(Simulation.objects.order_by("pk"))
    assert (
        sentence(cells_from_json(told[0].cells))
        == "Would auto-approve 1 more and refuse 1; 3 of 5 would land where they did."
    )


def test_a_right_counts_deals_of_a_record_that_became_its_holders(
    northgate, southridge, alice, charlie, olga, gateways, europe, register, tried
):
    register(charlie, "Theirs AG", clock=at(1))
    planned = give(northgate, olga, product_line=gateways, territory=europe, begins=60, clock=at(2))
    assert tried(change_of_right(planned)) == {"Theirs AG": REFUSED}

    versions = {firm.pk: firm.version for firm in (southridge, northgate)}
    merge_partners(southridge, into=northgate, by=olga, reason="One firm.", versions=versions, clock=at(3))

    assert tried(change_of_right(planned)) == {}


def test_a_right_that_is_not_exclusive_is_tried_beside_the_others_of_its_kind(
    northgate, southridge, alice, charlie, olga, gateways, europe, register, tried
):
    running = give(southridge, olga, product_line=gateways, is_exclusive=False, clock=at(0))
    register(charlie, "Theirs AG", clock=at(1))
    register(alice, "Ours AG", clock=at(1))
    scope = {"product_line": gateways, "territory": europe, "begins": 60, "clock": at(2)}
    planned = give(northgate, olga, is_exclusive=False, **scope)

    change = change_of_right(planned)
    assert change.title == "Gateways in Europe, for Northgate beside others"
    assert change.words.startswith(
        "Gateways in Europe is for Northgate and whoever else holds a right to it. Reg"
    )
    assert Change.from_json(change.as_json()) == change
    assert tried(change) == {"Ours AG": OPENED}  # beside the one that runs
    assert tried(change_of_right(running, ended=True)) == {"Ours AG": OPENED}
    alone = replace(change, right=replace(change.right, is_exclusive=True))
    assert alone.subject != change.subject
    assert tried(alone) == {"Ours AG": OPENED, "Theirs AG": REFUSED}  # the one that runs is left out
    other = replace(change, right=replace(change.right, code="right:X-other", partner=southridge.pk))
    assert excluding([change, other]) is None and excluding([alone, other]) == (alone, other)


def test_deals_of_a_record_that_became_the_holder_of_a_shared_right_count_as_its_own(
    northgate, southridge, charlie, olga, gateways, register, tried
):
    third = Partner.objects.create(name="Third Firm", country="DE", status="active")
    give(third, olga, product_line=gateways, is_exclusive=False, clock=at(0))
    register(charlie, "Theirs AG", clock=at(1))
    planned = give(northgate, olga, product_line=gateways, is_exclusive=False, begins=60, clock=at(2))
    versions = {firm.pk: firm.version for firm in (southridge, northgate)}
    merge_partners(southridge, into=northgate, by=olga, reason="One firm.", versions=versions, clock=at(3))

    assert tried(change_of_right(planned)) == {"Theirs AG": OPENED}


def test_a_requirement_that_is_announced_with_groups_papers_and_territories_that_came_later(
    northgate, southridge, alice, charlie, olga, gateways, sensors, register, tried
):
    far = territory("far", "JP")
    for firm in (northgate, southridge):
        firm.territories.set([far])
    register(alice, "Ours AG", clock=at(1))
    register(charlie, "Theirs AG", clock=at(1))
    submitted(charlie, "Sensing GmbH", sensors, clock=at(1))

    def announced(**asked):
        for row in ProductAuthorisation.objects.standing():
            take_back_requirement(row, by=olga, clock=at(2))
        return change_of_requirement(require(gateways, olga, begins=30, clock=at(2), **asked))

    assert tried(announced(least_tier="gold")) == {"Ours AG": LACKING, "Theirs AG": LACKING}
    reviewed = announced(least_tier="gold", effect="review")
    assert set(tried(reviewed).values()) == {("approved", "in_review", "product_authorisation")}
    # Neither the group nor the licence existed then: who is in it, or has it, now counts.
    assert tried(announced(groups=[circle(olga, "Founders", None, northgate)])) == {"Theirs AG": LACKING}
    assert tried(announced(certificates=[licence().code])) == {"Ours AG": LACKING, "Theirs AG": LACKING}
    hold(southridge, licence(), days=2000)
    assert tried(announced(certificates=[licence().code])) == {"Ours AG": LACKING}
    # Nor the territory: its firms of now, and the customers in its countries.
    north = territory("north", "DE", since=MONDAY + timedelta(days=2))
    northgate.territories.add(north)
    assert tried(announced(territories=[north])) == {"Theirs AG": LACKING}
    elsewhere = territory("elsewhere", "SE", since=MONDAY + timedelta(days=2))
    northgate.territories.set([elsewhere])
    assert tried(announced(territories=[elsewhere])) == {"Ours AG": LACKING, "Theirs AG": LACKING}
    known = territory("known", "DE")
    northgate.territories.add(known)  # it worked elsewhere on that day
    assert tried(announced(territories=[known])) == {"Ours AG": LACKING, "Theirs AG": LACKING}
    assert change_of_requirement(require(gateways, olga, begins=40, clock=at(2))).words == (
        "Gateways can be registered by every partner."
    )


def test_a_draft_together_with_what_is_announced(
    northgate,
    southridge,
    alice,
    charlie,
    olga,
    gateways,
    sensors,
    europe,
    register,
    django_assert_max_num_queries,
):
    give(southridge, olga, product_line=gateways, territory=europe, ends=50, clock=at(0))
    register(alice, "Small AG", clock=at(1), value=5_000)  # within the old right
    register(charlie, "Large AG", clock=at(1), value=50_000)
    submitted(charlie, "Sensing GmbH", sensors, clock=at(1), value=5_000)
    give(northgate, olga, product_line=gateways, territory=europe, begins=51, clock=at(2))
    require(sensors, olga, begins=30, least_tier="gold", clock=at(2))
    require(sensors, olga, begins=40, certificates=[licence().code], clock=at(2))
    with django_assert_max_num_queries(6):
        ahead = announced(at(3)())
    end, requirement, right = (
        next(change for change, words in ahead.values() if part in words)
        for part in ("the right of Southridge ended", "Sensors requires", "for Northgate alone, from")
    )
    assert [words for _, words in ahead.values()] == [
        "What Sensors requires, from 3 Apr 2026",
        "What Sensors requires, from 13 Apr 2026",
        "Gateways in Europe, the right of Southridge ended, from 22 Apr 2026",
        "Gateways in Europe, for Northgate alone, from 24 Apr 2026",
    ]
    draft = draft_with(auto_approve_below=Decimal(10_000))

    def found(*beside):
        simulation = simulated(draft, olga, beside=beside)
        assert (simulation.state, simulation.unsettled) == ("done", 0)
        cases = simulation.cases.select_related("registration")
        return {case.registration.company_name: (case.before, case.after, case.rule) for case in cases}

    assert found() == {"Large AG": ("approved", "in_review", "value")}
    taken = {"Small AG": OPENED, "Large AG": REFUSED}
    assert found(right) == found(right, end) == taken
    assert found(requirement, right, end) == taken | {"Sensing GmbH": LACKING}
    assert found(end) == {"Small AG": OPENED, "Large AG": ("approved", "in_review", "value")}
    other = replace(right, right=replace(right.right, code="right:X-other", partner=southridge.pk))
    with pytest.raises(BadInput, match="the same time") as refused:
        found(right, other)
    assert refused.value.field == "beside"
    asked = {"by": olga, "since": MONDAY, "until": NOW, "clock": fixed(NOW)}
    running = start_simulation(draft, beside=[right], **asked)
    assert start_simulation(draft, beside=[right], **asked) == running
    with pytest.raises(WrongStatus, match="something else beside it"):
        start_simulation(draft, **asked)


def test_who_may_one_at_a_time_and_old_ones_make_room(
    northgate, alice, mara, ivan, olga, gateways, register, tried, monkeypatch
):
    register(alice, "Acme AG", clock=at(1))
    change = change_of_right(give(northgate, olga, product_line=gateways, clock=at(2)))
    period = {"since": MONDAY, "until": NOW, "clock": fixed(NOW)}
    for person in (alice, mara, ivan):
        with pytest.raises(NotAllowed):
            start_trial(change, by=person, **period)
    with pytest.raises(BadInput):
        start_trial(
            change, by=olga, **(period | {"since": NOW + timedelta(days=1), "until": NOW + timedelta(days=2)})
        )

    first = start_trial(change, by=olga, **period)
    assert start_trial(change, by=olga, **period) == first

    monkeypatch.setattr("registrations.services.simulating._KEPT_OF_CHANGES", 2)
    version = simulated(RegistrationPolicy.objects.get(version=1), olga)
    for _ in range(3):
        tried(change)
    assert (
        Simulation.objects.filter(policy=None).count() == 2
        and Simulation.objects.filter(pk=version.pk).exists()
    )
