"""`manage receive_mail`: the look into the mailbox that beat asks for, by hand."""

import imaplib
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from registrations.models import IncomingMail
from registrations.services.mail_in.fetching import HELD, KNOWN, fetch_mail

_HELD = "Left for the next look: a decision about its registration can still be undone"


class Command(BaseCommand):
    help = "Reads the replies to reminders from the mailbox at MAIL_IN_URL; each becomes an update, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", help="maildir:///folder or imaps://user:password@host/INBOX")
        parser.add_argument("--most", type=int, default=500, help="mails in one run")

    def handle(self, *args: Any, **options: Any) -> None:
        url = options["url"] or settings.MAIL_IN_URL
        if not url:
            raise CommandError("Set MAIL_IN_URL, or name a mailbox with --url.")
        if not settings.MAIL_IN_ADDRESS:
            raise CommandError("Set MAIL_IN_ADDRESS, the address that replies are sent to.")
        try:
            outcomes = fetch_mail(url, most=max(1, options["most"]))
        except (OSError, imaplib.IMAP4.error, DomainError) as error:
            raise CommandError(f"The mailbox could not be read: {error}") from error
        words = {**dict(IncomingMail.Outcome.choices), KNOWN: "Dealt with before", HELD: _HELD}
        for outcome, count in sorted(outcomes.items()):
            self.stdout.write(f"{count} {words[outcome]}")
        self.stdout.write(f"{outcomes.total()} read")
