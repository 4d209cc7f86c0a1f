"""Who may do a thing to which registration, as far as role and reach go; workflow.py asks when the status allows it."""

from django.db import models

from accounts.enums import ADMINISTRATOR
from accounts.models import User
from registrations.enums import UNDER_REVIEW, RequestState, Status
from registrations.models import Appeal, Registration


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


def deciders_but(person: int | None) -> "models.QuerySet[User]":
    """Everybody who referees but that person; None: everybody."""
    referees = User.objects.filter(is_active=True, role__permissions__contains=["registrations.decide"])
    return referees.exclude(pk=person or 0).order_by("pk")


def bar_to_deciding(user: User, registration: Registration) -> str:
    """Why `user` may not decide a registration that is reviewed anew after a granted appeal: whoever took the decision that
    the appeal was against would undo what somebody else decided. '' where nothing is in the way, and for an administrator
    where nobody else could decide."""
    return bar_in_review(user, registration) if registration.status in UNDER_REVIEW else ""


def bar_in_review(user: User, registration: Registration) -> str:
    """The same for one that is about to come back under review, whatever its status is."""
    if "appeal" not in registration.review_reasons:
        return ""
    granted = Appeal.objects.filter(
        registration=registration, state=RequestState.GRANTED, outcome__status_after=Status.IN_REVIEW
    )
    first = granted.order_by("-closed_at", "-pk").values_list("first_decider_id", flat=True).first()
    if first is None or first != user.pk:
        return ""
    others = [str(person) for person in deciders_but(user.pk)[:3]]
    if not others and user.role.code == ADMINISTRATOR:
        return ""
    words = "You took the decision that the granted appeal was against, so somebody else decides now"
    return (
        f"{words}: {', '.join(others)}."
        if others
        else f"{words}. An administrator has to give them the right to."
    )
