"""Simulations of real submissions: history replayed, portions cut short and repeated, one at a time."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.clock import fixed
from core.errors import BadInput, NotAllowed, WrongStatus
from notifications import announcing
from partners.enums import PartnerStatus
from policies.facts import Facts
from policies.models import RegistrationPolicy
from policies.services import publish_version
from registrations import tasks
from registrations.enums import Occasion, SimulationState
from registrations.models import PolicyRun, Registration, Simulation
from registrations.services import decisions, partner_actions, simulating
from registrations.services.simulating import run_simulations
from registrations.services.simulations import as_simulated, cancel_simulation, is_stale, start_simulation
from registrations.simulation.tally import cells_from_json, matrix
from tests.people import MONDAY, MONDAY_CLOCK
from tests.registrations.simulations.given import draft_with, simulated

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


def later(hours):
    return fixed(MONDAY + timedelta(hours=hours))


@pytest.fixture
def history(alice, charlie, olga, mara, southridge, register):
    """Two days, a version each: approved, reviewed, waitlisted, refused; a turn in line; Southridge suspended."""
    held = register(alice, "Acme Pumps GmbH")
    register(alice, "Large Works AG", value=Decimal(150_000), clock=later(1))
    second = register(charlie, "Acme Pumps", clock=later(2))
    decisions.put_on_waitlist(second, behind=held, by=mara, clock=later(3))
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice, clock=later(4))
    publish_version(
        by=olga,
        settings={"refuse_public_tender": True, "waitlist_same": True},
        note="Tenders are direct.",
        clock=fixed(TUESDAY),
    )
    register(alice, "Town of Ulm", tender=True, clock=later(25))
    register(charlie, "Nordhavn Shipping", clock=later(26))
    register(alice, "Nordhavn Shipping", clock=later(27))
    southridge.status = PartnerStatus.SUSPENDED
    southridge.save(update_fields=["status"])
    register(charlie, "Late Foods BV", clock=later(28))


def landings():
    return list(PolicyRun.objects.order_by("at", "id").values_list("occasion", "landing", "policy__version"))


def found(simulation):
    """What a simulation has found, without what numbers its rows."""
    cases = simulation.cases.order_by("registration", "run").values_list(
        "registration__company_name", "occasion", "before", "after", "rule", "reasons", "value_in_base"
    )
    return simulation.looked_at, simulation.unsettled, simulation.cells, list(cases)


def test_each_run_is_kept_with_facts_landing_and_version(history):
    assert landings() == [
        ("submission", "approved", 1),
        ("submission", "in_review", 1),
        ("submission", "in_review", 1),
        ("turn", "approved", 1),
        ("submission", "refused", 2),
        ("submission", "approved", 2),
        ("submission", "waitlisted", 2),
        ("submission", "refused", 2),
    ]
    large = PolicyRun.objects.get(registration__company_name="Large Works AG")
    facts = Facts.from_json(large.facts)
    assert (large.at, large.rules, facts.at) == (facts.at, ["value"], MONDAY + timedelta(hours=1))
    assert (facts.value_in_base, facts.open_registrations) == (Decimal(150_000), 1)
    assert PolicyRun.objects.get(occasion=Occasion.TURN).only_refusals
    for change in (lambda: PolicyRun.objects.update(landing="approved"), PolicyRun.objects.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_the_version_that_was_in_force_does_what_was_done(history, olga):
    first, second = RegistrationPolicy.objects.order_by("version")

    one = simulated(first, olga, until=TUESDAY)
    two = simulated(second, olga, since=TUESDAY)

    assert (one.looked_at, two.looked_at) == (4, 4)
    for simulation in (one, two):
        assert (simulation.state, simulation.unsettled) == (SimulationState.DONE, 0)
        assert not simulation.cases.exists()
        assert all(before == after for before, after, _ in cells_from_json(simulation.cells))


def test_a_draft_lands_some_elsewhere_and_says_why(history, olga):
    draft = draft_with(auto_approve_below=Decimal(200_000), refuse_public_tender=False)

    simulation = simulated(draft, olga)

    assert (simulation.total, simulation.looked_at, simulation.reconstructed) == (8, 8, 0)
    told = {
        case.registration.company_name: (case.before, case.after, case.rule, case.reasons[0]["part"])
        for case in simulation.cases.all()
    }
    assert told == {
        "Large Works AG": ("in_review", "approved", "value", "gone"),
        "Town of Ulm": ("refused", "approved", "tender", "gone"),
        "Nordhavn Shipping": ("waitlisted", "in_review", "held", "gone"),
    }
    large = simulation.cases.get(rule="value")
    assert (large.value_in_base, large.tier) == (Decimal(150_000), "registered")
    assert large.reasons[0]["words"].startswith("Deals of 100,000 and more in our own currency")
    table = {
        pair: cell.number for pair, cell in matrix(cells_from_json(simulation.cells)).items() if cell.number
    }
    assert sum(table.values()) == 8 and table["in_review", "approved"] == 1


def test_portions_of_any_size_find_the_same(history, olga):
    draft = draft_with(auto_approve=False)

    whole = found(simulated(draft, olga))

    assert whole[0] == 8 and len(whole[3]) == 4
    for portion in (1, 3, 8):
        assert found(simulated(draft, olga, portion=portion, seconds=0)) == whole


class Killed(BaseException):
    """What a process that is gone leaves behind: nothing is caught."""


@pytest.mark.parametrize("at", [1, 3])
def test_killed_in_the_middle_it_goes_on_where_the_last_portion_ended(history, olga, monkeypatch, at):
    draft = draft_with(auto_approve=False)
    whole = found(simulated(draft, olga))
    simulation = start_simulation(draft, by=olga, since=MONDAY, until=TUESDAY + timedelta(days=9))
    portions, advance = [], simulating._advance

    def killed(*args):
        portions.append(args)
        if len(portions) == at:
            raise Killed
        advance(*args)

    monkeypatch.setattr(simulating, "_advance", killed)
    began = MONDAY + timedelta(days=30)
    with pytest.raises(Killed):
        run_simulations(portion=2, clock=fixed(began))
    assert run_simulations(portion=2, clock=fixed(began)) is False, "somebody may still be at it"
    simulation.refresh_from_db()
    assert (simulation.state, simulation.looked_at) == (SimulationState.RUNNING, 2 * (at - 1))

    run_simulations(portion=2, clock=fixed(began + timedelta(minutes=2)))
    run_simulations(portion=2, clock=fixed(began + timedelta(minutes=2)))

    simulation.refresh_from_db()
    assert simulation.state == SimulationState.DONE
    assert found(simulation) == whole


@pytest.mark.parametrize("part", ["next_cases", "_books"])
def test_a_portion_that_fails_is_tried_again_then_told(history, olga, monkeypatch, part):
    simulation = start_simulation(draft_with(), by=olga, since=MONDAY, until=TUESDAY)

    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(simulating, part, broken)
    for attempt, seconds in enumerate((0, 30, 60), 1):
        run_simulations(clock=fixed(MONDAY + timedelta(days=30, seconds=seconds)))
        simulation.refresh_from_db()
        assert simulation.failures == attempt
    assert simulation.state == SimulationState.FAILED and simulation.finished_at is not None
    assert not run_simulations(clock=fixed(MONDAY + timedelta(days=31)))


def test_what_cannot_be_read_stops_nothing(history, olga):
    row = PolicyRun.objects.first()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registrations_policyrun (registration_id, occasion, at, policy_id, landing, rules, facts) "
            "VALUES (%s, 'turn', %s, %s, 'approved', '{}', '{\"at\": \"some day\"}')",
            [row.registration_id, row.at, row.policy_id],
        )

    simulation = simulated(draft_with(), olga)

    assert (simulation.looked_at, simulation.unsettled) == (9, 1)
    assert simulation.cases.get(unsettled=True).rule == "unreadable"


def test_one_at_a_time_and_called_off(history, olga, mara):
    draft = draft_with(auto_approve=False)
    asked = {"since": MONDAY, "until": TUESDAY}
    first = start_simulation(draft, by=olga, **asked)
    assert start_simulation(draft, by=olga, **asked) == first
    run_simulations(portion=1, seconds=0, clock=fixed(TUESDAY))

    with pytest.raises(NotAllowed):
        cancel_simulation(first, by=mara)
    cancel_simulation(first, by=olga)
    assert run_simulations(clock=fixed(TUESDAY)) is False
    first.refresh_from_db()
    assert (first.state, first.looked_at) == (SimulationState.CANCELLED, 1)
    with pytest.raises(WrongStatus):
        cancel_simulation(first, by=olga)

    assert start_simulation(draft, by=olga, **asked) != first
    with pytest.raises(NotAllowed):
        start_simulation(draft, by=mara, **asked)
    for since, until, field in ((TUESDAY, MONDAY, "until"), (MONDAY, MONDAY, "until")):
        with pytest.raises(BadInput) as refused:
            start_simulation(draft, by=olga, since=since, until=until)
        assert refused.value.field == field
    with pytest.raises(BadInput, match="ahead"):
        start_simulation(draft, by=olga, since=TUESDAY, until=TUESDAY + timedelta(days=1), clock=MONDAY_CLOCK)


def test_a_draft_that_changes_meanwhile_is_simulated_as_it_was_and_told_as_changed(history, olga):
    draft = draft_with(auto_approve_below=Decimal(200_000))
    simulation = start_simulation(draft, by=olga, since=MONDAY, until=TUESDAY)
    RegistrationPolicy.objects.filter(pk=draft.pk).update(auto_approve_below=Decimal(10))

    run_simulations(clock=fixed(TUESDAY))

    simulation.refresh_from_db()
    assert simulation.cases.get().after == "approved"
    assert as_simulated(simulation).auto_approve_below == Decimal(200_000)
    assert is_stale(simulation)
    assert not is_stale(simulated(RegistrationPolicy.objects.get(pk=draft.pk), olga))


def test_old_simulations_of_a_version_make_room(history, olga):
    draft = draft_with()
    codes = [simulated(draft, olga).code for _ in range(7)]

    assert set(Simulation.objects.values_list("code", flat=True)) == set(codes[-5:])


def test_a_simulation_changes_nothing_and_asks_few_questions(history, olga):
    draft = draft_with(auto_approve=False)
    start_simulation(draft, by=olga, since=MONDAY, until=TUESDAY + timedelta(days=9))
    before = list(Registration.objects.order_by("pk").values()), landings()

    with CaptureQueriesContext(connection) as asked:
        run_simulations(clock=fixed(TUESDAY + timedelta(days=20)))

    assert (list(Registration.objects.order_by("pk").values()), landings()) == before
    written = [query["sql"].split('"')[1] for query in asked if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert set(written) <= {"registrations_simulation", "registrations_simulatedcase"}
    assert len(asked) < 45


def test_workers_are_woken_and_take_turns(
    history, olga, monkeypatch, settings, django_capture_on_commit_callbacks
):
    woken, more = [], [False]
    monkeypatch.setattr(announcing, "announce", lambda countdown, task: woken.append((countdown, task)))
    monkeypatch.setattr(tasks, "announce", announcing.announce)
    monkeypatch.setattr(tasks, "simulate", more.pop)

    with django_capture_on_commit_callbacks(execute=True):
        start_simulation(draft_with(), by=olga, since=MONDAY, until=TUESDAY)
    assert woken == [(0, tasks.run_simulations.name)]
    tasks.run_simulations()
    assert len(woken) == 1, "nothing was left to do"
    more.append(True)
    tasks.run_simulations()
    assert len(woken) == 2
    assert tasks.run_simulations.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
