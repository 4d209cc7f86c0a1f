"""The sweep that beat asks for. The database decides what is due."""

from celery import shared_task

from leads.services.sweeping import sweep_leads


@shared_task(name="leads.sweep_leads")
def sweep() -> None:
    """Reminds of deadlines, pulls back what they passed for, and offers it on."""
    sweep_leads()
