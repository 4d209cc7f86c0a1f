"""Two workers at one simulation at the same moment: each portion is done once."""

from datetime import timedelta

import pytest

from registrations.enums import SimulationState
from registrations.models import PolicyRun, Simulation
from registrations.services import simulating
from registrations.services.simulating import run_simulations
from registrations.services.simulations import start_simulation
from tests.concurrency.racing import race
from tests.people import MONDAY
from tests.registrations.simulations.given import draft_with

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_find_what_one_finds(alice, olga, register, monkeypatch):
    for number in range(6):
        register(alice, f"Mill {number} Works AG")
    row = PolicyRun.objects.values("registration_id", "policy_id", "at", "landing", "facts")[0]
    PolicyRun.objects.bulk_create(PolicyRun(**row, occasion="turn") for _ in range(60))
    monkeypatch.setattr(simulating, "_CLAIM", timedelta(seconds=-1))  # nobody is kept out by a claim
    draft = draft_with(auto_approve=False)
    simulation = start_simulation(draft, by=olga, since=MONDAY, until=MONDAY + timedelta(days=1))

    assert race(*[lambda: run_simulations(portion=3)] * 2) == [False, False]

    simulation = Simulation.objects.get(pk=simulation.pk)
    assert (simulation.state, simulation.total, simulation.looked_at) == (SimulationState.DONE, 66, 66)
    assert simulation.cases.count() == 66 and simulation.failures == 0
