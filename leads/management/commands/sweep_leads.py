"""`manage sweep_leads`: what beat asks for every five minutes, by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.clock import database_clock, fixed
from leads.services.sweeping import sweep_leads
from registrations.management.sweeps import moment


class Command(BaseCommand):
    help = "Reminds partners of leads they have not answered, pulls back those whose deadline has passed, offers them on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="run as if it were this moment: ISO 8601 with an offset, 2026-12-24T08:00Z"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        clock = fixed(moment(options["now"])) if options["now"] else database_clock
        sweep = sweep_leads(clock=clock, dry_run=options["dry_run"])
        would = "would be " if options["dry_run"] else ""
        for words, codes in (
            (f"{would}reminded", sweep.reminded),
            (f"{would or 'was '}told to others of the firm: the mail was given up", sweep.told_others),
            (f"{would}given more days: its mail left late, or waits to be sent", sweep.put_off),
            (f"{would}pulled back", sweep.pulled_back),
            (f"{would}taken out of the pool: a firm holds its company", sweep.taken_out),
            (
                f"lies in the pool, where nobody can claim it: its keeper {would or 'was '}told",
                sweep.out_of_reach,
            ),
            (f"lies in the pool, where nobody claims it: its keeper {would or 'was '}told", sweep.idle),
            (f"is new in the pool: firms {would or 'were '}told", sweep.announced),
            ("waits: no mail about it has left", sweep.waiting),
        ):
            for code in codes:
                self.stdout.write(f"{code} {words}")
        for code in sweep.failed:
            self.stderr.write(f"{code} failed; the log says why")
        self.stdout.write(
            f"{len(sweep.reminded)} {would}reminded, {len(sweep.pulled_back)} {would}pulled back, "
            f"{len(sweep.waiting)} waiting, {len(sweep.taken_out)} {would}taken out of the pool, "
            f"{len(sweep.out_of_reach)} nobody can claim, {len(sweep.failed)} failed"
        )
