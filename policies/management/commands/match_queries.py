"""`manage match_queries COMPANIES QUERIES`: how well and how fast names are found in a list of any size."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from companies.index.progress import Progress
from companies.measuring.figures import figures
from companies.measuring.files import open_text, read_table
from companies.measuring.memory import peak_megabytes
from companies.measuring.queries import COLUMNS, OPTIONAL, Asked, ask_all
from companies.measuring.scratch import scratch
from core.errors import BadInput
from policies.thresholds import thresholds_in_force


class Command(BaseCommand):
    help = (
        "Loads names (CSV: id,name) beside the portal's own data, answers each row of a second file (CSV: query, optional"
        " gold_id and class; gold_id -1: not in the list) and writes the answers as CSV, figures as one JSON line to"
        " standard error. Nothing stays behind."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("companies", help="CSV or CSV.GZ with the columns id and name")
        parser.add_argument("queries", help="CSV or CSV.GZ with the column query")
        parser.add_argument("--processes", type=int, default=2, help="that prepare the names (default 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        thresholds, processes = thresholds_in_force(), options["processes"]
        try:
            with open_text(options["queries"]) as file:
                asked = [
                    Asked.from_row(row)
                    for row in read_table(file, options["queries"], ["query"], OPTIONAL).rows
                ]
            bar = Progress(self.stderr, "names loaded")
            with scratch(_names(options["companies"]), processes=processes, progress=bar.add) as loaded:
                bar.end()
                writer = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
                writer.writeheader()
                outcomes = []
                for line, outcome in ask_all(asked, loaded, thresholds):
                    writer.writerow(line)
                    outcomes.append(outcome)
        except BadInput as error:
            raise CommandError(error.message) from error
        told = {
            "companies": loaded.names,
            "build_seconds": round(loaded.seconds, 2),
            "bytes_per_company": round(loaded.bytes / max(1, loaded.names), 1),
            "peak_megabytes": peak_megabytes(processes),
            **figures(outcomes, thresholds),
        }
        self.stderr.write(json.dumps(told), lambda line: line)


def _names(path: str) -> Iterator[tuple[str, str]]:
    with open_text(path) as file:
        for row in read_table(file, path, ["id", "name"]).rows:
            yield row["id"], row["name"]
