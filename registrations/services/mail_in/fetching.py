"""One look into the mailbox: every unread mail is dealt with, then marked. Safe to run never, twice, or to be killed."""

import logging
from collections import Counter
from itertools import islice

from django.db import InterfaceError, OperationalError

from core.clock import Clock, database_clock
from registrations.services.mail_in import readings
from registrations.services.mail_in.holding import NotYet
from registrations.services.mail_in.mailboxes import opened_mailbox
from registrations.services.mail_in.receiving import note_failure, receive

log = logging.getLogger(__name__)
KNOWN = "known"
HELD = "held"


def fetch_mail(url: str, *, most: int = 500, clock: Clock = database_clock) -> Counter[str]:
    """Deals with up to `most` mails of the mailbox at `url`; returns how many had which outcome, one to two of our addresses
    twice.

    A mail is marked as read only when the database has its outcome; one that was dealt with but not marked, since the
    portal was killed in between, is recognised. A mail that raises is logged, flagged and left; the others go on. One about
    a decision that can still be undone stays unread for the next look. A look that comes to its end is noted: readings.py.
    Raises what the mailbox does when it is away, and what the database does when it is.
    """
    outcomes: Counter[str] = Counter()
    began, looked_at = clock(), 0
    with opened_mailbox(url) as mails:
        for mail in islice(mails, most):
            failed = False
            looked_at += 1
            try:
                rows = receive(mail.content, cut=mail.cut, clock=clock)
                outcomes.update([row.outcome for row in rows] or [KNOWN])
            except (OperationalError, InterfaceError):
                raise
            except NotYet as waits:
                outcomes.update([HELD, *(row.outcome for row in waits.rows)])
                continue
            except Exception as error:
                log.exception("mail %s could not be dealt with; the others go on", mail.name)
                note_failure(mail.content, error, clock=clock)
                outcomes["failed"] += 1
                failed = True
            mail.done(failed)
    if looked_at < most and not outcomes[HELD]:
        readings.note(url, began)
    return outcomes
