"""`manage suggest_doubles`: looks for companies that are in the portal twice, and says how far it came."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from companies.models import Company
from companies.services.doubles import Look, look_for_doubles


class Command(BaseCommand):
    help = "Looks for doubles of the companies that changed since they were last looked at; a run can be interrupted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=1_000_000, help="companies looked at, at most")
        parser.add_argument("--seconds", type=float, default=3_600.0, help="how long it may take")
        parser.add_argument("--all", action="store_true", help="look at every company anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            Company.objects.standing().update(doubles_seen=0)
        look = look_for_doubles(most=options["most"], seconds=options["seconds"], progress=self._tell)
        if look.busy:
            raise CommandError("Another run is looking already. What it leaves, the next one takes up.")
        self.stdout.write(
            f"{look.looked_at} companies looked at, {look.pairs} new pairs, {look.failed} failed, {look.due} still due"
        )

    def _tell(self, look: Look) -> None:
        if look.looked_at % 1_000 < 25 and look.looked_at >= 1_000:
            self.stderr.write(f"{look.looked_at} companies looked at, {look.pairs} new pairs")
