"""Telling people: a mail into the outbox and a notice behind the bell, in the transaction that is their cause."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlparse

from django.conf import settings
from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import NotAllowed, WrongStatus
from notifications import holding
from notifications.announcing import announce_on_commit
from notifications.enums import MessageStatus
from notifications.models import Message, Notice
from notifications.rendering import Mail, Reader, one_line, render_mail

_OCCASION_LIMIT = 200


def notify(
    *,
    event: str,
    recipient: User,
    context: dict[str, Any],
    occasion: str,
    link: str,
    about: str = "",
    clock: Clock = database_clock,
    not_before: datetime | None = None,
    held_seconds: int = 0,
    reply_to: str = "",
) -> Message:
    """Tells `recipient` of `event` by mail and by a notice, once per `occasion`, if the caller's transaction commits.

    `event` names the wording in templates/emails/<event>/; `occasion` says what must not be told twice, such as
    'decision:D-7KQ2MXA'. A second call for the same occasion and person returns the first message and changes nothing,
    two at the same time included. `link` is the portal's path that mail and notice lead to; `about` the public code of
    the record. The mail goes `held_seconds` (or those of holding.hold_mail) from now, or at `not_before` (else in the
    reader's day inside holding.by_calendar), whichever is later; all are waits counted from `clock`'s now, so that a clock
    run forward by hand does not leave mail lying for months.
    A reply to the mail goes to `reply_to`; where that is empty the mail says that replies are not read.
    Somebody inactive or without an address gets the notice, and a message that is cancelled from the start.
    Raises ValueError for an occasion over 200 characters, TemplateDoesNotExist for an unknown event.
    """
    key = _key(occasion, str(recipient.pk))
    known = Message.objects.filter(occasion=key).first()
    if known is not None:
        return known
    words = {**context, "reply_to": reply_to}
    mail = render_mail(event, reader=Reader.of(recipient), context=words, link=link)
    moment = clock()
    hold = holding.current()
    day = holding.wait_for_day(recipient.time_zone) if not_before is None else not_before - moment
    wait = max(timedelta(seconds=max(held_seconds, hold.seconds if hold else 0)), day)
    message = _message(key, event, recipient.email, mail, about=about, created_at=moment, wait=wait)
    message.recipient, message.reply_to = recipient, reply_to
    if not (recipient.is_active and recipient.email):
        message.status = MessageStatus.CANCELLED
        message.last_error = (
            "This person's account is closed." if recipient.email else "This person has no address."
        )
    notice = Notice(
        occasion=key,
        user=recipient,
        event=event,
        title=mail.subject,
        link=link,
        created_at=message.not_before,
    )
    stored = _put(message, wait, notice)
    if hold is not None:
        hold.messages.append(stored.pk)
    return stored


def notify_address(
    *,
    event: str,
    reader: Reader,
    context: dict[str, Any],
    occasion: str,
    link: str,
    about: str = "",
    clock: Clock = database_clock,
) -> Message:
    """Like `notify` for somebody without an account (an invitation): a mail only, once per occasion and address."""
    key = _key(occasion, hashlib.sha256(reader.email.lower().encode()).hexdigest()[:16])
    known = Message.objects.filter(occasion=key).first()
    if known is not None:
        return known
    mail = render_mail(event, reader=reader, context=context, link=link)
    none = timedelta(0)
    return _put(_message(key, event, reader.email, mail, about=about, created_at=clock(), wait=none), none)


def tell_inside(
    *, event: str, recipient: User, title: str, occasion: str, link: str, clock: Clock = database_clock
) -> bool:
    """A notice behind the bell without a mail, for what is good to know and nothing to act on; once per `occasion` and
    person. Returns whether this call wrote it."""
    key = _key(occasion, str(recipient.pk))
    known = Notice.objects.filter(user=recipient, occasion=key).exists()
    tell_many_inside(event, [Inside(recipient, title, occasion, link)], clock=clock)
    return not known


@dataclass(frozen=True)
class Inside:
    """A notice to one person; `occasion` and `link` as `notify` takes them."""

    recipient: User
    title: str
    occasion: str
    link: str


def tell_many_inside(event: str, told: Iterable[Inside], *, clock: Clock = database_clock) -> None:
    """Notices behind the bell, each once per occasion and person: two queries, however many there are."""
    # Not later than the database's now, as with mail: a clock set ahead must not hide it.
    at = min(clock(), database_clock())
    notices = [
        Notice(
            occasion=_key(one.occasion, str(one.recipient.pk)),
            user=one.recipient,
            event=event,
            title=one_line(one.title),
            link=one.link,
            created_at=at,
        )
        for one in told
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=1000)


def take_back_inside(occasion: str) -> None:
    """Takes the notices of an occasion back that were written without a mail, from everybody: it is untrue by now, and may come
    again."""
    Notice.objects.filter(occasion__startswith=f"{occasion}:").delete()


def cancel_message(message: Message) -> bool:
    """Takes a message back, with its notice, while it waits. False if it has left or is leaving; True if it never will.

    Called inside the caller's transaction, together with whatever makes the message untrue.
    """
    cancelled = Message.objects.filter(pk=message.pk, status=MessageStatus.PENDING).update(
        status=MessageStatus.CANCELLED
    )
    message.refresh_from_db(fields=["status"])
    if message.status != MessageStatus.CANCELLED:
        return False
    if cancelled and message.recipient_id is not None:
        Notice.objects.filter(user_id=message.recipient_id, occasion=message.occasion).delete()
    return True


def cancel_unread(occasion: str, *, at: datetime) -> None:
    """Takes back, with its notices, what of an occasion nobody can have read at `at`, whoever it is for: it is untrue by now.
    What is due stays: its notice is shown already.

    Called inside the caller's transaction, together with whatever makes it untrue.
    """
    waiting = Message.objects.filter(occasion__startswith=f"{occasion}:", status=MessageStatus.PENDING)
    unread = waiting.filter(attempts=0, not_before__gt=at).select_for_update(skip_locked=True)
    held = dict(unread.values_list("pk", "occasion"))
    Message.objects.filter(pk__in=held).update(status=MessageStatus.CANCELLED)
    Notice.objects.filter(occasion__in=held.values()).delete()


def restore_messages(ids: list[int]) -> None:
    """Lets messages wait again that were cancelled, since what made them untrue was undone. Their notices stay away:
    what they say stands on the page that undid it."""
    Message.objects.filter(pk__in=ids, status=MessageStatus.CANCELLED, last_error="").update(
        status=MessageStatus.PENDING
    )


def resend(message: Message, *, by: User, clock: Clock = database_clock) -> None:
    """Puts a message that was given up back into the outbox, to the address that its reader has now.

    Raises NotAllowed without the permission 'outbox.resend', WrongStatus unless the message was given up.
    """
    if not by.may("outbox.resend"):
        raise NotAllowed("Your role does not include sending mail again.")
    address = message.recipient.email if message.recipient else message.address
    with transaction.atomic():
        changed = Message.objects.filter(pk=message.pk, status=MessageStatus.FAILED).update(
            status=MessageStatus.PENDING, address=address, attempts=0, not_before=clock(), claimed_at=None
        )
        if not changed:
            raise WrongStatus("This message is no longer given up: somebody may have sent it again already.")
        announce_on_commit(timedelta(0))


def mark_read(notice: Notice, *, clock: Clock = database_clock) -> None:
    """Notes that a notice was opened. The first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock())


def mark_all_read(user: User, *, clock: Clock = database_clock) -> int:
    """Notes that somebody has seen all their notices; returns how many were unread."""
    return Notice.objects.visible_to(user).unread().update(read_at=clock())


def _put(message: Message, wait: timedelta, notice: Notice | None = None) -> Message:
    """Stores both, unless somebody has done so for this occasion: the database's UNIQUE decides, not a look."""
    with transaction.atomic(savepoint=False):
        Message.objects.bulk_create([message], ignore_conflicts=True)
        if notice is not None:
            Notice.objects.bulk_create([notice], ignore_conflicts=True)
        if message.status == MessageStatus.PENDING:
            announce_on_commit(wait)
        return Message.objects.get(occasion=message.occasion)


def _message(
    key: str, event: str, address: str, mail: Mail, *, about: str, created_at: datetime, wait: timedelta
) -> Message:
    # The earlier of the two: a clock set ahead by hand must not keep mail for months, one set back sends at once.
    due = min(created_at, database_clock()) + wait
    return Message(
        occasion=key,
        event=event,
        address=address,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        language=mail.language,
        message_id=message_id_of(key),
        about=about,
        not_before=due,
        created_at=created_at,
    )


def message_id_of(key: str) -> str:
    """The Message-ID for an occasion: always the same, so that a mail sent twice is recognised as one."""
    host = urlparse(settings.PORTAL_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def _key(occasion: str, whom: str) -> str:
    key = f"{occasion}:{whom}"
    if len(key) > _OCCASION_LIMIT:
        raise ValueError(f"an occasion has at most {_OCCASION_LIMIT} characters, this one {len(key)}: {key}")
    return key
