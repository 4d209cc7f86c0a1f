"""Closing and reopening people's accounts. Nobody is deleted: what they did keeps their name."""

from accounts.models import User
from core.errors import NotAllowed, WrongStatus
from partners.permissions import may_switch


def deactivate_person(person: User, *, by: User) -> None:
    """Closes the account: no sign-in, and sessions that are open end with their next request.

    Raises NotAllowed for oneself or outside the reach of `by`, WrongStatus when it is closed already.
    """
    _switch(person, by=by, active=False)


def reactivate_person(person: User, *, by: User) -> None:
    """Opens a closed account again. Raises as `deactivate_person` does."""
    _switch(person, by=by, active=True)


def _switch(person: User, *, by: User, active: bool) -> None:
    if person.pk == by.pk:
        raise NotAllowed("You can't close your own account. Ask somebody else who may.")
    if not may_switch(by, person):
        raise NotAllowed("Your role does not include this person's account.")
    if not User.objects.filter(pk=person.pk, is_active=not active).update(is_active=active):
        raise WrongStatus(f"The account of {person.name} is {'open' if active else 'closed'} already.")
    person.is_active = active
