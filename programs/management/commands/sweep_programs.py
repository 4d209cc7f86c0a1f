"""`manage sweep_programs`: what beat asks for every half hour, by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.clock import database_clock, fixed
from core.commands import moment
from programs.services.sweeping import sweep_programs


class Command(BaseCommand):
    help = "Takes firms into automatic programs and lets go those that left the audience; opens stages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="run as if it were this moment: ISO 8601 with an offset, 2026-12-24T08:00Z"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clock = fixed(moment(options["now"])) if options["now"] else database_clock
        sweep = sweep_programs(clock=clock)
        for words, names in (("taken in", sweep.taken_in), ("ended", sweep.ended)):
            for name in names:
                self.stdout.write(f"{name}: {words}")
        for name in sweep.failed:
            self.stderr.write(f"{name} failed; the log says why")
        self.stdout.write(
            f"{len(sweep.taken_in)} taken in, {len(sweep.ended)} ended, {sweep.stages} stages opened, "
            f"{len(sweep.failed)} failed"
        )
