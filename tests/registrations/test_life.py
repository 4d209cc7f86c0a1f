"""Random lives of registrations (hypothesis, stateful): never two holders, a lost mail, a broken chain, a negative place or
a status that the workflow does not know.

A step is a real service call with its locks, timeline and outbox, some 30 ms of CPU: here are about 600 of them, nearly
always the same; `make bench ARGS="life"` takes 200,000, always others.
"""

from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.registrations import life

pytestmark = pytest.mark.django_db
LIVES, STEPS = 8, 90


@pytest.fixture
def live(db):
    """`live(lives)` lets the machine run; the same steps each time."""
    life.Life.world = life.World()

    def run(lives, **more):
        how = {"deadline": None, "database": None, "derandomize": True, "print_blob": False}
        how |= {
            "suppress_health_check": list(HealthCheck),
            "stateful_step_count": STEPS,
            "max_examples": lives,
        }
        run_state_machine_as_test(life.Life, settings=settings(**how, **more))

    with life.cheap(life.Life.world):
        yield run


def test_random_lives(live):
    before, seen = life.Life.steps, life.Life.happened
    live(LIVES)

    assert life.Life.steps - before > LIVES * STEPS / 2
    # Lives in which nothing happens would prove nothing.
    for kind in ("submit", "offer", "move_up", "waitlist", "assign", "withdraw", "revoke", "propose"):
        assert seen[kind], f"no {kind} in {seen}"


def test_a_rule_that_is_broken_is_found(live):
    """The control: an offer that keeps nothing for whom it is made."""
    nothing = mock.patch("registrations.services.transitions.holdings.reserve")
    with nothing, pytest.raises(AssertionError, match="is offered and keeps"):
        live(LIVES, phases=[Phase.generate])
