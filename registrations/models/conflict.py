"""A possible conflict: another registration, a named account or a claim that may be the same company, with the evidence."""

from django.db import models

from accounts.models import User
from companies.models import Company, NamedAccount
from registrations.enums import ConflictState
from registrations.models.registration import Registration
from registrations.querysets import ConflictQuerySet


class Conflict(models.Model):
    """One rival of one registration as the check saw it. `signals` is a list of
    {code, words, contribution, ours, theirs}; `score` is a probability from 0 to 1. The rival is another registration,
    a named account, or a claim that an app further up provided (registrations/claims.py): its public code and what it
    said then. `claim_ended_at` is when that claim stopped standing in the way."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="conflicts")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    rival = models.ForeignKey(
        Registration, null=True, on_delete=models.PROTECT, related_name="rival_conflicts"
    )
    named_account = models.ForeignKey(
        NamedAccount, null=True, on_delete=models.PROTECT, related_name="conflicts"
    )
    claim_code = models.CharField(max_length=16, blank=True, default="", db_default="")
    claim = models.JSONField(null=True)
    claim_ended_at = models.DateTimeField(null=True)
    matched_name = models.CharField(max_length=250)
    score = models.FloatField()
    signals = models.JSONField(default=list)
    same_product_line = models.BooleanField(default=True)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ConflictState, default=ConflictState.OPEN)
    judged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "id"]
        indexes = [
            models.Index(
                fields=["claim_code"], condition=models.Q(claim_code__gt=""), name="conflict_with_claim"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rival__isnull=False, named_account=None, claim_code="")
                | models.Q(rival=None, named_account__isnull=False, claim_code="")
                | models.Q(rival=None, named_account=None, claim_code__gt=""),
                name="conflict_with_one_rival",
            ),
            models.UniqueConstraint(fields=["registration", "rival"], name="conflict_rival_once"),
            models.UniqueConstraint(fields=["registration", "named_account"], name="conflict_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} against {self.rival_id or self.named_account_id or self.claim_code}"
