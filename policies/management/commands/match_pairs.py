"""`manage match_pairs FILE`: whether the two names of each row are one company."""

from __future__ import annotations

import csv
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from companies.measuring.files import open_text, read_table
from companies.measuring.pairs import ADDED, COLUMNS, OPTIONAL, compare_all
from core.errors import BadInput
from policies.thresholds import thresholds_in_force


class Command(BaseCommand):
    help = (
        "Compares a and b of each row (CSV; optional country_a, country_b, domain_a, domain_b) and writes the same rows"
        " with score (0 to 1) and verdict (same, review, different) to standard output. Headings are read in any case; a column"
        " score or verdict that the file has already is replaced."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="CSV or CSV.GZ with the columns a and b")

    def handle(self, *args: Any, **options: Any) -> None:
        thresholds = thresholds_in_force()
        try:
            with open_text(options["file"]) as file:
                table = read_table(file, options["file"], COLUMNS, [*OPTIONAL, *ADDED])
                headings = {**table.columns, **{column: column for column in ADDED}}
                if replaced := [column for column in ADDED if column in table.columns]:
                    self.stderr.write(f"Replaced, since the file has it already: {' and '.join(replaced)}")
                writer = csv.DictWriter(self.stdout, list(headings), lineterminator="\n")
                writer.writerow(headings)
                for row in compare_all(table.rows, thresholds):
                    writer.writerow(row)
        except BadInput as error:
            raise CommandError(error.message) from error
