"""The outbox as a job. Time limits and delivery are set in prm/settings/jobs.py."""

from celery import shared_task

from notifications.sending import send_outbox as send


@shared_task(name="notifications.send_outbox")
def send_outbox() -> None:
    """Sends what is due. Safe to run never, twice, or by two workers at once: each message is claimed by one."""
    send()
