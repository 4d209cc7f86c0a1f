"""Everything that happened to a lead: append-only, each entry carrying a hash of the one before."""

from django.db import models

from accounts.models import User
from leads.models.lead import Lead
from leads.querysets import LeadEntryQuerySet
from partners.models import Partner


class LeadEntry(models.Model):
    """One event. A database trigger refuses UPDATE and DELETE; services/timeline.py writes and verifies the chain.

    `partner` is the firm whom it concerns and who may read it, besides the vendor; null for the vendor alone.
    """

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="timeline")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = LeadEntryQuerySet.as_manager()

    class Meta:
        ordering = ["lead", "number"]
        verbose_name_plural = "lead entries"
        constraints = [models.UniqueConstraint(fields=["lead", "number"], name="lead_entry_in_order")]

    def __str__(self) -> str:
        return f"{self.lead_id}#{self.number} {self.kind}"


class LeadHead(models.Model):
    """Number and hash of a timeline's last entry, as registrations.TimelineHead: a database trigger writes it with each
    entry, others refuse to take one away or back."""

    lead = models.OneToOneField(
        Lead, primary_key=True, on_delete=models.PROTECT, related_name="timeline_head"
    )
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.lead_id}#{self.number}"
