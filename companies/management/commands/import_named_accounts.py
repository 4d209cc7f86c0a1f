"""`manage import_named_accounts FILE [--dry-run]`: the import of the page, by hand or from a schedule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from companies.services import import_named_accounts
from core.errors import BadInput


class Command(BaseCommand):
    help = "Imports named accounts from a CSV file: all rows or none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_named_accounts(options["file"].read_bytes(), by=None, dry_run=options["dry_run"])
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror}") from error
        except BadInput as error:
            raise CommandError(error.message) from error
        for problem in report.errors:
            self.stderr.write(f"line {problem.line}, {problem.column}: {problem.message}")
        if report.errors:
            raise CommandError(f"{len(report.errors)} errors; nothing was imported.")
        verb = "Imported" if report.written else "Would import"
        counts = f"{report.created} new, {report.changed} changed, {report.unchanged} as they were"
        self.stdout.write(f"{verb}: {counts}; {report.new_companies} new companies.")
