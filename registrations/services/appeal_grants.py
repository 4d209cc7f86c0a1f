"""What a granted appeal leads to (R14): the deal, where nobody goes before it; else a review, with its place in time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from registrations.claims import Claim
from registrations.enums import OPEN, Action, Status
from registrations.models import Appeal, Conflict, Registration
from registrations.services import coming_back, holdings, order_disputes, overlaps, passing, places
from registrations.services.coming_back import Met


@dataclass(frozen=True)
class Ahead:
    """What a grant is not to pass: `reviewed` came first and is still under review, those in `line` have an earlier place,
    `appeals` are the codes of open ones about the order of that line, and `claims` of other firms, such as leads, came first."""

    reviewed: Registration | None = None
    line: tuple[Registration, ...] = ()
    appeals: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody goes before it."""
        return self == Ahead()


@dataclass(frozen=True)
class Grant:
    """The status that a grant leads to, and why it is no other: `holder` has the same, or what may be the same company;
    `ahead` goes before it; the conflict check `failed`. `rivals` came in while it was over, and hear of it. Who gets back
    what they had passes `claims`, such as leads that were given since; their firms hear of it."""

    status: Status
    holder: Registration | None = None
    ahead: Ahead = Ahead()
    failed: bool = False
    rivals: tuple[Registration, ...] = ()
    claims: tuple[Claim, ...] = ()


def what_a_grant_does(
    made: Appeal, registration: Registration, at: datetime, *, locked: bool = False
) -> Grant:
    """What a granted appeal leads to: protection where nobody is in the way or goes before it; else a review anew. A changed
    place leaves it in line. Of one that had ended the conflict check is run again; `locked`, those that it finds are locked
    as well, for who carries it out."""
    if made.decision.action == Action.REFUSE_EXTENSION:
        return Grant(Status.APPROVED)
    if made.decision.action == Action.REORDER:
        return Grant(Status.WAITLISTED)
    met = Met()
    if registration.status not in OPEN:
        met = (coming_back.look_locked if locked else coming_back.look)(registration, at=at)
    holder = _holder(registration, met.rows)
    ahead = _ahead_of(made, registration, met.rows, at)
    free = holder is None and ahead.is_empty and not met.failed
    status = Status.APPROVED if free else Status.IN_REVIEW
    claims = passing.claims_met(registration) if free else ()
    return Grant(status, holder, ahead, met.failed, tuple(met.rivals), tuple(claims))


def _holder(registration: Registration, met: Collection[Conflict]) -> Registration | None:
    """Who has it, or has reserved it; else who has what may be the same and nobody has judged."""
    held = holdings.held_by_others(registration, shown=True)
    return held[0].registration if held else overlaps.unjudged_holder(registration, met)


def _ahead_of(made: Appeal, registration: Registration, met: Collection[Conflict], at: datetime) -> Ahead:
    """Who would lose it by a grant: who came first and is still under review, at the same company or at one that may be the
    same and that nobody has judged; and, where nobody holds it, the line. Who had it gets it back."""
    if made.decision.status_before == Status.APPROVED:
        return Ahead()
    reviewed = places.under_review_before(registration, met)
    if holdings.held_by_others(registration):
        return Ahead(reviewed)
    return Ahead(
        reviewed,
        tuple(passing.passed_by(registration)),
        order_disputes.about_place_of(registration, at),
        tuple(passing.claims_passed_by(registration)),
    )
