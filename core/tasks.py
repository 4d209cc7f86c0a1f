"""The pulse that shows that beat, broker and worker really hand work to each other; and what leaves the disk."""

from celery import shared_task

from core.clock import database_clock
from core.models import Heartbeat
from core.old_files import remove_old_files

WORKER = "worker"


@shared_task(name="core.remove_old_files")
def old_files() -> None:
    """Files of drafts that were given up, and those that no row names, leave the disk."""
    remove_old_files()


@shared_task(name="core.heartbeat")
def heartbeat() -> None:
    """Moves the worker's pulse to now."""
    Heartbeat.objects.beat(WORKER, database_clock())
