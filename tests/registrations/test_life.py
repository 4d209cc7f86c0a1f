"""Random lives of registrations (hypothesis, stateful): never two holders, a lost mail, a broken chain, a negative place or
a status that the workflow does not know.

A step is a real service call with its locks, timeline and outbox, some 30 statements. Here are 2,000, the same each time,
in parts that can run side by side; `make bench ARGS="life"` takes 200,000, always others.
"""

from unittest import mock

import pytest
from hypothesis import Phase

from tests.registrations import life

pytestmark = pytest.mark.django_db
PARTS, STEPS = 2, 1000


@pytest.fixture
def world(db):
    life.Life.world = life.World()


@pytest.mark.parametrize("part", range(PARTS))
def test_random_lives(part, world):
    seen = life.lead(STEPS, first_seed=10_000 * part)

    assert life.Life.steps >= STEPS
    # Lives in which nothing happens would prove nothing.
    for kind in ("submit", "offer", "move_up", "waitlist", "assign", "withdraw", "revoke", "propose"):
        assert seen[kind], f"no {kind} in {seen}"


def test_a_rule_that_is_broken_is_found(world):
    """The control: an offer that keeps nothing for whom it is made."""
    nothing = mock.patch("registrations.services.transitions.holdings.reserve")
    with nothing, pytest.raises(AssertionError, match="is offered and keeps nothing"):
        life.lead(STEPS, first_seed=0, phases=[Phase.generate])
