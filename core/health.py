"""Is the portal well? Other apps add figures of their own with `add_figure`, since core knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, InterfaceError

from core.clock import database_clock
from core.models import Heartbeat

# Beat moves the pulse every 30 seconds (prm/settings/jobs.py); four missed in a row are no accident.
STALE_AFTER = timedelta(seconds=120)

Figure = Callable[[], object]
_figures: dict[str, Figure] = {}


@dataclass(frozen=True)
class Health:
    """What the health page says: `ready` decides between 200 and 503, `report` is its body."""

    ready: bool
    report: dict[str, object]


def add_figure(name: str, figure: Figure) -> None:
    """Adds a figure, read each time, to the health report. It informs; it does not decide."""
    _figures[name] = figure


def examine() -> Health:
    """Asks the database, looks at every pulse and collects the figures. Never raises for a database that is away."""
    try:
        now = database_clock()
        ages = {name: (now - at).total_seconds() for name, at in Heartbeat.objects.values_list("name", "at")}
        figures = {name: figure() for name, figure in _figures.items()}
    except (DatabaseError, InterfaceError):
        return Health(ready=False, report={"database": "unreachable"})
    stale = sorted(name for name, age in ages.items() if age > STALE_AFTER.total_seconds())
    report: dict[str, object] = {
        "database": "ok",
        "heartbeat_age_seconds": {name: round(age, 1) for name, age in sorted(ages.items())},
        "stale": stale,
        **figures,
    }
    return Health(ready=not stale, report=report)
