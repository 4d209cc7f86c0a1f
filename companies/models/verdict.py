"""A person's decision about two companies; it outranks every score."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from companies.enums import VerdictKind
from companies.models.company import Company
from companies.querysets import VerdictQuerySet


class Verdict(models.Model):
    """Same or different, by whom, why; undone rather than deleted. One active row a pair."""

    low = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="verdicts_as_low")
    high = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="verdicts_as_high")
    verdict = models.CharField(max_length=10, choices=VerdictKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # A merge hands the merged company's 'different' verdicts on; they hold as long as one does: companies.services.told_apart.
    carried_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts_carried"
    )
    # For the way back. Rows that a merge moved: {"named_accounts": [ids], "subsidiaries": [ids], "survivor_parent":
    # [id before, id after], "facts": {field: value given}} and what apps above add; "replaced": the id of the verdict that
    # this one took the place of.
    moved = models.JSONField(default=dict, blank=True)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="verdict_low_before_high"),
            models.CheckConstraint(condition=Q(verdict__in=VerdictKind.values), name="verdict_known"),
            models.UniqueConstraint(
                fields=["low", "high"], condition=Q(undone_at=None), name="verdict_one_active_per_pair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.low} / {self.high}: {self.get_verdict_display()}"

    def other(self, company: Company) -> Company:
        """The company of the pair that isn't the one given."""
        return self.high if self.low_id == company.pk else self.low
