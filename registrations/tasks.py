"""The sweeps that beat asks for. The database decides what is due."""

from celery import shared_task

from registrations.services.expiry import expire_registrations as expire
from registrations.services.reminders import send_reminders as remind


@shared_task(name="registrations.send_reminders")
def send_reminders() -> None:
    """Writes due reminders and final notices into the outbox."""
    remind()


@shared_task(name="registrations.expire_registrations")
def expire_registrations() -> None:
    """Expires what has run out and was warned of."""
    expire()
