"""Simulating a version, or a change of rights and requirements, on the time in which it was in force is history itself,
whatever came and went meanwhile."""

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from catalog.models import Industry
from core.clock import fixed
from policies.models import ExclusiveRight, ProductAuthorisation, RegistrationPolicy
from policies.planned import Change, change_of_requirement, change_of_right
from registrations.models import PolicyRun
from registrations.services.simulating import run_simulations
from registrations.services.simulations import start_simulation, start_trial
from registrations.simulation.tally import cells_from_json
from tests.people import MONDAY
from tests.policies.makers import circle, licence, territory
from tests.registrations.simulations import histories

pytestmark = pytest.mark.django_db
YEARS = timedelta(days=400)


@pytest.fixture
def world(alice, charlie, olga, gateways, sensors, europe):
    """Built once; each history is rolled back to here."""

    def made():
        return histories.World(
            people=[alice, charlie],
            olga=olga,
            lines=[gateways, sensors],
            places=[europe, north],
            trade=trade,
            paper=licence(),
            circle=founders,
        )

    north, founders = territory("north", "SE", "NO"), circle(olga, "Founders")
    founders.created_at = MONDAY - YEARS  # always there: who is in it then counts, not who is today
    founders.save(update_fields=["created_at"])
    trade = Industry.objects.create(code="metals-then", name="Metals")
    return made


def came_into_force(end):
    """Each right and requirement, and each end of a right, with the time in which it stood; none of an instant."""
    found = []
    for right in ExclusiveRight.objects.standing().select_related(
        "partner", "product_line", "territory", "industry"
    ):
        found.append((change_of_right(right), right.begins_at, right.ends_at or end))
        found.append((change_of_right(right, ended=True), right.ends_at or end, end))
    rows = ProductAuthorisation.objects.standing().order_by("product_line_id", "effective_from")
    for row, following in pairwise([*rows.select_related("product_line"), None]):
        same_line = following is not None and following.product_line_id == row.product_line_id
        found.append(
            (change_of_requirement(row), row.effective_from, following.effective_from if same_line else end)
        )
    return [one for one in found if one[1] < one[2]]


@settings(
    max_examples=12,
    phases=[
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ],  # what happened is told; making it shorter takes minutes
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(st.data())
def test_every_version_replays_the_history_that_it_decided(world, data):
    with transaction.atomic():
        now = world()
        histories.lead(now, data.draw)
        versions = list(RegistrationPolicy.objects.order_by("effective_from"))
        ends = [version.effective_from for version in versions[1:]] + [now.now + YEARS]
        runs = PolicyRun.objects.values_list("landing", "rules")
        for landing, rules in runs:
            event(f"{landing} by {', '.join(rules) or 'nothing'}")

        looked_at = 0
        for version, until in zip(versions, ends, strict=True):
            clock = fixed(until)
            simulation = start_simulation(
                version, by=now.olga, since=version.effective_from, until=until, clock=clock
            )
            run_simulations(clock=clock)
            simulation.refresh_from_db()
            found = list(simulation.cases.values_list("registration__company_name", "before", "reasons"))
            assert (found, simulation.unsettled) == ([], 0), now.happened
            assert all(before == after for before, after, _ in cells_from_json(simulation.cells))
            looked_at += simulation.looked_at

        assert looked_at == len(runs)
        for number, (change, since, until) in enumerate(came_into_force(now.now + YEARS)):
            clock = fixed(now.now + YEARS)
            change = Change.from_json(json.loads(json.dumps(change.as_json())))
            if number % 2:  # together with the version of that time
                version = RegistrationPolicy.objects.in_force(since)
                until = min(until, ends[versions.index(version)])
                asked = {"by": now.olga, "since": since, "until": until, "clock": clock}
                simulation = start_simulation(version, beside=[change], **asked)
            else:
                simulation = start_trial(change, by=now.olga, since=since, until=until, clock=clock)
            run_simulations(clock=clock)
            simulation.refresh_from_db()
            event(f"{change.kind}: {min(simulation.looked_at, 3)} or more")
            assert (list(simulation.cases.all()), simulation.state) == ([], "done"), (change, now.happened)
            assert simulation.looked_at == PolicyRun.objects.filter(at__gte=since, at__lt=until).count()
        transaction.set_rollback(True)
