"""`manage tell_arrivals`: what beat asks for each night, by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.clock import database_clock, fixed
from core.commands import moment
from programs.services.content.arriving import find_arrivals, tell_arrivals


class Command(BaseCommand):
    help = "Tells the people of firms that joined a group or program what is in the library for them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="run as if it were this moment: ISO 8601 with an offset, 2026-12-24T08:00Z"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clock = fixed(moment(options["now"])) if options["now"] else database_clock
        found = find_arrivals(clock=clock)
        self.stdout.write(f"{found} found something new, {tell_arrivals(clock=clock)} told")
