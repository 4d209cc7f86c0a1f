"""Open appeals against the order of a line: while one waits for its answer, nobody is given the turn that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from policies.models import RegistrationPolicy
from registrations.enums import Action, RequestState, Status
from registrations.models import Appeal, Registration
from registrations.querysets import in_time_or_decidable
from registrations.services.holdings import scope_now
from registrations.services.transitions import held_together


@dataclass
class Disputed:
    """Who was put before somebody whose appeal against that is open, and the codes of these appeals. They are asked about in
    the order of the line."""

    ahead: frozenset[int] = frozenset()
    codes: tuple[str, ...] = ()
    waiting: list[int] = field(default_factory=list)

    def bars(self, row: Registration) -> bool:
        """Whether `row` has to wait for an answer: its own place is disputed, or it wants what one before it waits for."""
        wanted = scope_now(row).kept_out()
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
    rows = list(found.order_by("pk").values_list("registration", "code"))
    appealed = {pk for pk, _ in rows}
    ahead = {
        row.pk
        for place, row in enumerate(line)
        for after in line[place + 1 :]
        if after.pk in appealed and (after.rank or 0) < (row.rank or 0)
    }
    return Disputed(frozenset(ahead), tuple(code for _, code in rows))


def about_place_of(registration: Registration, at: datetime) -> tuple[str, ...]:
    """The codes of the open appeals that have to be answered before `registration`, in line or not, is given what it wants:
    somebody with an earlier place, or it itself, waits for the answer."""
    companies = held_together(registration.company_id or 0)
    line = list(Registration.objects.awaiting_turn().filter(company__in=companies))
    disputed = places_disputed(line, at)
    if not disputed.ahead:
        return ()
    policy = RegistrationPolicy.objects.in_force(at)
    turn = registration.line_order if registration.line_order is not None else registration.rank or 0
    for row in line:
        if row.turn >= turn:  # type: ignore[attr-defined]
            break
        if row.status == Status.WAITLISTED:
            row.policy = policy  # as when its turn is looked at
        disputed.bars(row)
    return disputed.codes if disputed.bars(registration) else ()
