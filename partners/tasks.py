"""The sweeps that beat asks for. The database decides what is due."""

from celery import shared_task

from partners.services.agreements import ask_to_accept as ask
from partners.services.certificates import send_certificate_warnings
from partners.services.sweeping import sweep_firms


@shared_task(name="partners.warn_of_certificates")
def warn_of_certificates() -> None:
    """Warns of certificates that end, and tells what closed with those that did."""
    send_certificate_warnings()


@shared_task(name="partners.ask_to_accept")
def ask_to_accept() -> None:
    """Writes to the firms that are asked to accept an agreement."""
    ask()


@shared_task(name="partners.sweep_firms")
def sweep() -> None:
    """Reminds of steps that fall due, forgets applications that nobody confirmed, ends what came too late."""
    sweep_firms()
