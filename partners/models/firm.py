"""A partner firm."""

from functools import partial

from django.db import models
from django.db.models.functions import Lower
from django_countries.fields import CountryField

from accounts.models import User
from catalog.models import Industry, Territory
from core.codes import new_code
from partners.enums import PartnerKind, PartnerStatus, PartnerTier
from partners.querysets import PartnerQuerySet

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
        """Is through with its onboarding, and in good standing."""
        return self.status == PartnerStatus.ACTIVE

    @property
    def is_selling(self) -> bool:
        """May hold deals, as far as its own standing goes; of a firm that is being onboarded the policy says more."""
        return self.status in (PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE)
