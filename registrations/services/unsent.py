"""Taking back what is not true any more: mail that waits in the outbox for a morning when the deal moves on."""

from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services import cancel_message
from registrations.enums import AgreementState, Status
from registrations.models import Agreement, Registration

_TO_PARTNER = ("registration.reminder", "registration.final_notice", "registration.grace")
_TO_CO_SELLER = ("registration.shared_ends",)
_OF_PROTECTION = (*_TO_PARTNER, "registration.silent")
# What a status asks of somebody, or warns of: said too late once it is over.
_ASKS = {
    Status.OFFERED: ("registration.offered",),
    Status.SHARED: (*_TO_CO_SELLER, "registration.shared_goes_on"),
    Status.INFORMATION_ASKED: (
        "registration.answer_awaited",
        "registration.review_needed",
        "registration.overdue",
    ),
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
    _take_back(registration.code, _OF_PROTECTION)
    splits = Agreement.objects.current().filter(holder=registration, state=AgreementState.AGREED)
    for code in splits.values_list("other__code", flat=True):
        _take_back(code, _TO_CO_SELLER)


def take_back_older(registration: Registration) -> None:
    """Cancels the reminders to the partner that wait, as a newer one is written: with the mail server down for days only the
    newest leaves once it is back."""
    _take_back(registration.code, _TO_PARTNER)


def take_back_older_shared(co_seller: Registration) -> None:
    """The same for who sells along, as a newer warning is written to them."""
    _take_back(co_seller.code, _TO_CO_SELLER)


def take_back_asks(registration: Registration, status: str) -> None:
    """Cancels what waits and asks somebody to act on a registration that is in `status` no longer, or warns of its end."""
    _take_back(registration.code, _ASKS.get(Status(status), ()))


def _take_back(code: str, events: tuple[str, ...]) -> None:
    waiting = Message.objects.filter(about=code, event__in=events, status=MessageStatus.PENDING)
    for message in waiting.only("status", "recipient", "occasion") if events else ():
        cancel_message(message)
