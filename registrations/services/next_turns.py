"""Whose turn it is when a place is free: for the line, which gives it, and for the pages, which say it beforehand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from itertools import islice

from policies.models import RegistrationPolicy
from policies.rulebook import rulebook_at
from registrations import supposing
from registrations.enums import UNDER_REVIEW, Status
from registrations.models import Agreement, Holding, Registration
from registrations.scope import Scope
from registrations.services import holdings, order_disputes, places
from registrations.services.transitions import held_together
from registrations.services.turns import Course, Turn, foresee

# So many steps of a long line are foreseen; each is looked at under all rules.
_MOST = 8


class Place(Enum):
    """What a place in line comes to, where the policy is not asked about it."""

    HELD = auto()  # somebody holds what it wants
    INACTIVE = auto()  # its firm is not active
    DISPUTED = auto()  # an appeal about the order has to be answered first
    ANEW = auto()  # it is under review anew after an appeal: kept for it
    INSTEAD = auto()  # kept for who was submitted before it and is still under review


@dataclass(frozen=True)
class Due:
    """What becomes of one in line. `turn` is its turn as the policy says it; `first` was submitted before it; `held` is what
    others hold of what it wants."""

    waiting: Registration
    place: Place | None = None
    turn: Turn | None = None
    first: Registration | None = None
    held: list[Holding] = field(default_factory=list)

    @property
    def goes_to(self) -> Registration | None:
        """For whom the scope is reserved by it; None where the next in line is looked at."""
        if self.turn is not None:
            return self.waiting if self.turn.course in (Course.OFFER, Course.REVIEW) else None
        return {Place.ANEW: self.waiting, Place.INSTEAD: self.first}.get(self.place) if self.place else None

    @property
    def kept_at(self) -> int | None:
        """The company at which it is reserved."""
        return places.kept_at(self.first, self.waiting) if self.first else self.waiting.company_id


def due_among(line: Sequence[Registration], *, at: datetime, given: Sequence[Scope] = ()) -> Iterator[Due]:
    """What becomes of each in `line`, which is in its order, one after the other: whoever asks carries out each before asking
    for the next, or, where nothing is carried out, adds what it would have been given to `given`."""
    policy, book = RegistrationPolicy.objects.in_force(at), None
    disputed = order_disputes.places_disputed(line, at)
    for waiting in line:
        if waiting.status not in UNDER_REVIEW:
            waiting.policy = policy  # its turn is looked at under the policy in force, the scope included
    held_now = holdings.held_among(line)
    for place, waiting in enumerate(line, start=1):
        in_review = waiting.status in UNDER_REVIEW
        if any(scope.keeps_out(waiting) for scope in given):
            continue
        held = held_now[waiting.pk]
        barred = _barred(waiting, held, disputed)
        before = None if barred or in_review else places.under_review_before(waiting)
        if barred is not None:
            due = Due(waiting, barred, held=[] if in_review else held)
        elif in_review:
            due = Due(waiting, Place.ANEW)
        elif before is not None:
            due = Due(waiting, Place.INSTEAD, first=before)
        else:
            book = book or rulebook_at(at, policy=policy)
            due = Due(waiting, turn=foresee(waiting, book, at))
        yield due
        if due.goes_to is not None and not given:  # it was carried out, so that it keeps out those behind it
            held_now = holdings.held_among(line[place:])


def _barred(waiting: Registration, held: list[Holding], disputed: order_disputes.Disputed) -> Place | None:
    """Why it has no turn now. Those whose firm is not active are passed over and keep their place; nobody has a turn that an
    open appeal about the order may give to somebody else."""
    if held:
        return Place.HELD
    if not waiting.partner.is_selling:
        return Place.INACTIVE
    return Place.DISPUTED if disputed.bars(waiting) else None


def foreseen(ended: Registration, *, at: datetime, taken: Sequence[Scope] = ()) -> list[Due]:
    """What would become of the line if `ended` were over now: of those that matter, in order. Where it holds nothing they wait
    for something else, and only who gets a turn matters. `taken` is what somebody else would hold then. Nothing is changed,
    and nothing is locked, so that it may be otherwise a moment later."""
    held = set(ended.holdings.filter(ended_at=None).values_list("company", flat=True))
    line = _line_without(ended, held)
    given: list[Scope] = [*taken]
    found = []
    with supposing.ended(ended.pk):
        dues = (due for due in due_among(line, at=at, given=given) if due.place != Place.HELD)
        for due in islice(dues, _MOST):
            if due.goes_to is not None:
                given.append(holdings.scope_now(due.goes_to, due.kept_at))
            if held or due.turn or due.goes_to:
                found.append(due)
    return found


def _line_without(ended: Registration, held: set[int]) -> list[Registration]:
    """The line at all companies where something would be free and in their families, with who sells along, who goes back into
    it."""
    companies = held_together(*held, *([ended.company_id] if ended.company_id else []))
    rows = Registration.objects.awaiting_turn().filter(company__in=companies).exclude(pk=ended.pk)
    line = list(rows.select_related("partner__manager", "currency").prefetch_related("lines"))
    for agreement in Agreement.objects.current().of(ended).filter(other__status=Status.SHARED):
        back = Registration.objects.select_related("partner__manager", "currency").get(pk=agreement.other_id)
        line.append(back)
    line.sort(
        key=lambda row: (row.line_order if row.line_order is not None else row.rank or 0, row.rank or 0)
    )
    return line
