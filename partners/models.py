"""Partner firms, the people who belong to them, and invitations."""

from functools import partial

from django.db import models
from django.db.models.functions import Coalesce, Lower
from django_countries.fields import CountryField

from accounts.models import Role, User
from catalog.models import Industry, Territory
from core.codes import new_code
from partners.enums import PartnerKind, PartnerStatus, PartnerTier
from partners.querysets import InvitationQuerySet, MemberQuerySet, PartnerQuerySet

_partner_code = partial(new_code, "P")


class Partner(models.Model):
    """A firm that sells the vendor's products."""

    code = models.CharField(max_length=16, unique=True, default=_partner_code, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PartnerKind, default=PartnerKind.RESELLER)
    tier = models.CharField(max_length=20, choices=PartnerTier, default=PartnerTier.REGISTERED)
    status = models.CharField(max_length=20, choices=PartnerStatus, default=PartnerStatus.PROSPECT)
    country = CountryField()
    city = models.CharField(max_length=120, blank=True)
    website = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    territories = models.ManyToManyField(Territory, blank=True, related_name="partners")
    industries = models.ManyToManyField(Industry, blank=True, related_name="partners")
    manager = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="managed_partners"
    )
    version = models.PositiveIntegerField(
        default=1
    )  # grows with each edit: two people never overwrite each other
    created_at = models.DateTimeField(auto_now_add=True)

    people: int  # set by PartnerQuerySet.with_people

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=PartnerStatus.values), name="partner_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(tier__in=PartnerTier.values), name="partner_tier_known"
            ),
            models.UniqueConstraint(Lower("name"), name="partner_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """May register deals, as far as its own standing goes."""
        return self.status == PartnerStatus.ACTIVE


class Member(models.Model):
    """A person of a firm. A database trigger refuses vendor staff here (migration 0002)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="member")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="members")
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
