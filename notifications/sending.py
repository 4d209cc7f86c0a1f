"""The outbox's way out: claim, send, mark. Nothing is lost; what is sent twice after a kill has the same Message-ID."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import Header
from email.message import Message as EmailMessage
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F

from core.clock import Clock, database_clock
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.verdicts import explain, judge

logger = logging.getLogger(__name__)

# A claim this old belongs to a dead worker: longer than any run, CELERY_TASK_TIME_LIMIT included.
ABANDONED_AFTER = timedelta(minutes=10)
MOST_ATTEMPTS = 8
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
# An outage is nobody's fault: no attempt is counted, all are tried again soon.
OUTAGE_PAUSE = timedelta(minutes=1)
# Seconds after which a run claims no more and lets go of the rest, well before the task's soft limit.
RUN_SECONDS = 120
_ERROR_LIMIT = 2000


@dataclass
class Run:
    """What a run did. `unreachable` holds the reason when the mail server could not be reached at all."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    unreachable: str = ""


def send_outbox(
    *, limit: int = 50, clock: Clock = database_clock, monotonic: Callable[[], float] = time.monotonic
) -> Run:
    """Sends all that is due, `limit` messages to a connection, until nothing is left or RUN_SECONDS have passed.

    May run many times at once: a message belongs to the run that claimed it. One that cannot be sent stands in nobody's
    way: it waits 1, 5, 15, 60, … minutes, and is given up after MOST_ATTEMPTS, or at once when the server will never
    take it. Raises nothing that the mail server does; raises what the database does, and then nothing is lost either.
    """
    run = Run()
    deadline = monotonic() + RUN_SECONDS
    while monotonic() < deadline and not run.unreachable:
        moment, batch = _claim(limit, clock)
        if not batch:
            break
        _send_batch(batch, moment, run, clock, lambda: monotonic() < deadline)
    return run


def _claim(limit: int, clock: Clock) -> tuple[datetime, list[Message]]:
    """Takes up to `limit` messages in a short transaction. The attempt counts from here: a worker may die of it."""
    with transaction.atomic():
        moment = clock()
        rows = Message.objects.claimable(moment, abandoned_before=moment - ABANDONED_AFTER)
        rows = rows.select_related("recipient")
        batch = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
        Message.objects.filter(pk__in=[message.pk for message in batch]).update(
            status=MessageStatus.SENDING, claimed_at=moment, attempts=F("attempts") + 1
        )
    for message in batch:
        message.attempts += 1
    return moment, batch


def _send_batch(
    batch: list[Message], moment: datetime, run: Run, clock: Clock, in_time: Callable[[], bool]
) -> None:
    connection = get_connection()
    waiting = list(batch)
    try:
        while waiting and in_time():
            try:
                connection.open()
            except Exception as error:
                run.unreachable = _words(error)
                logger.warning("The mail server could not be reached: %s", run.unreachable)
                break
            _send_one(connection, waiting.pop(0), moment, run, clock)
    finally:
        _close(connection)
        _let_go(waiting, moment, run, clock)


def _send_one(
    connection: BaseEmailBackend, message: Message, moment: datetime, run: Run, clock: Clock
) -> None:
    if message.attempts > MOST_ATTEMPTS:
        # Claimed again and again, and no run lived to tell: the message itself may be what kills them.
        _give_up(message, moment, run, "Every attempt to send this ended without an answer.")
        return
    if message.recipient is not None and not message.recipient.is_active:
        # Closed since it was written: what it says is theirs no longer, and whoever waits for it has to hear that it failed.
        _give_up(message, moment, run, "This person's account is closed.")
        return
    try:
        if connection.send_messages([as_mail(message)]) != 1:
            raise OSError("the mail server took nothing")
    except Exception as error:  # whatever one message does, the others must go
        verdict = judge(error)
        logger.warning("Message %s (%s) was not sent: %s", message.pk, message.event, _words(error))
        if not verdict.connection_usable:
            _close(connection)
        if verdict.permanent or message.attempts >= MOST_ATTEMPTS:
            _give_up(message, moment, run, _words(error))
        else:
            _put_off(message, moment, run, clock, _words(error))
        return
    # The server has it. If this update is lost with the worker, the message goes again with the same Message-ID.
    marked = Message.objects.claimed_at(message.pk, moment).update(
        status=MessageStatus.SENT, sent_at=clock(), last_error=""
    )
    run.sent += marked


class _Mail(EmailMultiAlternatives):
    """A mail whose long subject begins on the line of its name. Django breaks one outside ASCII before its first word, and
    Python's parser then reads it with a space in front."""

    def message(self, **options: Any) -> Any:
        written = super().message(**options)  # has refused line breaks
        if not self.subject.isascii():
            del written["Subject"]
            EmailMessage.__setitem__(
                written, "Subject", Header(str(self.subject), "utf-8", header_name="Subject")
            )
        return written


def as_mail(message: Message) -> EmailMultiAlternatives:
    """The message as it goes over the wire: text with HTML beside it, and the headers of an automatic mail."""
    mail = _Mail(
        subject=message.subject,
        body=message.text,
        to=[message.address],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
            "X-Concord-Event": message.event,
        },
    )
    mail.attach_alternative(message.html, "text/html")
    return mail


def _put_off(message: Message, moment: datetime, run: Run, clock: Clock, reason: str) -> None:
    pause = BACKOFF[min(message.attempts, len(BACKOFF)) - 1]
    run.put_off += Message.objects.claimed_at(message.pk, moment).update(
        status=MessageStatus.PENDING, claimed_at=None, not_before=clock() + pause, last_error=reason
    )


def _give_up(message: Message, moment: datetime, run: Run, reason: str) -> None:
    run.given_up += Message.objects.claimed_at(message.pk, moment).update(
        status=MessageStatus.FAILED, last_error=reason
    )


def _let_go(waiting: list[Message], moment: datetime, run: Run, clock: Clock) -> None:
    """Puts back what a run could not come to. Not their fault, so the attempt does not count."""
    if not waiting:
        return
    changes: dict[str, object] = {
        "status": MessageStatus.PENDING,
        "claimed_at": None,
        "attempts": F("attempts") - 1,
    }
    if run.unreachable:
        reason = f"The mail server could not be reached: {run.unreachable}"[:_ERROR_LIMIT]
        changes |= {"not_before": clock() + OUTAGE_PAUSE, "last_error": reason}
    ours = Message.objects.filter(status=MessageStatus.SENDING, claimed_at=moment)
    run.put_off += ours.filter(pk__in=[message.pk for message in waiting]).update(**changes)


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except Exception as error:  # a server that is gone cannot be told goodbye
        logger.info("The connection to the mail server ended badly: %s", _words(error))


def _words(error: Exception) -> str:
    return explain(error)[:_ERROR_LIMIT]
