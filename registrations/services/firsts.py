"""A firm's first registration and first win: marked once, where a status is written, and unmarked where that is undone."""

from datetime import datetime

from accounts.models import User
from partners.enums import MilestoneKind
from partners.models import FirmMilestone
from partners.services.milestones import reach, take_back
from registrations.enums import OPEN, Action, Status
from registrations.models import Registration

# From here a registration comes in: it was submitted, or given back after it had been refused.
_OUTSIDE = (Status.DRAFT, Status.REFUSED)


def mark(registration: Registration, action: Action, source: str, *, by: User | None, at: datetime) -> None:
    """Marks a first that this change of status is. A submission that the policy refused is none, until an appeal against it
    is granted; with the appeal it is undone."""
    if action == Action.UNDO:
        if source in OPEN and registration.status in _OUTSIDE:
            _unmark(registration, by=by, at=at)
        return
    if source in _OUTSIDE and registration.status in OPEN:
        kind = MilestoneKind.FIRST_REGISTRATION
    elif registration.status == Status.WON and action in (Action.WIN, Action.WIN_TOGETHER):
        kind = MilestoneKind.FIRST_WIN
    else:
        return
    reach(registration.partner, kind, about=registration.code, label=registration.company_name, by=by, at=at)


def _unmark(registration: Registration, *, by: User | None, at: datetime) -> None:
    """The registration is outside again: it was none, unless it had come in before as well."""
    found = FirmMilestone.objects.select_related("partner").filter(
        partner=registration.partner, kind=MilestoneKind.FIRST_REGISTRATION, about=registration.code
    )
    if (mark := found.first()) is not None:
        came_in = registration.timeline.filter(data__from__in=_OUTSIDE).latest("number")
        if came_in.at == mark.at:
            take_back(mark, by=by, at=at)
