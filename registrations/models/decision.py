"""Decisions and their receipts."""

from functools import partial

from django.db import models

from accounts.models import User
from core.codes import new_code
from policies.models import RegistrationPolicy
from registrations.enums import Action, RefusalReason, Status
from registrations.models.registration import Registration
from registrations.querysets import DecisionQuerySet

_code = partial(new_code, "D")


class Decision(models.Model):
    """A decision about a registration, by a person or by the policy (`by` is null), kept as a receipt.

    `text` is what the partner reads; `internal_note` never leaves the vendor's side. `rule` are the sentences that
    applied, a line each, and `records` the rows that they stand in (policies/sources.py), none where a person decided;
    `policy` is the version that counted then. The clock ran from `clock_start` to `at`, and was due at `clock_due`.
    """

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=20, choices=Action)
    status_before = models.CharField(max_length=20, choices=Status)
    status_after = models.CharField(max_length=20, choices=Status)
    reason_code = models.CharField(max_length=20, choices=RefusalReason, blank=True)
    rule = models.TextField()
    records = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    text = models.TextField(max_length=2000, blank=True)
    internal_note = models.TextField(max_length=2000, blank=True)
    policy = models.ForeignKey(RegistrationPolicy, on_delete=models.PROTECT, related_name="decisions")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    clock_start = models.DateTimeField(null=True)
    clock_due = models.DateTimeField(null=True)
    # What takes it back while its mail is held: services/undo.py writes and reads it.
    undo = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(action__in=Action.values), name="decision_known")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.action}"

    @property
    def rule_in_words(self) -> str:
        """What decided, a line each, as receipt and mail tell it. Where a person did, for a reason from the list, that is told
        as the reason and is no rule."""
        if self.reason_code and self.rule == self.get_reason_code_display():
            return "No rule decided it. A channel manager did, for the reason above."
        return self.rule
