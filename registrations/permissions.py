"""Who may do what to which registration. Views and services ask the same functions."""

from accounts.models import User
from core.errors import NotAllowed, WrongStatus
from registrations.enums import Action, Status
from registrations.models import Registration
from registrations.workflow import TRANSITIONS, label_for, transition


def may(user: User, action: Action, registration: Registration) -> bool:
    """Whether `user` could do `action` now: the status allows it, the role allows it, and it is in their reach."""
    row = transition(action)
    return registration.status in row.sources and _person_may(user, row.permission, registration)


def actions_for(user: User, registration: Registration) -> set[str]:
    """The codes of all actions open to `user` on this registration: which buttons to show."""
    return {action.value for action in TRANSITIONS if may(user, action, registration)}


def check(user: User | None, action: Action, registration: Registration) -> None:
    """Raises WrongStatus or NotAllowed, in words. `user` None is the portal itself."""
    row = transition(action)
    if registration.status not in row.sources:
        now = label_for(registration.status, vendor=user is None or user.is_vendor)
        raise WrongStatus(f"{registration.code} is now “{now}”, so it cannot be changed in this way any more.")
    allowed = row.by_portal if user is None else _person_may(user, row.permission, registration)
    if not allowed:
        raise NotAllowed("Your role does not include this.")


def may_edit_draft(user: User, registration: Registration) -> bool:
    """Drafts belong to the firm that writes them."""
    return registration.status == Status.DRAFT and _person_may(user, "registrations.register", registration)


def _person_may(user: User, permission: str | None, registration: Registration) -> bool:
    if permission is None or not user.may(permission):
        return False
    if user.is_vendor:
        return True
    return Registration.objects.visible_to(user).filter(pk=registration.pk).exists()
