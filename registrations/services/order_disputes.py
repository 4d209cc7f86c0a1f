"""Open appeals against the order of a line: while one waits for its answer, nobody is given the turn that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from registrations.enums import Action, RequestState
from registrations.models import Appeal, Registration
from registrations.querysets import in_time_or_decidable
from registrations.services.holdings import scope_now


@dataclass
class Disputed:
    """Who was put before somebody whose appeal against that is open. They are asked about in the order of the line."""

    ahead: frozenset[int] = frozenset()
    waiting: list[int] = field(default_factory=list)

    def bars(self, row: Registration) -> bool:
        """Whether `row` has to wait for an answer: its own place is disputed, or it wants what one before it waits for."""
        wanted = scope_now(row).registrations()
        barred = row.pk in self.ahead or (
            bool(self.waiting) and Registration.objects.filter(wanted, pk__in=self.waiting).exists()
        )
        if barred:
            self.waiting.append(row.pk)
        return barred


def places_disputed(line: Sequence[Registration], at: datetime) -> Disputed:
    """The disputes about the places of `line`, which is in its order: of those who stand before somebody that appealed, the
    ones that were submitted later. Past its time an appeal that nobody may decide holds nothing up."""
    found = Appeal.objects.filter(
        in_time_or_decidable(at),
        registration__in=line,
        state=RequestState.OPEN,
        decision__action=Action.REORDER,
    )
    appealed = set(found.values_list("registration", flat=True))
    ahead = {
        row.pk
        for place, row in enumerate(line)
        for after in line[place + 1 :]
        if after.pk in appealed and (after.rank or 0) < (row.rank or 0)
    }
    return Disputed(frozenset(ahead))
