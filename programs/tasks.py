"""The sweeps that beat asks for. The database decides what is due."""

from celery import shared_task

from core.clock import database_clock
from notifications.holding import by_calendar
from programs.services.content.arriving import find_arrivals, tell_arrivals
from programs.services.content.telling import remind, tell_audiences
from programs.services.sweeping import sweep_programs
from programs.services.tiers.computing import compute_tiers


@shared_task(name="programs.sweep_programs")
def sweep() -> None:
    """Firms come into automatic programs and leave them, stages open."""
    with by_calendar(database_clock()):
        sweep_programs()


@shared_task(name="programs.compute_tiers")
def compute() -> None:
    """Figures of the day, and the moves between tiers that follow."""
    with by_calendar(database_clock()):
        compute_tiers()


@shared_task(name="programs.tell_arrivals")
def arrivals() -> None:
    """The people of firms that joined a group or program hear of what is in the library for them."""
    find_arrivals()
    tell_arrivals()


@shared_task(name="programs.sweep_content")
def sweep_content() -> None:
    """The audience of what was published is told; who has not acknowledged is reminded."""
    tell_audiences()
    remind()
