"""`manage compute_tiers`: what beat asks for every night, by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.clock import database_clock, fixed
from core.commands import moment
from programs.services.tiers.computing import compute_tiers


class Command(BaseCommand):
    help = "Computes the figures of all active firms and proposes, announces, carries out or takes back moves between tiers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="run as if it were this moment: ISO 8601 with an offset, 2026-12-24T08:00Z"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clock = fixed(moment(options["now"])) if options["now"] else database_clock
        sweep = compute_tiers(clock=clock)
        for words, codes in (
            ("a move is proposed", sweep.proposed),
            ("reminded of its notice", sweep.reminded),
            ("moved down", sweep.moved),
            ("a move is taken back", sweep.taken_back),
        ):
            for code in codes:
                self.stdout.write(f"{code} {words}")
        for code in sweep.failed:
            self.stderr.write(f"{code} failed; the log says why")
        self.stdout.write(f"{sweep.computed} firms computed, {len(sweep.failed)} failed")
