"""Taking back what is not true any more: reminders that wait in the outbox when the deal moves on."""

from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services import cancel_message
from registrations.models import Registration

_EVENTS = (
    "registration.reminder",
    "registration.final_notice",
    "registration.grace",
    "registration.silent",
)


def take_back_reminders(registration: Registration) -> None:
    """Cancels the reminders of a registration that wait for a morning or for the mail server. Call inside the
    transaction that updates or ends it."""
    waiting = Message.objects.filter(about=registration.code, event__in=_EVENTS, status=MessageStatus.PENDING)
    for message in waiting.only("status", "recipient", "occasion"):
        cancel_message(message)
