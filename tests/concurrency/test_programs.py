"""Two applications of one firm, two submissions of one attempt, two nightly computations: each counts once."""

import pytest

from core.errors import WrongStatus
from partners.models import Certificate
from programs import quizzes
from programs.models import Attempt, Enrolment, Move, Take
from programs.services import enrolling
from programs.services.tiers import computing
from programs.services.tiers.computing import compute_tiers
from programs.services.training import granting, taking
from tests.concurrency.racing import meeting, race
from tests.people import MONDAY_CLOCK, make_user
from tests.programs.makers import (
    RIGHT,
    WRONG,
    criterion,
    make_module,
    make_path,
    make_program,
    make_type,
    told,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_applications_are_one(olga, bob, northgate, monkeypatch):
    program = make_program(olga)
    other = make_user("Bea", "partner_admin", northgate)
    monkeypatch.setattr(enrolling, "is_for", meeting(enrolling.is_for, 2))

    results = race(
        lambda: enrolling.apply(program, by=bob, clock=MONDAY_CLOCK),
        lambda: enrolling.apply(program, by=other, clock=MONDAY_CLOCK),
    )

    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [WrongStatus]
    assert Enrolment.objects.count() == 1
    assert told("program.applied") == ["olga@vendor.example"]


def test_a_double_submit_counts_once(olga, alice, monkeypatch):
    module = make_module(olga, "Rules")
    path = make_path(olga, "Selling", module, grants=make_type())
    begun = race(*[lambda: taking.begin(path, by=alice, clock=MONDAY_CLOCK)] * 2)
    assert begun[0] == begun[1] and Take.objects.count() == 1
    started = race(*[lambda: taking.start_attempt(module, by=alice, clock=MONDAY_CLOCK)] * 2)
    assert started[0] == started[1] and Attempt.objects.count() == 1
    monkeypatch.setattr(quizzes, "score", meeting(quizzes.score, 2))

    first, second = race(
        lambda: taking.submit_attempt(started[0], RIGHT, by=alice, clock=MONDAY_CLOCK),
        lambda: taking.submit_attempt(started[0], WRONG, by=alice, clock=MONDAY_CLOCK),
    )

    assert first.attempt.score == second.attempt.score == Attempt.objects.get().score
    assert Certificate.objects.count() == int(first.attempt.passed)


def test_two_paths_to_one_certification_passed_at_once_give_one(olga, alice, monkeypatch):
    kind, modules = make_type(), [make_module(olga, name, quiz=False) for name in ("One", "Two")]
    for module in modules:
        taking.begin(make_path(olga, module.name, module, grants=kind), by=alice, clock=MONDAY_CLOCK)
    monkeypatch.setattr(granting, "_given_as_long", meeting(granting._given_as_long, 2))

    passed = race(
        *[lambda one=one: taking.finish_module(one, by=alice, clock=MONDAY_CLOCK) for one in modules]
    )

    assert [[path.name for path in paths] for paths in passed] == [["One"], ["Two"]]
    assert {take.certificate for take in Take.objects.select_related("certificate")} == {
        Certificate.objects.get()
    }


def test_two_computations_propose_one_move(mara, bob, northgate, monkeypatch):
    criterion("gold", "registrations", 5)
    northgate.tier = "gold"
    northgate.save(update_fields=["tier"])
    monkeypatch.setattr(computing, "_declined_since", meeting(computing._declined_since, 2))

    first, second = race(*[lambda: compute_tiers(clock=MONDAY_CLOCK)] * 2)

    assert sorted([*first.proposed, *second.proposed]) == [northgate.code]
    assert (Move.objects.count(), told("tier.proposed")) == (1, ["mara@vendor.example"])
    assert first.failed == second.failed == []
