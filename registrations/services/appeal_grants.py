"""What a granted appeal leads to (R14): the deal, where nobody goes before it; else a review, with its place in time."""

from dataclasses import dataclass
from datetime import datetime

from registrations.enums import Action, Status
from registrations.models import Appeal, Registration
from registrations.services import holdings, order_disputes, overlaps, passing, places


@dataclass(frozen=True)
class Ahead:
    """What a grant is not to pass: `reviewed` came first and is still under review, those in `line` have an earlier place, and
    `appeals` are the codes of open ones about the order of that line."""

    reviewed: Registration | None = None
    line: tuple[Registration, ...] = ()
    appeals: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody goes before it."""
        return self == Ahead()


def what_a_grant_does(made: Appeal, registration: Registration, at: datetime) -> Status:
    """The status that a granted appeal leads to: protected where nobody is in the way or goes before it; else back in review.
    A changed place leaves it in line."""
    if made.decision.action == Action.REFUSE_EXTENSION:
        return Status.APPROVED
    if made.decision.action == Action.REORDER:
        return Status.WAITLISTED
    free = not holdings.held_by_others(registration) and overlaps.unjudged_holder(registration) is None
    return Status.APPROVED if free and ahead_of(made, registration, at).is_empty else Status.IN_REVIEW


def ahead_of(made: Appeal, registration: Registration, at: datetime) -> Ahead:
    """Who would lose it by a grant: who came first and is still under review, at the same company or at one that may be the
    same and that nobody has judged; and, where nobody holds it, the line. Who had it gets it back."""
    if made.decision.status_before == Status.APPROVED:
        return Ahead()
    reviewed = places.reviewed_before(registration) or places.unjudged_before(registration)
    if holdings.held_by_others(registration):
        return Ahead(reviewed)
    return Ahead(
        reviewed,
        tuple(passing.passed_by(registration)),
        order_disputes.about_place_of(registration, at),
    )
