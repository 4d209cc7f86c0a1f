"""`manage sweep_firms`: what beat asks for every five minutes, by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.clock import database_clock, fixed
from core.commands import moment
from partners.services.sweeping import sweep_firms


class Command(BaseCommand):
    help = "Reminds of onboarding steps that fall due and forgets applications that nobody confirmed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="run as if it were this moment: ISO 8601 with an offset, 2026-12-24T08:00Z"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        clock = fixed(moment(options["now"])) if options["now"] else database_clock
        sweep = sweep_firms(clock=clock, dry_run=options["dry_run"])
        would = "would be " if options["dry_run"] else ""
        for code in sweep.reminded:
            self.stdout.write(f"{code} {would}reminded of its steps")
        for code in sweep.finished:
            self.stdout.write(f"{code} ended: so did what came to life meanwhile")
        self.stdout.write(f"{len(sweep.reminded)} {would}reminded, {sweep.forgotten} applications forgotten")
