"""The sweeps that beat asks for. The database decides what is due."""

from celery import shared_task
from django.conf import settings

from notifications.announcing import announce
from registrations.services.escalations import escalate_overdue as escalate
from registrations.services.expiry import expire_registrations as expire
from registrations.services.mail_in.fetching import fetch_mail
from registrations.services.new_rules import note_new_rules as note_rules
from registrations.services.offers import lapse_offers as lapse
from registrations.services.proposals import lapse_proposals
from registrations.services.reminders import send_reminders as remind
from registrations.services.simulating import run_simulations as simulate
from registrations.services.simulations import TASK as SIMULATE
from registrations.services.waitlist import offer_free_places


@shared_task(name="registrations.receive_mail")
def receive_mail() -> None:
    """Turns replies to reminders into updates; does nothing where no mailbox is set."""
    if settings.MAIL_IN_URL and settings.MAIL_IN_ADDRESS:
        fetch_mail(settings.MAIL_IN_URL)


@shared_task(name="registrations.send_reminders")
def send_reminders() -> None:
    """Writes due reminders and final notices into the outbox."""
    remind()


@shared_task(name="registrations.expire_registrations")
def expire_registrations() -> None:
    """Expires what has run out and was warned of."""
    expire()


@shared_task(name="registrations.escalate_overdue")
def escalate_overdue() -> None:
    """Tells reviewers, then their managers, of decisions past their time."""
    escalate()


@shared_task(name="registrations.note_new_rules")
def note_new_rules() -> None:
    """Notes what began or ceased to apply while a registration was in review."""
    note_rules()


@shared_task(name="registrations.move_waitlist")
def move_waitlist() -> None:
    """Ends offers and proposals that were not answered in time, and offers what is free to those who wait."""
    lapse()
    lapse_proposals()
    offer_free_places()


@shared_task(name=SIMULATE)
def run_simulations() -> None:
    """Works on simulations of policy versions for a while, then lets mail and reminders come in between."""
    if simulate():
        announce(0, SIMULATE)
