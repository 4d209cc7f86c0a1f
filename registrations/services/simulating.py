"""Working on simulations, portion by portion. Safe to run never, twice, or by two workers at once."""

import logging
import time
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, QuerySet

from core.clock import Clock, database_clock
from policies.planned import Change
from registrations.enums import UNFINISHED, SimulationState
from registrations.models import SimulatedCase, Simulation
from registrations.services.simulations import as_simulated
from registrations.simulation.books import Books
from registrations.simulation.case import Case, Cursor
from registrations.simulation.cases import count, next_cases
from registrations.simulation.comparing import Comparison, compare
from registrations.simulation.tally import Tally, cells_from_json

log = logging.getLogger(__name__)

PORTION = 1000
# So long nobody else takes a simulation that somebody works on; each portion renews it.
_CLAIM = timedelta(minutes=1)
_PAUSE = timedelta(seconds=10)  # after a portion that failed
_MOST_FAILURES = 3  # of one portion
_MOVED = (
    *(
        "state",
        "finished_at",
        "claimed_until",
        "failures",
        "looked_at",
        "reconstructed",
        "unsettled",
        "cells",
    ),
    *("cursor_kept", "cursor_at", "cursor_id"),
)
_KEPT = 5  # simulations of one version; older ones make room
_KEPT_OF_CHANGES = 40


def run_simulations(*, seconds: float = 20, portion: int = PORTION, clock: Clock = database_clock) -> bool:
    """Works on what waits, at least one portion, until `seconds` have passed. True if there is more to do.

    A portion is one transaction that holds the simulation's row: cursor, figures and cases move together, so one that is
    cut short leaves nothing and is done again, and one that is asked for twice is done once.
    """
    ends = time.monotonic() + seconds
    while True:
        simulation = _claim(clock())
        if simulation is None:
            return False
        try:
            books = _books(simulation)
            while _portion(simulation.pk, books, portion, clock):
                if time.monotonic() >= ends:
                    _let_go(simulation.pk)
                    return True
        except Exception:
            log.exception("simulation %s: a portion failed", simulation.code)
            _failed(simulation.pk, clock())
        if time.monotonic() >= ends:
            return _to_do(clock()).exists()


def _books(simulation: Simulation) -> Books:
    return Books(
        simulation.since,
        simulation.until,
        trial=as_simulated(simulation) if simulation.policy is not None else None,
        changes=[Change.from_json(one) for one in simulation.all_changes],
        now=simulation.created_at,
    )


def _to_do(now: datetime) -> QuerySet[Simulation]:
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    return Simulation.objects.filter(free, state__in=UNFINISHED).order_by("id")


def _claim(now: datetime) -> Simulation | None:
    with transaction.atomic():
        simulation = (
            _to_do(now).select_for_update(skip_locked=True, of=("self",)).select_related("policy").first()
        )
        if simulation is None:
            return None
        simulation.claimed_until = now + _CLAIM
        if simulation.state == SimulationState.WAITING:
            simulation.state = SimulationState.RUNNING
            simulation.started_at = now
            simulation.total = count(simulation.since, simulation.until)
        simulation.save(update_fields=["claimed_until", "state", "started_at", "total"])
    return simulation


def _portion(pk: int, books: Books, size: int, clock: Clock) -> bool:
    """One portion. False when there is nothing more to do: it is finished, or was called off."""
    with transaction.atomic():
        simulation = (
            Simulation.objects.select_for_update().filter(pk=pk, state=SimulationState.RUNNING).first()
        )
        if simulation is None:
            return False
        cursor = Cursor(simulation.cursor_kept, simulation.cursor_at, simulation.cursor_id)
        cases, following = next_cases(simulation.since, simulation.until, cursor, size)
        tally = Tally(
            simulation.looked_at,
            simulation.reconstructed,
            simulation.unsettled,
            cells_from_json(simulation.cells),
        )
        rows = [row for case in cases if (row := _look_at(case, books, tally, simulation)) is not None]
        SimulatedCase.objects.bulk_create(rows, batch_size=500)
        _advance(simulation, tally, following, clock())
    return following is not None


def _look_at(case: Case, books: Books, tally: Tally, simulation: Simulation) -> SimulatedCase | None:
    """Counts the case; a row for it if it would land elsewhere, or can't be compared."""
    case = books.prepared(case)
    then, now = books.of(case)
    found = compare(case, then=then, now=now)
    value = case.facts.value_in_base if case.facts is not None else None
    value = value or Decimal(0)
    rule = found.reasons[0].rule if found.reasons else ""
    tally.looked_at += 1
    tally.reconstructed += case.reconstructed
    if found.unsettled:
        tally.unsettled += 1
    else:
        tally.count(case.landing, found.after, rule, value)
        if found.after == case.landing:
            return None
    return _row(case, found, rule, value, simulation)


def _row(case: Case, found: Comparison, rule: str, value: Decimal, simulation: Simulation) -> SimulatedCase:
    return SimulatedCase(
        simulation=simulation,
        registration_id=case.registration,
        run=case.run,
        occasion=case.occasion,
        at=case.at,
        before=case.landing,
        after=found.after,
        rule=rule,
        reasons=[asdict(reason) for reason in found.reasons],
        tier=case.facts.firm.tier if case.facts is not None else "",
        value_in_base=value,
        reconstructed=case.reconstructed,
        unsettled=found.unsettled,
    )


def _advance(simulation: Simulation, tally: Tally, following: Cursor | None, now: datetime) -> None:
    simulation.looked_at, simulation.reconstructed = tally.looked_at, tally.reconstructed
    simulation.unsettled, simulation.cells = tally.unsettled, tally.cells_as_json()
    simulation.failures = 0
    if following is None:
        simulation.state, simulation.finished_at, simulation.claimed_until = SimulationState.DONE, now, None
        _make_room(simulation)
    else:
        simulation.cursor_kept, simulation.cursor_at, simulation.cursor_id = (
            following.kept,
            following.at,
            following.id,
        )
        simulation.claimed_until = now + _CLAIM
    simulation.save(update_fields=_MOVED)


def _make_room(simulation: Simulation) -> None:
    """Of changes all together: most are tried once, and never written down."""
    of_changes = simulation.policy is None
    ended = Simulation.objects.filter(policy=simulation.policy).exclude(state__in=UNFINISHED).order_by("-id")
    old = ended[(_KEPT_OF_CHANGES if of_changes else _KEPT) - 1 :]
    Simulation.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()


def _let_go(pk: int) -> None:
    Simulation.objects.filter(pk=pk, state__in=UNFINISHED).update(claimed_until=None)


def _failed(pk: int, now: datetime) -> None:
    """Tried again after a pause, three times; then it is told as failed."""
    running = Simulation.objects.filter(pk=pk, state__in=UNFINISHED)
    running.update(failures=F("failures") + 1, claimed_until=now + _PAUSE)
    running.filter(failures__gte=_MOST_FAILURES).update(
        state=SimulationState.FAILED, finished_at=now, claimed_until=None
    )
