"""`manage find_company NAME`: what the portal's conflict check would find, and why."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.countries import country_of
from companies.evidence import CROWD
from companies.matching import CompanyQuery
from companies.search import SearchFailed, search
from policies.thresholds import thresholds_in_force


class Command(BaseCommand):
    help = "Lists the companies that a name may mean, with probability, verdict and reasons."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--domain", default="", help="website, domain or e-mail address")
        parser.add_argument("--country", default="", help="code or name, such as DE or Germany")
        parser.add_argument("--limit", type=int, default=10)
        parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] < 1:
            raise CommandError("--limit must be 1 or more.")
        country = country_of(options["country"])
        if options["country"] and not country:
            raise CommandError(f"“{options['country']}” is no country; write its two letters, such as DE.")
        query = CompanyQuery(options["name"], domain=options["domain"], country=country)
        thresholds = thresholds_in_force()
        try:
            result = search(query, limit=options["limit"], least=thresholds.review)
        except SearchFailed as error:
            raise CommandError(error.message) from error
        if options["json"]:
            answer = {
                "candidates": [
                    {**c.as_json(), "verdict": thresholds.verdict(c.score)} for c in result.candidates
                ],
                "crowd": result.crowd,
                "ruled_out": [c.as_json() for c in result.ruled_out],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for candidate in result.candidates:
            company, verdict = candidate.company, thresholds.verdict(candidate.score)
            self.stdout.write(f"{candidate.score:.3f}  {verdict:<9}  {company.code}  {company.name}")
            for signal in candidate.signals:
                self.stdout.write(f"       {signal.contribution:+6.2f}  {signal.label}")
        if result.crowd:
            self.stdout.write(f"More than {CROWD} look alike. A country or a website narrows it down.")
        elif result.past:
            self.stdout.write(f"Not listed: {len(result.past)} more. --limit lists more.")
        if not result.candidates:
            self.stdout.write("Nothing found.")
