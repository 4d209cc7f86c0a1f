"""Who may see which firms, people and invitations."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Invitation, Member, Partner


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, user: "User") -> "PartnerQuerySet":
        """All firms for the vendor's staff, their own for members, none for others."""
        if user.may("partners.view_all"):
            return self
        return self.filter(members__user=user)


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, user: "User") -> "MemberQuerySet":
        """The people of the firms that `user` may see."""
        if user.may("partners.view_all"):
            return self
        return self.filter(partner__members__user=user)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: "User") -> "InvitationQuerySet":
        """All for those who invite anybody, their firm's for those who invite into it."""
        if user.may("members.invite_any"):
            return self
        if user.may("members.invite_firm"):
            return self.filter(partner__members__user=user)
        return self.none()

    def open(self, now: datetime) -> "InvitationQuerySet":
        """Not accepted, not revoked, not expired."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)
