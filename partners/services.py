"""Inviting people and letting them in. An account begins here: there is no public sign-up."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import password_validation
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.enums import Side
from accounts.models import Role, User
from core.clock import Clock, database_clock
from core.errors import BadInput, LinkSpent, NotAllowed
from notifications.rendering import Reader
from notifications.services import notify_address
from partners.models import Invitation, Member, Partner

INVITATION_DAYS = 14
_SALT = "partners.invitation"
_GONE = "This invitation has expired, was withdrawn, or was used already. Ask for a new one."


def invite(
    *, email: str, name: str, role: Role, partner: Partner | None, by: User, clock: Clock = database_clock
) -> Invitation:
    """Invites somebody into a firm or, with `partner` None, onto the vendor's staff. The mail carries a signed link.

    A second invitation to one address replaces the first. Raises NotAllowed outside the inviter's reach, BadInput for an
    address that has an account or a role of the wrong side.
    """
    _check_reach(by, role, partner)
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise BadInput("Somebody with this address has an account already.", field="email")
    now = clock()
    with transaction.atomic():
        Invitation.objects.filter(email__iexact=email, accepted_at=None, revoked_at=None).update(revoked_at=now)
        invitation = Invitation.objects.create(
            email=email,
            name=name.strip(),
            role=role,
            partner=partner,
            invited_by=by,
            created_at=now,
            expires_at=now + timedelta(days=INVITATION_DAYS),
        )
        link = link_for(invitation)
        notify_address(
            event="invitation",
            reader=Reader(name=invitation.name, email=email),
            occasion=f"invitation:{invitation.pk}",
            link=link,
            context={
                "inviter_name": by.name,
                "firm_name": partner.name if partner else settings.PORTAL_NAME,
                "accept_url": link,
                "respond_by": invitation.expires_at,
            },
        )
    return invitation


def link_for(invitation: Invitation) -> str:
    """The address for the mail."""
    token = signing.dumps(invitation.pk, salt=_SALT)
    return f"{settings.PORTAL_URL}{reverse('partners:accept_invitation', args=[token])}"


def read_invitation(token: str, *, clock: Clock = database_clock) -> Invitation:
    """The open invitation that a link stands for. Raises LinkSpent."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise LinkSpent(_GONE) from error
    invitation = Invitation.objects.open(clock()).filter(pk=pk).select_related("partner", "role").first()
    if invitation is None:
        raise LinkSpent(_GONE)
    return invitation


def accept_invitation(
    token: str, *, name: str, password: str, time_zone: str = "UTC", clock: Clock = database_clock
) -> User:
    """Creates the account and, for a firm, the membership. Raises LinkSpent, or BadInput for a weak password."""
    with transaction.atomic():
        invitation = read_invitation(token, clock=clock)
        Invitation.objects.select_for_update().get(pk=invitation.pk, accepted_at=None)
        user = User(email=invitation.email, name=name.strip(), role=invitation.role, time_zone=time_zone)
        try:
            password_validation.validate_password(password, user)
        except ValidationError as error:
            raise BadInput(" ".join(error.messages), field="password") from error
        user.set_password(password)
        user.save()
        if invitation.partner is not None:
            Member.objects.create(user=user, partner=invitation.partner)
        invitation.accepted_at, invitation.accepted_by = clock(), user
        invitation.save(update_fields=["accepted_at", "accepted_by"])
    return user


def revoke_invitation(invitation: Invitation, *, by: User, clock: Clock = database_clock) -> None:
    """Makes an open invitation void. Raises NotAllowed outside the reach of `by`."""
    _check_reach(by, invitation.role, invitation.partner)
    Invitation.objects.open(clock()).filter(pk=invitation.pk).update(revoked_at=clock())


def _check_reach(by: User, role: Role, partner: Partner | None) -> None:
    wanted = Side.PARTNER if partner else Side.VENDOR
    if role.side != wanted:
        raise BadInput("This role belongs to the other side of the table.", field="role")
    if by.may("members.invite_any"):
        return
    own = getattr(by, "member", None)
    if by.may("members.invite_firm") and partner is not None and own is not None and own.partner_id == partner.pk:
        return
    raise NotAllowed("You can invite people into your own firm only.")
