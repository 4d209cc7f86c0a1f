"""`manage reindex_companies`: writes the search's index of names, beside the portal's work."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from companies.index.progress import Progress
from companies.index.rebuild import catch_up_all, mark_all, rebuild_at_once
from companies.index.state import IndexBusy
from companies.index.vocabulary import count_words
from companies.matching.entries import VERSION
from companies.models import CompanyName, IndexState, UnindexedName

_LONGEST = 24 * 3600.0


class Command(BaseCommand):
    help = (
        "Indexes the names that have no entry yet, or all of them after an update that changed how names are compared."
        " It may be interrupted: the next run goes on from there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="write every entry anew")
        parser.add_argument(
            "--at-once",
            action="store_true",
            help="write every entry into a new table that replaces the old one: ten times as fast, all or nothing",
        )
        parser.add_argument(
            "--processes", type=int, default=2, help="that prepare names for --at-once (default 2)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._index(options)
        except IndexBusy as error:
            raise CommandError(error.message) from error

    def _index(self, options: dict[str, Any]) -> None:
        if options["at_once"]:
            bar = Progress(self.stderr, "names", CompanyName.objects.active().count())
            total = rebuild_at_once(processes=options["processes"], progress=bar.add)
            bar.end()
            self.stdout.write(f"{total} names indexed.")
            return
        state = IndexState.objects.first()
        if options["all"] or (state is not None and state.version != VERSION):
            mark_all()
        marked = UnindexedName.objects.count()
        bar = Progress(self.stderr, "names", marked)
        left = catch_up_all(seconds=_LONGEST, progress=bar.add)
        bar.end()
        if left:
            raise CommandError(
                f"{left} names are left: another run is at work. Start this one again when it is done."
            )
        count_words()
        self.stdout.write(f"{marked} names indexed.")
