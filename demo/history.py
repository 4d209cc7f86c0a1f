"""Telling the past through the services: a fixed clock, and mails that were sent at the time instead of today."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from core.clock import Clock, database_clock, fixed
from leads.services.sweeping import sweep_leads
from notifications.enums import MessageStatus
from notifications.models import Message, Notice
from partners.services.sweeping import sweep_firms
from registrations.enums import Rung, Status
from registrations.models import Milestone
from registrations.services.expiry import expire_registrations
from registrations.services.mail_in import readings
from registrations.services.offers import lapse_offers
from registrations.services.reminders import send_reminders

# So many of the newest mails are left to be sent, so that the mailbox shows some.
DELIVERED = 14
_UNREAD = timedelta(days=4)


class Past:
    """The time before today. What was in the outbox before the demo is left alone."""

    def __init__(self) -> None:
        self._messages = Message.objects.filter(pk__gt=_newest(Message))
        self._notices = Notice.objects.filter(pk__gt=_newest(Notice))

    @contextmanager
    def at(self, moment: datetime) -> Iterator[Clock]:
        """Gives a clock that stands at `moment`. Mails and notices written inside count as sent and shown then;
        no worker is told of them."""
        with transaction.atomic():
            begun = database_clock()
            waiting = list(connection.run_on_commit)
            yield fixed(moment)
            connection.run_on_commit = waiting
            self._messages.filter(status=MessageStatus.PENDING).update(
                status=MessageStatus.SENT, attempts=1, created_at=moment, not_before=moment, sent_at=moment
            )
            self._notices.filter(created_at__gte=begun).update(created_at=moment)

    def remind(self, moment: datetime) -> None:
        """The reminders that were due at `moment`."""
        with self.at(moment) as clock:
            send_reminders(clock=clock)

    def sweep(self, moment: datetime) -> None:
        """What beat would have asked for at `moment`: reminders, expiry, then offers that were not answered. The mailbox
        had been read, and held nothing."""
        with self.at(moment) as clock:
            readings.note(settings.MAIL_IN_URL, moment)
            send_reminders(clock=clock)
            sweep_firms(clock=clock)
            expire_registrations(clock=clock)
            sweep_leads(clock=clock)
            lapse_offers(clock=clock)


def settle(today: datetime, now: datetime) -> None:
    """After the last event: old notices were read, and the newest mails go out today. Among them is a reminder whose
    link still works."""
    _put_notices_in_order()
    Notice.objects.filter(created_at__lt=today - _UNREAD).update(read_at=today - _UNREAD)
    sent = Message.objects.filter(status=MessageStatus.SENT).exclude(event="registration.final_notice")
    chosen = list(sent.order_by("-created_at", "-id").values_list("pk", flat=True)[:DELIVERED])
    reminder = _living_reminder()
    if reminder is not None:
        chosen.append(reminder)
    Message.objects.filter(pk__in=chosen).update(
        status=MessageStatus.PENDING, attempts=0, sent_at=None, not_before=now
    )


def _put_notices_in_order() -> None:
    """Pages list notices by their number, which elsewhere follows time; the demo's parts are told one after the other."""
    notices = list(Notice.objects.order_by("created_at", "id"))
    Notice.objects.all().delete()
    for notice in notices:
        notice.pk = None
    Notice.objects.bulk_create(notices, batch_size=1000)


def _living_reminder() -> int | None:
    rows = Milestone.objects.filter(
        rung=Rung.REMINDER, message__isnull=False, registration__status=Status.APPROVED
    )
    for milestone in rows.select_related("registration").order_by("-at", "-id"):
        if milestone.epoch == milestone.registration.protection_epoch:
            return milestone.message_id
    return None


def _newest(model: type[Message] | type[Notice]) -> int:
    newest = model.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
