"""What tests of offers do over and over: time passes, mail leaves, statuses are read."""

from datetime import timedelta

from core.clock import fixed
from notifications.models import Message
from registrations.enums import Status
from tests.people import MONDAY


def later(days, hours=0):
    return fixed(MONDAY + timedelta(days=days, hours=hours))


def mail_left(at):
    """The mail server took everything, at `at`."""
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=at)


def state(*rows):
    for row in rows:
        row.refresh_from_db()
    return [Status(row.status) for row in rows]
