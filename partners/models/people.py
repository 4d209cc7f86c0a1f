"""The people who belong to a firm, and invitations to join one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce, Lower

from accounts.models import Role, User
from partners.enums import PartnerFunction
from partners.models.firm import Partner
from partners.querysets import InvitationQuerySet, MemberQuerySet


class Member(models.Model):
    """A person of a firm. A database trigger refuses vendor staff here (migration 0002)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="member")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="members")
    # What the person does there: sales, marketing, technical. Several, or none yet.
    functions = ArrayField(
        models.CharField(max_length=20, choices=PartnerFunction), default=list, db_default=[], blank=True
    )
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = MemberQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user} of {self.partner}"


class Invitation(models.Model):
    """An invitation by mail to join a firm or, without one, the vendor's staff. Accepted once, until it expires."""

    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            # Per firm (0 is the vendor's staff): a firm can't cancel what another one wrote to the same address.
            models.UniqueConstraint(
                Lower("email"),
                Coalesce("partner_id", 0),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.email
