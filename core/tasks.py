"""The pulse that shows that beat, broker and worker really hand work to each other."""

from celery import shared_task

from core.clock import database_clock
from core.models import Heartbeat

WORKER = "worker"


@shared_task(name="core.heartbeat")
def heartbeat() -> None:
    """Moves the worker's pulse to now."""
    Heartbeat.objects.beat(WORKER, database_clock())
