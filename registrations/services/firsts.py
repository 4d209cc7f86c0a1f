"""A firm's first registration and first win: marked once, where a status is written."""

from datetime import datetime

from accounts.models import User
from partners.enums import MilestoneKind
from partners.services.milestones import reach
from registrations.enums import Action, Status
from registrations.models import Registration


def mark(registration: Registration, action: Action, *, by: User | None, at: datetime) -> None:
    """Marks a first that this change of status is. A submission that the policy refused is none."""
    if action == Action.SUBMIT and registration.status != Status.REFUSED:
        kind = MilestoneKind.FIRST_REGISTRATION
    elif registration.status == Status.WON and action in (Action.WIN, Action.WIN_TOGETHER):
        kind = MilestoneKind.FIRST_WIN
    else:
        return
    reach(registration.partner, kind, about=registration.code, label=registration.company_name, by=by, at=at)
