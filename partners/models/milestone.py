"""What a firm reached for the first time."""

from django.db import models

from partners.enums import MilestoneKind
from partners.models.firm import Partner


class FirmMilestone(models.Model):
    """A first of a firm, once and for ever: the UNIQUE keeps it, whoever writes at the same time. `about` is the public code
    of what it was reached with, `label` says it in words; a firm whose first happened before this was kept has no notice."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=20, choices=MilestoneKind)
    at = models.DateTimeField()
    about = models.CharField(max_length=40, blank=True)
    label = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "kind"], name="firm_milestone_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=MilestoneKind.values), name="firm_milestone_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.kind}"
