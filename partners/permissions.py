"""Who may bring in, and send away, whom. Views and services ask the same functions."""

from collections.abc import Collection

from django.db.models import QuerySet

from accounts.enums import Side
from accounts.models import Role, User
from core.errors import BadInput, NotAllowed
from partners.enums import StepSide
from partners.models import OnboardingStep, Partner

_MAKES_ACCOUNTS = "members.invite_any"


def may_invite(user: User, partner: Partner | None) -> bool:
    """Whether `user` may invite into this firm or, with None, onto the vendor's staff."""
    if user.may("members.invite_any"):
        return True
    return partner is not None and user.may("members.invite_firm") and firm_of(user) == partner.pk


def firm_of(user: User) -> int | None:
    """The id of the firm that somebody belongs to."""
    member = getattr(user, "member", None)
    return member.partner_id if member else None


def may_give(user: User, role: Role) -> bool:
    """Nobody makes an account stronger than their own: a role that can itself create accounts on the vendor's side is
    given only by those who hold everything it holds. (Operations invite channel managers, but no administrator.)"""
    return _MAKES_ACCOUNTS not in role.permissions or set(role.permissions) <= set(user.role.permissions)


def roles_to_give(user: User, partner: Partner | None) -> QuerySet[Role]:
    """The roles that `user` may invite somebody to, of the right side."""
    side = Side.PARTNER if partner else Side.VENDOR
    given = [role.pk for role in Role.objects.filter(side=side) if may_give(user, role)]
    return Role.objects.filter(pk__in=given)


def check_invite(by: User, role: Role, partner: Partner | None) -> None:
    """Raises NotAllowed outside the reach of `by`, BadInput for a role of the wrong side."""
    if not may_invite(by, partner):
        raise NotAllowed("You can invite people into your own firm only.")
    if role.side != (Side.PARTNER if partner else Side.VENDOR):
        raise BadInput("This role belongs to the other side of the table.", field="role")
    if not may_give(by, role):
        raise NotAllowed("Your role can't give this one to somebody. Ask an administrator.")


def may_switch(by: User, person: User) -> bool:
    """Whether `by` may close and reopen the account of `person`: of their own firm, or anybody; never their own, and
    never one that is stronger than theirs."""
    if by.pk == person.pk:
        return False
    if by.may("members.invite_any"):
        return may_give(by, person.role)
    firm = firm_of(person)
    return firm is not None and by.may("members.invite_firm") and firm == firm_of(by)


def may_do_step(user: User, step: OnboardingStep, instead_of: Collection[User] = ()) -> bool:
    """Whether `user`, who stands in for those of `instead_of`, may tick a step and take the tick back: the firm's own people
    what is theirs, the firm's channel manager what is the vendor's, operations everything. `step.partner` should be loaded."""
    if user.may("partners.edit"):
        return True
    if step.side == StepSide.VENDOR:
        return user.is_vendor and step.partner.manager_id in {one.pk for one in (user, *instead_of)}
    return firm_of(user) == step.partner_id and user.may("partners.view_own")


def may_edit_own(user: User, partner: Partner) -> bool:
    """Whether `user` may change what is the firm's own: website, city, time zone."""
    return user.may("partners.edit_own") and firm_of(user) == partner.pk


def may_change_role(by: User, person: User) -> bool:
    """Whether `by` may give `person`, a member, another role and functions: as with opening and closing the account. What
    somebody does for the firm may be said by themselves, too (services/members.py)."""
    return firm_of(person) is not None and may_switch(by, person)
