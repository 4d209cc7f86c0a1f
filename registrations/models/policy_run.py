"""What the policy was asked about a registration, and what it answered: kept so that any version can be asked again (L6)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from policies.models import RegistrationPolicy
from policies.outcome import Landing
from registrations.enums import Occasion
from registrations.models.registration import Registration

# What is sent back is never taken, so nothing is kept of it.
LANDINGS = [(landing.value, landing.value) for landing in Landing if landing != Landing.SENT_BACK]


class PolicyRun(models.Model):
    """One run of the policy, at a submission or when a turn in line came. A database trigger refuses UPDATE and DELETE.

    `facts` are policies.facts.Facts as JSON; `rules` the codes of the findings, the deciding one first; `records` the rows
    that they stand in (policies/sources.py). With
    `only_refusals` a person had seen what asks for a look, so that nothing but a refusal kept the turn from it.
    """

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="policy_runs")
    occasion = models.CharField(max_length=10, choices=Occasion)
    at = models.DateTimeField()
    policy = models.ForeignKey(RegistrationPolicy, on_delete=models.PROTECT, related_name="runs")
    landing = models.CharField(max_length=10, choices=LANDINGS)
    rules = ArrayField(models.CharField(max_length=40), default=list)
    records = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    only_refusals = models.BooleanField(default=False, db_default=False)
    facts = models.JSONField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=models.Q(occasion=Occasion.SUBMISSION),
                name="policy_run_one_submission",
            )
        ]
        indexes = [models.Index(fields=["at", "id"], name="policy_run_in_time")]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.occasion} → {self.landing}"
