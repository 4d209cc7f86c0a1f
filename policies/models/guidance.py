"""Dos and don'ts in operations' own words, beside the sentences that the settings make (L1)."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from policies.enums import Advice
from policies.querysets import GuidanceQuerySet


class Guidance(models.Model):
    """One text, shown to partners from `begins_at` until `ended_at`. A changed text is a new row that `replaces` the old.

    An end that is still to come is always the beginning of the text that replaces it. What was changed or taken back before it
    began ends as it begins, is never shown, and replaces nothing."""

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

    def is_over(self, now: datetime) -> bool:
        """Whether it ended, or was changed or taken back before it began."""
        return self.ended_at is not None and (self.ended_at <= now or self.ended_at == self.begins_at)

    def until_then(self, now: datetime) -> "Guidance | None":
        """What partners read until this one comes, and what goes on if it doesn't; None once it has begun, or where nothing
        stands before it."""
        waits = self.begins_at > now and self.replaces is not None and not self.replaces.is_over(now)
        return self.replaces if waits else None

    def comes_next(self) -> "Guidance | None":
        """What is planned to come in its place."""
        return getattr(self, "replaced_by", None)

    def neighbours(self, now: datetime) -> str:
        """What stands before it and comes next, and whether it is shown, to tell whether that changed since somebody looked."""
        beside = "-".join(str(text.pk) if text else "0" for text in (self.until_then(now), self.comes_next()))
        return f"{beside}-{'shown' if self.begins_at <= now else 'ahead'}"
