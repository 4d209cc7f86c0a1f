"""People and invitations as the pages list them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from core.clock import database_clock
from partners.enums import PartnerFunction, PartnerStatus
from partners.models import Invitation, Member, Partner
from partners.permissions import may_change_role, may_invite, may_switch


@dataclass(frozen=True)
class PersonRow:
    """A person with an account."""

    pk: int
    name: str
    email: str
    role: str
    seen: str
    is_active: bool
    may_switch: bool
    is_reader: bool
    manager: int | None = None
    functions: str = ""
    may_change: bool = False


@dataclass(frozen=True)
class InvitationRow:
    """An invitation that was not accepted."""

    pk: int
    email: str
    name: str
    role: str
    by: str
    until: str
    is_open: bool
    is_stopped: bool


def members_of(reader: User, partner: Partner) -> list[Member]:
    """The people of a firm with users and roles, those who can sign in first: one query."""
    found = (
        Member.objects.visible_to(reader)
        .filter(partner=partner)
        .select_related("user__role", "user__member")
        .order_by("-user__is_active", "user__name", "pk")
    )
    return list(found)


def person_rows(reader: User, people: Iterable[User]) -> list[PersonRow]:
    """What is shown of people; each comes with role (and member, for the partner side)."""
    return [
        PersonRow(
            pk=person.pk,
            name=person.name or person.email,
            email=person.email,
            role=person.role.name,
            seen=_day(person.last_login) if person.last_login else "",
            is_active=person.is_active,
            may_switch=may_switch(reader, person),
            is_reader=person.pk == reader.pk,
            manager=person.manager_id,
            functions=_functions(person),
            may_change=may_change_role(reader, person) or (person.pk == reader.pk and person.is_partner_side),
        )
        for person in people
    ]


def _functions(person: User) -> str:
    member = getattr(person, "member", None)
    return ", ".join(PartnerFunction(value).label for value in member.functions) if member else ""


def invitation_rows(reader: User, partner: Partner | None) -> tuple[list[InvitationRow], bool]:
    """Invitations into a firm (None: the vendor's staff) that were neither accepted nor taken back, and whether
    `reader` may write more."""
    now, over = database_clock(), partner is not None and partner.status == PartnerStatus.ENDED
    found = (
        Invitation.objects.visible_to(reader)
        .filter(partner=partner, accepted_at=None, revoked_at=None)
        .select_related("role", "invited_by")
    )
    rows = [
        InvitationRow(
            pk=invitation.pk,
            email=invitation.email,
            name=invitation.name,
            role=invitation.role.name,
            by=str(invitation.invited_by),
            until=_day(invitation.expires_at),
            is_open=invitation.expires_at > now and not over,
            is_stopped=over,
        )
        for invitation in found
    ]
    return rows, may_invite(reader, partner)


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-d %b %Y}"
