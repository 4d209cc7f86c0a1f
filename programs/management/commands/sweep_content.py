"""`manage sweep_content`: what beat asks for every minute, by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from core.clock import database_clock, fixed
from programs.services.content.telling import remind, tell_audiences


class Command(BaseCommand):
    help = (
        "Tells audiences of what was published, and reminds those who have not acknowledged an announcement."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="run as if it were this moment: ISO 8601 with an offset, 2026-12-24T08:00Z"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clock = database_clock
        if options["now"]:
            moment = parse_datetime(options["now"])
            if moment is None or moment.tzinfo is None:
                raise CommandError("--now needs a moment with an offset, such as 2026-12-24T08:00Z.")
            clock = fixed(moment)
        self.stdout.write(f"{tell_audiences(clock=clock)} told, {remind(clock=clock)} reminded")
