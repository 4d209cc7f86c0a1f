"""A journey as pages show it: the tracker, what is open, what comes next. Later stages are names only: one step at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core import shown
from programs.journeys import Step, Wanted, current_of, next_of

_CLOSED = "Not to be had at present: ask your channel manager"


@dataclass(frozen=True)
class Need:
    """A condition on a page. `value` and `wanted` are for a <progress> where there is something to count."""

    pk: int
    words: str
    note: str
    is_met: bool
    counts: bool
    value: str
    wanted: str
    by_us: bool


def tracker(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The steps for components/tracker.html."""
    current, last = current_of(steps), steps[-1] if steps else None
    return [
        {
            "label": step.stage.name,
            "state": _state(step, current, last),
            "note": shown.day(step.opened_at),
        }
        for step in steps
    ]


def _state(step: Step, current: Step | None, last: Step | None) -> str:
    if step is current and step is not last:
        return "current"
    return "done" if step.opened_at else "todo"


def opening(steps: Sequence[Step]) -> dict[str, Any] | None:
    """What comes next: the stage's name and what it asks for; None at the end of the journey."""
    step = next_of(steps)
    if step is None:
        return None
    needs = [need(wanted) for wanted in step.wanted]
    return {
        "name": step.stage.name,
        "needs": needs,
        "met": sum(one.is_met for one in needs),
        "total": len(needs),
    }


def need(wanted: Wanted) -> Need:
    """One condition for a page."""
    standing = wanted.standing
    return Need(
        pk=wanted.condition.pk,
        words=wanted.words,
        note=standing.note if standing and not wanted.closed else _CLOSED,
        is_met=wanted.is_met,
        counts=standing is not None and standing.wanted > 1,
        value=f"{min(standing.value, standing.wanted):f}" if standing else "0",
        wanted=f"{standing.wanted:f}" if standing else "1",
        by_us=wanted.condition.kind == "vendor",
    )
