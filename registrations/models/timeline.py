"""Everything that happened to a registration: append-only, each entry carrying a hash of the one before."""

from django.db import models

from accounts.models import User
from registrations.enums import Audience
from registrations.models.registration import Registration
from registrations.querysets import TimelineQuerySet


class TimelineEntry(models.Model):
    """One event. A database trigger refuses UPDATE and DELETE; services/timeline.py writes and verifies the chain."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="timeline")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.BOTH)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = TimelineQuerySet.as_manager()

    class Meta:
        ordering = ["registration", "number"]
        constraints = [models.UniqueConstraint(fields=["registration", "number"], name="timeline_in_order")]

    def __str__(self) -> str:
        return f"{self.registration_id}#{self.number} {self.kind}"


class TimelineHead(models.Model):
    """Number and hash of a timeline's last entry, so that entries cut off at the end are missed. Written by a database
    trigger with each entry; others refuse to take one away or back."""

    registration = models.OneToOneField(
        Registration, primary_key=True, on_delete=models.PROTECT, related_name="timeline_head"
    )
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.registration_id}#{self.number}"
