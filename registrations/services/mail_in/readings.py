"""When the mailbox was last read to its end: what was answered until then is known, and nothing later.

A reply that came in time saves a deal, whenever it is read. So where the portal reads mail, nothing expires before a look
into the mailbox that began after its end (services/expiry.py), however long the mailbox, or all of the portal, was away.
"""

from datetime import datetime, timedelta

from django.conf import settings

from core.clock import database_clock
from registrations.models import MailboxReading

# Beat asks for a look each minute (prm/settings/jobs.py); fifteen missed in a row are no accident.
LATE_AFTER = timedelta(minutes=15)


def reads_mail() -> bool:
    """Whether the portal reads replies by itself."""
    return bool(settings.MAIL_IN_URL and settings.MAIL_IN_ADDRESS)


def note(url: str, began: datetime) -> None:
    """Keeps that a look into the mailbox at `url` that `began` then came to its end. Another mailbox than the portal's tells
    nothing; of two looks at once the later one counts."""
    if not url or url != settings.MAIL_IN_URL:
        return
    MailboxReading.objects.bulk_create([MailboxReading(pk=1, began_at=began)], ignore_conflicts=True)
    MailboxReading.objects.filter(began_at__lt=began).update(began_at=began)


def last() -> datetime | None:
    """The moment at which the last look that came to its end began; None where there was none yet."""
    return MailboxReading.objects.values_list("began_at", flat=True).first()


def may_lie_unread(since: datetime) -> bool:
    """Whether a reply that came before `since` may lie in the mailbox unread."""
    read = last() if reads_mail() else since
    return read is None or read < since


def is_late(now: datetime) -> bool:
    """Whether the portal should have read its mail by now and has not."""
    return may_lie_unread(now - LATE_AFTER)


def figure() -> dict[str, object]:
    """For the health report: whether mail is read, since when nothing lies unread (ISO 8601, UTC), and whether that is late."""
    read = last() if reads_mail() else None
    return {
        "is_read": reads_mail(),
        "read_until": read.isoformat() if read else None,
        "late": is_late(database_clock()),
    }
