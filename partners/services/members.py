"""Closing and reopening people's accounts, and what a member may do and does. Nobody is deleted: what they did keeps their
name."""

from collections.abc import Iterable

from django.db import transaction

from accounts.enums import PARTNER_ADMIN
from accounts.models import Role, User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, WrongStatus
from partners.enums import PartnerFunction
from partners.models import Member
from partners.permissions import may_change_role, may_switch, roles_to_give
from partners.services.history import record
from partners.services.locking import lock_firm


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


def change_member(
    member: Member,
    *,
    by: User,
    role: Role | None = None,
    functions: Iterable[str] | None = None,
    clock: Clock = database_clock,
) -> Member:
    """Gives a member another role and other functions (values of PartnerFunction). Everybody may say their own functions;
    a role is given by the firm's admins and operations, never to oneself, and a firm keeps one admin who can sign in.

    Raises NotAllowed, BadInput.
    """
    with transaction.atomic():
        # The firm's lock: of two admins who take each other's role at once the second finds the first one gone.
        firm = lock_firm(member.partner_id)
        locked = Member.objects.select_related("user").get(pk=member.pk)
        person = locked.user
        told = {}
        if role is not None and role.pk != person.role_id:
            _check_role(person, role, by, locked)
            told["role"] = [person.role.name, role.name]
            person.role = role
            person.save(update_fields=["role"])
        if functions is not None and (chosen := _functions(functions)) != locked.functions:
            if by.pk != person.pk and not may_change_role(by, person):
                raise NotAllowed("Your role does not include this person.")
            told["functions"] = [_words(locked.functions), _words(chosen)]
            locked.functions = chosen
            locked.save(update_fields=["functions"])
        if told:
            record(firm, "member", actor=by, at=clock(), data={"person": person.name, "changes": told})
    return locked


def _check_role(person: User, role: Role, by: User, member: Member) -> None:
    if not may_change_role(by, person):
        raise NotAllowed("Nobody changes their own role, and yours does not include this person's.")
    if not roles_to_give(by, member.partner).filter(pk=role.pk).exists():
        raise BadInput("Choose a role from the list.", field="role")
    admins = User.objects.filter(
        member__partner=member.partner_id, role__code=PARTNER_ADMIN, is_active=True
    ).exclude(pk=person.pk)
    if person.role.code == PARTNER_ADMIN and not admins.exists():
        raise BadInput(f"{person.name} is the firm's only admin. Make somebody else one first.", field="role")


def _functions(chosen: Iterable[str]) -> list[str]:
    given = set(chosen)
    if given - set(PartnerFunction.values):
        raise BadInput("Choose functions from the list.", field="functions")
    return [value for value in PartnerFunction.values if value in given]


def _words(functions: Iterable[str]) -> str:
    return ", ".join(PartnerFunction(value).label for value in functions)
