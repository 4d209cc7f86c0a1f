"""What a firm needs to register a product line (L2): one row a version for each product line, effective-dated."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
from catalog.models import ProductLine, Territory
from partners.enums import PartnerTier
from partners.models import Group
from policies.enums import Barred
from policies.querysets import AuthorisationQuerySet


class ProductAuthorisation(models.Model):
    """Who may register a product line from `effective_from` on, until the next row of the same line. Empty lists and an
    empty tier ask for nothing. What is asked for is never rewritten, nor are the groups and territories that it names: triggers
    let it be taken back alone, before it begins.

    `certificates` are codes of types of certificates, all of which a firm needs; the codes are checked when a row is
    written. `territories` are where it is sold: by firms that work there, to customers there. `groups` are the circles
    of partners that it is for; a firm in one of them is enough, and who is in is asked each time.
    """

    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, related_name="authorisations")
    effective_from = models.DateTimeField()
    kinds = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    least_tier = models.CharField(max_length=20, choices=PartnerTier, blank=True, default="")
    certificates = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    territories = models.ManyToManyField(Territory, blank=True, related_name="+")
    groups = models.ManyToManyField(Group, through="AuthorisationGroup", blank=True, related_name="+")
    effect = models.CharField(max_length=10, choices=Barred, default=Barred.REFUSED)
    note = models.CharField(max_length=200, help_text="What changes and why.")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)  # taken back before it began; it never applied

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        ordering = ["product_line", "-effective_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(effect__in=Barred.values), name="authorisation_effect_known"
            ),
            models.CheckConstraint(
                condition=models.Q(least_tier__in=["", *PartnerTier.values]), name="authorisation_tier_known"
            ),
            models.CheckConstraint(
                condition=models.Q(effective_from__gte=models.F("created_at")),
                name="authorisation_never_back_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(withdrawn_at__lt=models.F("effective_from")),
                name="authorisation_taken_back_before_it_began",
            ),
            models.UniqueConstraint(
                fields=["product_line", "effective_from"],
                condition=models.Q(withdrawn_at=None),
                name="authorisation_once_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_line_id} from {self.effective_from:%Y-%m-%d}"


class AuthorisationGroup(models.Model):
    """A group that a requirement names. It protects the group: without it the requirement would ask for nothing, and open
    the line to everybody; past requirements keep theirs, since simulations ask them again."""

    authorisation = models.ForeignKey(ProductAuthorisation, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authorisation", "group"], name="authorisation_group_once")
        ]

    def __str__(self) -> str:
        return f"{self.authorisation_id}: {self.group_id}"
