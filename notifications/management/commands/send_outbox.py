"""`manage send_outbox`: the run that the worker makes, by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from notifications.sending import send_outbox


class Command(BaseCommand):
    help = "Sends the mail that is due, as the worker does every few seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--limit", type=int, default=50, help="messages per connection to the mail server"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        run = send_outbox(limit=max(1, options["limit"]))
        self.stdout.write(f"{run.sent} sent, {run.put_off} put off, {run.given_up} given up.")
        if run.unreachable:
            self.stderr.write(f"The mail server could not be reached: {run.unreachable}")
