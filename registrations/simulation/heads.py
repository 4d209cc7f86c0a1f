"""A simulation in a few words: how far it is, what it found."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from catalog.money import whole
from core import shown
from policies.planned import Change
from registrations.enums import SimulationState
from registrations.models import Simulation
from registrations.simulation.tally import cells_from_json, moved
from registrations.simulation.telling import sentence

_TONES = {
    SimulationState.WAITING: "wait",
    SimulationState.RUNNING: "info",
    SimulationState.DONE: "ok",
    SimulationState.FAILED: "stop",
    SimulationState.CANCELLED: "off",
}
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Head:
    """How far it is, and what it found, in a few words. `beside` are the changes that were tried together with a version."""

    label: str
    tone: str
    period: str
    asked: str
    sentence: str
    progress: str
    looked_at: str
    moved: str
    share: str
    moved_value: str
    unsettled: int
    reconstructed: int
    beside: list[str]


def head_of(simulation: Simulation) -> Head:
    """The figures above the table."""
    cells = cells_from_json(simulation.cells)
    found = moved(cells)
    counted = sum(cell.number for cell in cells.values())
    return Head(
        label=SimulationState(simulation.state).label,
        tone=_TONES[SimulationState(simulation.state)],
        period=period_of(simulation),
        asked=f"{_when(simulation.created_at)}, {simulation.created_by or 'Concord'}",
        sentence=sentence(cells, simulation.unsettled) if simulation.state == SimulationState.DONE else "",
        progress=f"{simulation.looked_at:,} of {simulation.total:,}",
        looked_at=f"{simulation.looked_at:,}",
        moved=f"{found.number:,}",
        share=shown.percent(100 * found.number / counted) if counted else "",
        moved_value=whole(found.value),
        unsettled=simulation.unsettled,
        reconstructed=simulation.reconstructed,
        beside=[Change.from_json(one).title for one in simulation.beside],
    )


def period_of(simulation: Simulation) -> str:
    """'1 March 2026 to 30 June 2026', in the reader's days."""
    last = timezone.localtime(simulation.until)
    if (last.hour, last.minute, last.second) == (0, 0, 0):
        last = timezone.localtime(simulation.until - _INSTANT)
    return f"{_day(timezone.localtime(simulation.since))} to {_day(last)}"


def _when(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-d %b %Y, %H:%M}"


def _day(moment: datetime) -> str:
    return f"{moment:%-d %b %Y}"
