"""`manage remove_old_files`: what beat asks for each night, by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.clock import database_clock, fixed
from core.commands import moment
from core.old_files import remove_old_files


class Command(BaseCommand):
    help = "Removes files of drafts that were given up, and files that no row names, once they are DRAFT_FILES_DAYS old."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="run as if it were this moment: ISO 8601 with an offset, 2026-12-24T08:00Z"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = remove_old_files(clock=fixed(moment(options["now"])) if options["now"] else database_clock)
        self.stdout.write(f"{done.released} given up, {done.removed} files removed")
