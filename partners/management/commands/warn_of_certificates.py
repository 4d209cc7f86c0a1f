from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.clock import database_clock, fixed
from core.commands import moment
from partners.services.certificates import send_certificate_warnings


class Command(BaseCommand):
    help = "Warns of certificates that end, and tells what closed with those that did."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="run as if it were this moment: ISO 8601 with an offset, 2026-12-24T08:00Z"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        clock = fixed(moment(options["now"])) if options["now"] else database_clock
        result = send_certificate_warnings(clock=clock, dry_run=options["dry_run"])
        verb = "would be told" if options["dry_run"] else "told"
        for code in result.done:
            self.stdout.write(f"{code} {verb}")
        for code in result.failed:
            self.stderr.write(f"{code} failed; the log says why")
        self.stdout.write(f"{len(result.done)} {verb}, {len(result.failed)} failed")
