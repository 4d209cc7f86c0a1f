"""What becomes of a mail: an update, or a line in the log. Each mail once, however often it is handed over."""

import logging

from django.db import IntegrityError, transaction

from core.clock import Clock, database_clock
from core.errors import DomainError
from registrations.models import IncomingMail
from registrations.services import notices
from registrations.services.mail_in import address, reading
from registrations.services.mail_in.cutting import new_text
from registrations.services.mail_in.keeping import Files, update_with
from registrations.services.mail_in.reading import Letter

log = logging.getLogger(__name__)
Outcome = IncomingMail.Outcome


def receive(content: bytes, *, cut: bool = False, clock: Clock = database_clock) -> IncomingMail | None:
    """Deals with one mail and returns its line in the log; None when it was dealt with before. Of one that was `cut` off
    the text counts, and no file.

    The line and what the mail does are one transaction: killed in between, neither is there, and the mail comes again.
    Order of the questions: written by a machine, to us, with a good token, by the person the token is for, with
    something to say. Only then is it an update, under the same rules as one on the page. Raises what the database does.
    """
    letter = reading.read_letter(content)
    with transaction.atomic():
        row = IncomingMail(
            key=letter.key,
            message_id=letter.message_id,
            sender=letter.sender,
            subject=letter.subject,
            at=clock(),
            outcome=Outcome.FAILED,
        )
        try:
            with transaction.atomic():  # a second run at the same time waits here for the first one's commit
                row.save(force_insert=True)
        except IntegrityError:
            return None
        _deal_with(row, letter, cut, clock)
        row.save(update_fields=["outcome", "detail", "registration", "person"])
    log.info("mail %s from %s: %s %s", letter.message_id, letter.sender, row.outcome, row.detail)
    return row


def note_failure(content: bytes, error: Exception, *, clock: Clock = database_clock) -> None:
    """Logs a mail that could not be dealt with, so that it does not stand in the way of the others."""
    letter = reading.read_letter(content)
    IncomingMail.objects.get_or_create(
        key=letter.key,
        defaults={
            "message_id": letter.message_id,
            "sender": letter.sender,
            "subject": letter.subject,
            "outcome": Outcome.FAILED,
            "detail": f"{type(error).__name__}: {error}"[:300],
            "at": clock(),
        },
    )


def _deal_with(row: IncomingMail, letter: Letter, cut: bool, clock: Clock) -> None:
    if letter.machine:
        row.outcome, row.detail = Outcome.MACHINE, letter.machine
        return
    token = address.token_in(letter.recipients)
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
        return
    if not reading.is_authentic(letter):
        row.outcome, row.detail = Outcome.WRONG_SENDER, "not confirmed by the mail server"
        return
    row.person = meant.person
    said, files = new_text(letter.text()), Files.of(letter, cut=cut)
    if not said:
        row.outcome = Outcome.EMPTY
        _answer(row, meant, "There was nothing to read above the quoted mail.", files)
        return
    try:
        with transaction.atomic():
            updated = update_with(files, meant.registration, by=meant.person, note=said, clock=clock)
    except DomainError as refused:
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
