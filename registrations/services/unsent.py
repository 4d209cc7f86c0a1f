"""Taking back what is not true any more: mail that waits in the outbox for a morning when the deal moves on."""

from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services import cancel_message
from registrations.enums import Status
from registrations.models import Registration

_TO_PARTNER = ("registration.reminder", "registration.final_notice", "registration.grace")
_OF_PROTECTION = (*_TO_PARTNER, "registration.silent")
# What a status asks of somebody: said too late once it is over.
_ASKS = {
    Status.OFFERED: ("registration.offered",),
    Status.IN_REVIEW: (
        "registration.turn_came",
        "registration.line_over",
        "registration.review_needed",
        "registration.overdue",
    ),
}


def take_back_reminders(registration: Registration) -> None:
    """Cancels the reminders of a registration that wait for a morning or for the mail server. Call inside the
    transaction that updates or ends it."""
    _take_back(registration, _OF_PROTECTION)


def take_back_older(registration: Registration) -> None:
    """Cancels the reminders to the partner that wait, as a newer one is written: with the mail server down for days only the
    newest leaves once it is back."""
    _take_back(registration, _TO_PARTNER)


def take_back_asks(registration: Registration, status: str) -> None:
    """Cancels what waits and asks somebody to act on a registration that is in `status` no longer."""
    _take_back(registration, _ASKS.get(Status(status), ()))


def _take_back(registration: Registration, events: tuple[str, ...]) -> None:
    waiting = Message.objects.filter(about=registration.code, event__in=events, status=MessageStatus.PENDING)
    for message in waiting.only("status", "recipient", "occasion") if events else ():
        cancel_message(message)
