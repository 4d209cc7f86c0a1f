"""Random lives of registrations (hypothesis, stateful): never two holders, a lost mail, a broken chain, a negative place or
a status that the workflow does not know.

A step is a real service call with its locks, timeline and outbox, some 22 statements. Here are 10,000, the same each time,
in parts that can run side by side; `make bench ARGS="life"` takes 200,000, always others.
"""

from unittest import mock

import pytest
from hypothesis import Phase

from registrations.services import timeline
from tests.registrations import life

pytestmark = pytest.mark.django_db
LAST_OF = timeline._last_of
PARTS, STEPS = 4, 2500
KINDS = (
    "submit offer move_up waitlist assign ask_information refuse withdraw revoke update win propose agree share conflict_noted "
    "reminder final_notice ask_extension"
).split()


@pytest.fixture
def world(db):
    life.Life.world = life.World()


@pytest.mark.parametrize("part", range(PARTS))
def test_random_lives(part, world):
    seen = life.lead(STEPS, first_seed=10_000 * part)

    assert life.Life.steps >= STEPS
    # Lives in which nothing happens would prove nothing.
    for kind in KINDS:
        assert seen[kind], f"no {kind} in {seen}"


def begins_anew(registrations):
    """What a timeline's entries follow from, without the seal of the one before."""
    return {pk: (number, "") for pk, (number, _) in LAST_OF(registrations).items()}


@pytest.mark.parametrize(
    ("rule", "instead", "found"),
    [
        ("transitions.holdings.reserve", mock.Mock(), "is offered and keeps nothing"),
        ("transitions.holdings.release", mock.Mock(), "is [a-z]+ and keeps"),
        ("notices.decided", mock.Mock(), "nobody was told of"),
        ("timeline._last_of", begins_anew, "chains are broken"),
    ],
)
def test_a_rule_that_is_broken_is_found(rule, instead, found, world):
    """The controls: an offer that keeps nothing, an end that gives nothing back, a decision that nobody is told of, a
    timeline whose entries do not hold together."""
    broken = mock.patch(f"registrations.services.{rule}", instead)
    with broken, pytest.raises(AssertionError, match=found):
        life.lead(STEPS, first_seed=0, phases=[Phase.generate])
