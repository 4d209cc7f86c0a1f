"""Inviting people and letting them in. An account begins here: there is no public sign-up."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import password_validation
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role, User
from accounts.zones import is_zone
from core.clock import Clock, database_clock
from core.errors import BadInput, LinkSpent, NotAllowed, WrongStatus
from notifications.rendering import Reader
from notifications.services import notify_address
from partners.enums import PartnerStatus
from partners.models import Invitation, Member, Partner, PartnerMerge
from partners.permissions import check_invite, may_invite

INVITATION_DAYS = 14
_SALT = "partners.invitation"
_GONE = "This invitation has expired, was withdrawn, or was used already. Ask for a new one."
_HAS_ACCOUNT = (
    "Your address has an account already, so the invitation can't be used. Sign in with it instead."
)


def invite(
    *,
    email: str,
    name: str,
    role: Role,
    partner: Partner | None,
    by: User,
    clock: Clock = database_clock,
    event: str = "invitation",
    words: Mapping[str, Any] | None = None,
) -> Invitation:
    """Invites somebody into a firm or, with `partner` None, onto the vendor's staff. The mail carries a signed link.

    `event` is another wording of the mail, with `words` beside the usual ones, where the invitation comes with other news.
    A second invitation of the same firm to one address replaces the first. Those who invite into their own firm only
    are not told whether an address has an account elsewhere: whoever reads its mail learns it. Raises NotAllowed
    outside the inviter's reach, BadInput for somebody who is here already, a firm that has ended, or a role of the
    wrong side.
    """
    check_invite(by, role, partner)
    if partner is not None and (closed := why_closed(partner)):
        raise BadInput(closed)
    email = email.strip().lower()
    _check_newcomer(email, partner, by)
    now = clock()
    try:
        with transaction.atomic():
            _open_for(email, partner).update(revoked_at=now)
            invitation = Invitation.objects.create(
                email=email,
                name=" ".join(name.split()),
                role=role,
                partner=partner,
                invited_by=by,
                created_at=now,
                expires_at=now + timedelta(days=INVITATION_DAYS),
            )
            _mail(invitation, by, event, words or {})
    except IntegrityError as error:
        raise BadInput("Somebody invited this address at the same moment.", field="email") from error
    return invitation


def why_closed(partner: Partner) -> str:
    """Why nobody is invited into this firm any more, in words: it ended, or is part of another one. Empty while people
    can be."""
    if partner.status != PartnerStatus.ENDED:
        return ""
    merge = PartnerMerge.objects.filter(gone=partner, undone_at=None).select_related("survivor").first()
    if merge is not None:
        return f"{partner.name} is part of {merge.survivor.name} now. Invite people there."
    return "The partnership with this firm has ended. Reinstate it before you invite somebody."


def _check_newcomer(email: str, partner: Partner | None, by: User) -> None:
    known = User.objects.filter(email__iexact=email)
    if partner is not None and known.filter(member__partner=partner).exists():
        raise BadInput("Somebody with this address belongs to the firm already.", field="email")
    if by.may("members.invite_any") and known.exists():
        raise BadInput("Somebody with this address has an account already.", field="email")


def _open_for(email: str, partner: Partner | None):  # type: ignore[no-untyped-def]
    return Invitation.objects.filter(email__iexact=email, partner=partner, accepted_at=None, revoked_at=None)


def _mail(invitation: Invitation, by: User, event: str, words: Mapping[str, Any]) -> None:
    link = link_for(invitation)
    notify_address(
        event=event,
        reader=Reader(name=invitation.name, email=invitation.email),
        occasion=f"invitation:{invitation.pk}",
        link=link,
        context={
            "inviter_name": by.name,
            "firm_name": invitation.partner.name if invitation.partner else settings.PORTAL_NAME,
            "accept_url": link,
            "respond_by": invitation.expires_at,
            **words,
        },
    )


def link_for(invitation: Invitation) -> str:
    """The address for the mail."""
    token = signing.dumps(invitation.pk, salt=_SALT)
    return f"{settings.PORTAL_URL}{reverse('partners:accept_invitation', args=[token])}"


def read_invitation(token: str, *, clock: Clock = database_clock) -> Invitation:
    """The open invitation that a link stands for. Raises LinkSpent."""
    invitation = (
        Invitation.objects.open(clock())
        .filter(pk=_number(token))
        .select_related("partner", "role", "invited_by")
        .first()
    )
    if invitation is None or _has_ended(invitation.partner):
        raise LinkSpent(_GONE)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise LinkSpent(_HAS_ACCOUNT)
    return invitation


def accept_invitation(
    token: str, *, name: str, password: str, time_zone: str = "UTC", clock: Clock = database_clock
) -> User:
    """Creates the account and, for a firm, the membership. Two at once make one account.

    Raises LinkSpent, or BadInput for no name, a weak password or an unknown time zone.
    """
    name = " ".join(name.split())
    if not name:
        raise BadInput("Enter your name.", field="name")
    if not is_zone(time_zone):
        raise BadInput("Choose a time zone from the list.", field="time_zone")
    try:
        with transaction.atomic():
            # The row lock first: whoever waited for it then reads that the invitation is used.
            list(Invitation.objects.select_for_update().filter(pk=_number(token)))
            invitation = read_invitation(token, clock=clock)
            user = User(email=invitation.email, name=name, role=invitation.role, time_zone=time_zone)
            _check_password(password, user)
            user.set_password(password)
            user.save()
            if invitation.partner is not None:
                Member.objects.create(user=user, partner=invitation.partner)
            invitation.accepted_at, invitation.accepted_by = clock(), user
            invitation.save(update_fields=["accepted_at", "accepted_by"])
    except IntegrityError as error:
        raise LinkSpent(_HAS_ACCOUNT) from error
    return user


def revoke_invitation(invitation: Invitation, *, by: User, clock: Clock = database_clock) -> None:
    """Makes an open invitation void. Raises NotAllowed outside the reach of `by`, WrongStatus when it is not open."""
    if not may_invite(by, invitation.partner):
        raise NotAllowed("You can take back invitations into your own firm only.")
    now = clock()
    if not Invitation.objects.open(now).filter(pk=invitation.pk).update(revoked_at=now):
        raise WrongStatus("This invitation was accepted, taken back or has expired meanwhile.")


def _number(token: str) -> int:
    try:
        return int(signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkSpent(_GONE) from error


def _has_ended(partner: Partner | None) -> bool:
    return partner is not None and partner.status == PartnerStatus.ENDED


def _check_password(password: str, user: User) -> None:
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages), field="password") from error
