"""What becomes of a mail: an update, or a line in the log. Each mail once, however often it is handed over."""

import logging

from django.db import IntegrityError, transaction

from core.clock import Clock, database_clock
from core.errors import DomainError
from notifications.models import Message
from registrations.models import IncomingMail, Registration
from registrations.services import notices
from registrations.services.mail_in import address, reading, vouching
from registrations.services.mail_in.cutting import new_text
from registrations.services.mail_in.holding import NotYet, can_be_undone
from registrations.services.mail_in.keeping import Files, update_with
from registrations.services.mail_in.markup import read_markup
from registrations.services.mail_in.quotes import Sent
from registrations.services.mail_in.reading import Letter

log = logging.getLogger(__name__)
Outcome = IncomingMail.Outcome
# Who answers two reminders in one mail means both deals.
_MOST_ADDRESSES = 10
_MOST_MAILS = 3
_AGED = (
    f"The mail that you answered is more than {address.VALID_DAYS} days old, and replies to it are read no longer. "
    "Write your update on the page of the registration."
)


def receive(content: bytes, *, cut: bool = False, clock: Clock = database_clock) -> list[IncomingMail]:
    """Deals with one mail and returns its lines in the log: one, or one for each of our addresses that it goes to; none
    where it was dealt with before. Of one that was `cut` off the text counts, and no file.

    A line and what the mail does are one transaction: killed in between, neither is there, and the mail comes again.
    Order of the questions: written by a machine, to us, with a good token, by the person the token is for, in time, with
    something to say. Only then is it an update, under the same rules as one on the page. Raises what the database does, and
    NotYet for a mail that a decision stands in the way of which may be undone: neither it nor an answer may tell of that.
    """
    letter = reading.read_letter(content)
    tokens = address.tokens_in(letter.recipients)[:_MOST_ADDRESSES] or [""]
    rows, waits = [], False
    for token in tokens:
        try:
            rows.append(_receive(letter, token, cut=cut, clock=clock))
        except NotYet:
            waits = True
    dealt_with = [row for row in rows if row is not None]
    if waits:
        raise NotYet(dealt_with)
    return dealt_with


def note_failure(content: bytes, error: Exception, *, clock: Clock = database_clock) -> None:
    """Logs a mail that could not be dealt with, so that it does not stand in the way of the others."""
    letter = reading.read_letter(content)
    row = _row(letter, "failure", clock)
    row.detail = (
        f"{type(error).__name__}: {error}".replace("\x00", "")[:300].encode("utf-8", "replace").decode()
    )
    fields = ("message_id", "sender", "subject", "outcome", "detail", "at")
    IncomingMail.objects.get_or_create(key=row.key, defaults={name: getattr(row, name) for name in fields})


def _receive(letter: Letter, token: str, *, cut: bool, clock: Clock) -> IncomingMail | None:
    row = _row(letter, token, clock)
    with transaction.atomic():
        try:
            with transaction.atomic():  # a second run at the same time waits here for the first one's commit
                row.save(force_insert=True)
        except IntegrityError:
            return None
        _deal_with(row, letter, token, cut, clock)
        row.save(update_fields=["outcome", "detail", "registration", "person"])
    log.info("mail %s from %s: %s %s", letter.message_id, row.sender, row.outcome, row.detail)
    return row


def _row(letter: Letter, token: str, clock: Clock) -> IncomingMail:
    return IncomingMail(
        key=letter.key(token),
        message_id=letter.message_id,
        sender=", ".join(letter.senders)[:254],
        subject=letter.subject,
        at=clock(),
        outcome=Outcome.FAILED,
    )


def _deal_with(row: IncomingMail, letter: Letter, token: str, cut: bool, clock: Clock) -> None:
    if letter.machine:
        row.outcome, row.detail = Outcome.MACHINE, letter.machine
        return
    if not token:
        row.outcome = Outcome.NO_TOKEN
        return
    meant = address.read(token, at=row.at)
    if meant is None:
        row.outcome = Outcome.BAD_TOKEN
        return
    row.registration = meant.registration
    if letter.sender != meant.person.email.lower():
        row.outcome = Outcome.WRONG_SENDER
        row.detail = "names more than one sender" if len(letter.senders) > 1 else ""
        return
    if not vouching.is_authentic(letter):
        row.outcome, row.detail = Outcome.WRONG_SENDER, "not confirmed by the mail server"
        return
    if not Registration.objects.visible_to(meant.person).filter(pk=meant.registration.pk).exists():
        row.outcome, row.detail = Outcome.WRONG_SENDER, "does not look after this registration any more"
        return  # unanswered: an answer would tell of a deal that is somebody else's now
    if can_be_undone(meant.registration, row.at):
        raise NotYet([])
    row.person = meant.person
    said, files = new_text(letter.text(), _answered(meant, token)), Files.of(letter, cut=cut)
    if meant.aged:
        row.outcome, row.detail = Outcome.REFUSED, f"to an address older than {address.VALID_DAYS} days"
        _answer(row, meant, _AGED, files)
        return
    if not said:
        row.outcome = Outcome.EMPTY
        _answer(row, meant, "There was nothing to read above the quoted mail.", files)
        return
    try:
        with transaction.atomic():
            updated = update_with(files, meant.registration, by=meant.person, note=said, clock=clock)
    except DomainError as refused:
        if can_be_undone(meant.registration, clock()):  # decided while the mail was looked at
            raise NotYet([]) from refused
        row.outcome, row.detail = Outcome.REFUSED, refused.message[:300]
        _answer(row, meant, refused.message, files)
        return
    row.outcome, row.detail = Outcome.UPDATED, files.in_words()
    notices.tell_partner(
        updated,
        "registration.reply_taken",
        occasion=f"mail {row.key}",
        people=[meant.person],
        said=said,
        kept=files.kept,
        left=files.left,
    )


def _answered(meant: address.Meant, token: str) -> Sent:
    """The mails that the writer may have answered: those that asked for replies to this address."""
    mails = Message.objects.filter(about=meant.registration.code, reply_to__icontains=f"+{token}@")
    found = list(mails.values_list("subject", "text", "html").order_by("-pk")[:_MOST_MAILS])
    texts = [text for _, text, html in found for text in (text, read_markup(html).text)]
    return Sent([subject for subject, *_ in found], texts)


def _answer(row: IncomingMail, meant: address.Meant, reason: str, files: Files) -> None:
    """Tells the writer, whom token and address have proven, why it became no update."""
    if files.found:
        reason += " The attached files were not kept."
    notices.tell_partner(
        meant.registration,
        "registration.reply_refused",
        occasion=f"mail {row.key}",
        people=[meant.person],
        reason=reason,
    )
