"""What a version of the policy, or a change of rights and requirements, would have done to the registrations of a period (L6)."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from accounts.models import User
from core.codes import new_code
from policies.models import RegistrationPolicy
from policies.outcome import Landing
from registrations.enums import UNFINISHED, Occasion, SimulationState
from registrations.models.policy_run import LANDINGS
from registrations.models.registration import Registration

_code = partial(new_code, "S")


class Simulation(models.Model):
    """One simulation over the policy's runs from `since` up to but without `until`: of `policy` with the `settings` that it
    had when this was asked for, with the changes that are laid `beside` it, or, without a policy, of `change`
    (policies/planned.py), which `subject` names.

    It is worked on in portions. Cursor, figures and cases of a portion are written in one transaction, so that whoever
    goes on, however often, goes on where the last portion ended. `cells` counts: 'before>after>rule' → [number, value].
    """

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    policy = models.ForeignKey(
        RegistrationPolicy, null=True, on_delete=models.CASCADE, related_name="simulations"
    )
    settings = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    change = models.JSONField(null=True)
    beside = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    subject = models.CharField(max_length=60, blank=True, default="", db_default="")
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=SimulationState, default=SimulationState.WAITING)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Who works on it has it until then; a worker that died is followed by another.
    claimed_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row

    total = models.PositiveIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    reconstructed = models.PositiveIntegerField(default=0)
    unsettled = models.PositiveIntegerField(default=0)
    cells = models.JSONField(default=dict)
    # The last run that was looked at; first those whose facts were kept, then the older ones.
    cursor_kept = models.BooleanField(default=True)
    cursor_at = models.DateTimeField(null=True)
    cursor_id = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy"],
                condition=models.Q(state__in=UNFINISHED),
                name="simulation_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=models.Q(state__in=UNFINISHED, policy=None),
                name="simulation_of_a_change_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(policy__isnull=False, change__isnull=True, subject="")
                | (models.Q(policy=None, change__isnull=False) & ~models.Q(subject="")),
                name="simulation_of_a_version_or_a_change",
            ),
            models.CheckConstraint(
                condition=models.Q(since__lt=models.F("until")), name="simulation_of_a_period"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(state__in=UNFINISHED), name="simulation_unfinished"
            ),
            models.Index(
                fields=["subject", "-id"], condition=models.Q(policy=None), name="simulation_of_a_change"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def all_changes(self) -> list[dict[str, Any]]:
        """What is laid over what bound then, as it is kept."""
        return [*self.beside, *([self.change] if self.change else [])]

    @property
    def is_unfinished(self) -> bool:
        """Waiting or running."""
        return self.state in UNFINISHED


class SimulatedCase(models.Model):
    """A registration that would have landed elsewhere, and the finding that makes the difference.

    `reasons` is a list of {rule, words, part}: findings that come with the version, go with it, or stay
    (simulation/comparing.py). `unsettled` are those that can't be compared: what is known of them does not lead to where
    they landed then.
    """

    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, related_name="cases")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")
    run = models.BigIntegerField(default=0)  # the PolicyRun's id; 0 for a reconstruction
    occasion = models.CharField(max_length=10, choices=Occasion)
    at = models.DateTimeField()
    before = models.CharField(max_length=10, choices=LANDINGS)
    after = models.CharField(max_length=10, choices=[(landing.value, landing.value) for landing in Landing])
    rule = models.CharField(max_length=40)
    reasons = models.JSONField(default=list)
    tier = models.CharField(max_length=40, blank=True)
    value_in_base = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0))
    reconstructed = models.BooleanField(default=False)
    unsettled = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["simulation", "registration", "run"], name="simulated_once")
        ]
        indexes = [
            models.Index(fields=["simulation", "before", "after", "-id"], name="simulated_by_change"),
            models.Index(fields=["simulation", "-id"], name="simulated_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.before} → {self.after}"
