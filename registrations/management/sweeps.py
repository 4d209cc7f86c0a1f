"""What the commands of the sweeps share: --now, --dry-run and the printed result."""

from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandParser

from core.clock import Clock, database_clock, fixed
from core.commands import moment
from registrations.services.expiry import Sweep

__all__ = ["SweepCommand", "moment"]


class SweepCommand(BaseCommand):
    """A command that runs a sweep by hand."""

    verb: ClassVar[str]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="run as if it were this moment: ISO 8601 with an offset, 2026-12-24T08:00Z"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")

    def sweep(self, clock: Clock, dry_run: bool) -> Sweep:
        """Runs the sweep."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        clock = fixed(moment(options["now"])) if options["now"] else database_clock
        result = self.sweep(clock, options["dry_run"])
        verb = f"would be {self.verb}" if options["dry_run"] else self.verb
        for code in result.done:
            self.stdout.write(f"{code} {verb}")
        for code in result.waiting:
            self.stdout.write(f"{code} waits: its mail was not handed over long enough ago")
        for code in result.unanswered:
            self.stdout.write(f"{code} waits: its partner's request is not answered yet")
        for code in result.unread:
            self.stdout.write(f"{code} waits: the mailbox was not read since its protection ended")
        for code in result.failed:
            self.stderr.write(f"{code} failed; the log says why")
        waiting = len(result.waiting) + len(result.unanswered) + len(result.unread)
        self.stdout.write(f"{len(result.done)} {verb}, {waiting} waiting, {len(result.failed)} failed")
