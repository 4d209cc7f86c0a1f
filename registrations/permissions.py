"""Who may do a thing to which registration, as far as role and reach go; workflow.py asks when the status allows it."""

from accounts.models import User
from registrations.enums import Status
from registrations.models import Registration


def may_edit_draft(user: User, registration: Registration) -> bool:
    """Drafts belong to the firm that writes them."""
    return registration.status == Status.DRAFT and person_may(user, "registrations.register", registration)


def person_may(user: User, permission: str | None, registration: Registration) -> bool:
    """Whether the role holds `permission` and, on the partner's side, the registration is in reach."""
    if permission is None or not user.may(permission):
        return False
    if user.is_vendor:
        return True
    return Registration.objects.visible_to(user).filter(pk=registration.pk).exists()
