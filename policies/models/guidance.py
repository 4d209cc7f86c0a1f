"""Dos and don'ts in operations' own words, beside the sentences that the settings make (L1)."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from policies.enums import Advice
from policies.querysets import GuidanceQuerySet


class Guidance(models.Model):
    """One text, shown to partners from `begins_at` until `ended_at`. A changed text is a new row that `replaces` the old."""

    kind = models.CharField(max_length=10, choices=Advice)
    text = models.CharField(max_length=400)
    begins_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "begins_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Advice.values), name="guidance_kind_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begins_at")), name="guidance_ends_after_begin"
            ),
        ]

    def __str__(self) -> str:
        return self.text
