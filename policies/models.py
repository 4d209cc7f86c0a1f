"""The registration policy: one row a version, effective-dated. Once it applies, a database trigger
refuses every change of it (migration 0003)."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import User
from policies.querysets import RegistrationPolicyQuerySet

_DAYS = [MinValueValidator(1), MaxValueValidator(730)]


def default_final_notices() -> list[int]:
    """Final notices go out 7 days and 1 day before the end (product.md, figures from the field)."""
    return [7, 1]


class RegistrationPolicy(models.Model):
    """A version of the rules by which registrations are accepted, protected, reminded of and ended.

    Days are calendar days unless the name says business days. Scores are probabilities from 0 to 1.
    """

    version = models.PositiveIntegerField(unique=True)
    effective_from = models.DateTimeField()
    note = models.CharField(
        max_length=200, blank=True, help_text="What changed and why, for those who read it later."
    )
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)  # taken back before it began; it never applied

    protection_days = models.PositiveSmallIntegerField(default=60, validators=_DAYS)
    reminder_days = models.PositiveSmallIntegerField(default=30, validators=_DAYS)
    final_notice_days = ArrayField(models.PositiveSmallIntegerField(), default=default_final_notices)
    warning_days_before_expiry = models.PositiveSmallIntegerField(
        default=3,
        validators=_DAYS,
        help_text="Nothing expires until this many days after a final notice was really handed to the mail server.",
    )
    review_sla_business_days = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1)])

    auto_approve = models.BooleanField(default=True)
    auto_approve_below = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(100_000), help_text="In the base currency."
    )
    same_score = models.FloatField(default=0.85, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])
    review_score = models.FloatField(
        default=0.15, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    waitlist_same = models.BooleanField(
        default=False,
        help_text="A registration of a company that is surely held joins the waitlist without a review.",
    )
    refuse_public_tender = models.BooleanField(default=False)
    evidence_required = models.BooleanField(
        default=False, help_text="Say what contact took place before submitting."
    )
    prechecks_per_day = models.PositiveSmallIntegerField(default=200, validators=[MinValueValidator(1)])

    objects = RegistrationPolicyQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_from", "-version"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(review_score__lte=models.F("same_score")), name="policy_scores_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(reminder_days__lt=models.F("protection_days")),
                name="policy_reminder_in_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Registration policy, version {self.version}"
