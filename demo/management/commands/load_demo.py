"""manage.py load_demo: a portal full of invented deals."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo import loading


class Command(BaseCommand):
    help = "Loads invented partners, companies and a year of registrations. Does nothing where the demo is loaded already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="load it beside data that is already there")

    def handle(self, *args: Any, **options: Any) -> None:
        if loading.is_loaded():
            self.stdout.write("The demo is already there.")
            return
        try:
            count = loading.load(force=options["force"])
        except loading.NotEmpty as error:
            words = "This database has accounts that are not the demo's. Use an empty one, or --force to mix them."
            raise CommandError(words) from error
        self.stdout.write(f"The demo is loaded: {count} registrations.")
