"""Random lives of registrations (hypothesis, stateful): never two holders, a lost mail, a broken chain, a negative place or
a status that the workflow does not know.

A step is a real service call with its locks, timeline and outbox, some 22 statements. Here are 10,000, in parts that can run
side by side; `make bench ARGS="life"` takes 200,000. Seeds are given, but what hypothesis draws depends on the modules that are
loaded, too: a kind that is rare may be missing from a part, which then goes on until it was met.
"""

from unittest import mock

import pytest
from hypothesis import Phase

from registrations.services import holdings, notices, timeline
from tests.registrations import life

pytestmark = pytest.mark.django_db
LAST_OF = timeline._last_of
TELL = notices.tell_partner
PARTS, STEPS = 4, 2500
MORE, AT_MOST_MORE = 500, 20  # steps, and how often
KINDS = [
    *"submit offer move_up waitlist assign ask_information refuse withdraw revoke update win propose agree share".split(),
    *"conflict_noted reminder final_notice ask_extension judge customer_letter proposal_taken_back".split(),
    *"appeal grant_appeal dismiss_appeal undo reopen appeal_closed".split(),
    "undo: WrongStatus",  # the mail has left, or something happened since
]


@pytest.fixture
def world(db):
    life.Life.world = life.World()


@pytest.mark.parametrize("part", range(PARTS))
def test_random_lives(part, world):
    seen = life.lead(STEPS, first_seed=10_000 * part)

    assert life.Life.steps >= STEPS
    for more in range(1, AT_MOST_MORE + 1):
        if all(seen[kind] for kind in KINDS):
            break
        seen += life.lead(MORE, first_seed=10_000 * part + 100 * more)
    # Lives in which nothing happens would prove nothing.
    for kind in KINDS:
        assert seen[kind], f"no {kind} in {seen}"


def begins_anew(registrations):
    """What a timeline's entries follow from, without the seal of the one before."""
    return {pk: (number, "") for pk, (number, _) in LAST_OF(registrations).items()}


def but_not_of(event):
    """Partners are told of everything but this."""

    def tell(registration, about, **rest):
        return None if about == event else TELL(registration, about, **rest)

    return tell


def lead_all_parts():
    """Mostly the first part shows what is broken."""
    for part in range(PARTS):
        life.lead(STEPS, first_seed=10_000 * part, phases=[Phase.generate])


@pytest.mark.parametrize(
    ("rule", "instead", "found"),
    [
        (
            "transitions.holdings",
            mock.Mock(wraps=holdings, reserve=mock.Mock()),
            "is offered and keeps nothing",
        ),
        ("transitions.holdings.release", mock.Mock(), "is [a-z]+ and keeps"),
        ("notices.decided", mock.Mock(), "nobody was told of"),
        ("timeline._last_of", begins_anew, "chains are broken"),
        ("places.place_in_line", lambda deal: -1, "has the place -1"),
        ("undo._stop_mail", mock.Mock(), "was undone and told"),
        *[
            ("notices.tell_partner", but_not_of(event), rf"no mail was written.*{event}")
            for event in ("registration.reminder", "registration.final_notice")
        ],
        ("notices.tell_manager", mock.Mock(return_value=None), "no mail was written.*registration.silent"),
    ],
)
def test_a_rule_that_is_broken_is_found(rule, instead, found, world):
    """The controls: an offer that keeps nothing, an end that gives nothing back, a decision that nobody is told of, a
    timeline whose entries do not hold together, a place below the first, an undo that lets the mail leave, a reminder or a
    warning without its mail, a manager who does not hear of silence."""
    broken = mock.patch(f"registrations.services.{rule}", instead)
    with broken, pytest.raises(AssertionError, match=found):
        lead_all_parts()
