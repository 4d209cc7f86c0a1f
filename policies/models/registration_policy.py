"""The registration policy: one row a version, effective-dated. Once it applies, a database trigger
refuses every change of it (migration 0003)."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import User
from partners.enums import PartnerKind, PartnerTier
from policies.enums import RequiredField, Treatment
from policies.querysets import RegistrationPolicyQuerySet

_DAYS = [MinValueValidator(1), MaxValueValidator(730)]


def default_final_notices() -> list[int]:
    """Final notices go out 7 days and 1 day before the end (product.md, figures from the field)."""
    return [7, 1]


def default_required_fields() -> list[str]:
    """Besides the name, the country and the value of the deal, which the engine itself needs."""
    return [RequiredField.EXPECTED_CLOSE]


class RegistrationPolicy(models.Model):
    """A version of the rules by which registrations are accepted, protected, reminded of and ended.

    Days are calendar days unless the name says business days. Scores are probabilities from 0 to 1.
    """

    version = models.PositiveIntegerField(unique=True)
    effective_from = models.DateTimeField(null=True)  # none: a draft, which nothing is decided by
    note = models.CharField(
        max_length=200, blank=True, help_text="What changed and why, for those who read it later."
    )
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)  # taken back before it began; it never applied

    # While it is a draft: who wrote at it, where it stands, and what was entered that is no value yet.
    authors = models.ManyToManyField(User, related_name="+")
    revision = models.PositiveIntegerField(default=1, db_default=1)  # two people never overwrite each other
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    unfinished = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)

    registering_kinds = ArrayField(
        models.CharField(max_length=20, choices=PartnerKind),
        default=list,
        db_default=models.Value([], output_field=ArrayField(models.CharField(max_length=20))),
        blank=True,
        help_text="Kinds of firms that register deals; empty: all.",
    )
    least_tier = models.CharField(
        max_length=20,
        choices=PartnerTier,
        default=PartnerTier.REGISTERED,
        db_default=PartnerTier.REGISTERED,
        help_text="Firms of this tier and above register deals.",
    )
    onboarding_partners = models.CharField(
        max_length=10,
        choices=Treatment,
        default=Treatment.REVIEW,
        db_default=Treatment.REVIEW,
        help_text="What becomes of deals of firms that are not active yet.",
    )
    outside_territory = models.CharField(
        max_length=10,
        choices=Treatment,
        default=Treatment.ALLOWED,
        db_default=Treatment.ALLOWED,
        help_text="What becomes of deals outside the firm's own territories.",
    )
    least_value = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text="Smaller deals are not registered, in the base currency; 0: any size.",
    )
    required_fields = ArrayField(
        models.CharField(max_length=20, choices=RequiredField),
        default=default_required_fields,
        db_default=models.Value(
            [RequiredField.EXPECTED_CLOSE.value], output_field=ArrayField(models.CharField(max_length=20))
        ),
        blank=True,
        help_text="What has to be filled in before submitting, besides name, country and value.",
    )

    protection_days = models.PositiveSmallIntegerField(default=60, validators=_DAYS)
    reminder_days = models.PositiveSmallIntegerField(default=30, validators=_DAYS)
    final_notice_days = ArrayField(models.PositiveSmallIntegerField(), default=default_final_notices)
    warning_days_before_expiry = models.PositiveSmallIntegerField(
        default=3,
        validators=_DAYS,
        help_text="Nothing expires until this many days after a final notice was really handed to the mail server.",
    )
    grace_days = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        validators=[MaxValueValidator(90)],
        help_text="After the end of protection, in which an update still saves the deal; 0 for none.",
    )
    escalation_days = models.PositiveSmallIntegerField(
        default=3,
        db_default=3,
        validators=[MaxValueValidator(730)],
        help_text="Before the end: the channel manager hears of a silent deal; 0 for never.",
    )
    review_sla_business_days = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1)])

    auto_approve = models.BooleanField(default=True)
    auto_approve_below = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(100_000), help_text="In the base currency."
    )
    same_score = models.FloatField(default=0.9, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])
    review_score = models.FloatField(default=0.5, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])
    waitlist_same = models.BooleanField(
        default=False,
        help_text="A registration of a company that is surely held joins the waitlist without a review.",
    )
    offer_business_days = models.PositiveSmallIntegerField(
        default=5,
        db_default=5,
        validators=[MinValueValidator(1)],
        help_text="How long an offer to the next in line stays open.",
    )
    scope_product_line = models.BooleanField(
        default=True,
        db_default=True,
        help_text="A holder keeps out only those with a product line in common.",
    )
    scope_territory = models.BooleanField(default=False, db_default=False)
    scope_industry = models.BooleanField(default=False, db_default=False)
    scope_family = models.BooleanField(
        default=False,
        db_default=False,
        help_text="A holder also keeps others out at the company's parents and subsidiaries.",
    )
    review_other_scope = models.BooleanField(
        default=True,
        db_default=True,
        help_text="A rival at the same company outside the scope is looked at by a person.",
    )
    refuse_public_tender = models.BooleanField(default=False)
    evidence_required = models.BooleanField(
        default=False, help_text="Say what contact took place before submitting."
    )
    prechecks_per_day = models.PositiveSmallIntegerField(default=200, validators=[MinValueValidator(1)])
    prechecks_per_person = models.PositiveSmallIntegerField(
        default=60, db_default=60, validators=[MinValueValidator(1)]
    )

    extension_days = models.PositiveSmallIntegerField(default=30, db_default=30, validators=_DAYS)
    extensions_most = models.PositiveSmallIntegerField(
        default=2, db_default=2, help_text="Extensions of one registration; 0 for none."
    )
    extension_evidence_required = models.BooleanField(default=True, db_default=True)
    update_evidence_required = models.BooleanField(
        default=False, db_default=False, help_text="An update counts only with a dated contact or a file."
    )
    open_most_registered = models.PositiveIntegerField(
        null=True,
        blank=True,
        default=50,
        db_default=50,
        help_text="Open registrations of a firm of this tier; empty: no limit.",
    )
    open_most_silver = models.PositiveIntegerField(null=True, blank=True, default=100, db_default=100)
    open_most_gold = models.PositiveIntegerField(null=True, blank=True, default=250, db_default=250)
    open_most_platinum = models.PositiveIntegerField(null=True, blank=True, default=None)
    cooling_off_days = models.PositiveSmallIntegerField(
        default=30,
        db_default=30,
        help_text="Before a firm registers a company again that it let expire; 0 for none.",
    )
    appeal_days = models.PositiveSmallIntegerField(default=14, db_default=14, validators=_DAYS)
    right_notice_days = models.PositiveSmallIntegerField(
        default=30,
        db_default=30,
        validators=[MaxValueValidator(730)],
        help_text="Firms concerned hear of a distribution right this long before it begins, its holder before it ends; 0: none.",
    )

    objects = RegistrationPolicyQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_from", "-version"]
        constraints = [
            # A draft may contradict itself until it is published.
            models.CheckConstraint(
                condition=models.Q(effective_from=None) | models.Q(review_score__lte=models.F("same_score")),
                name="policy_scores_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_from=None)
                | models.Q(reminder_days__lt=models.F("protection_days")),
                name="policy_reminder_in_time",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_from=None)
                | models.Q(published_at=None)
                | models.Q(effective_from__gte=models.F("published_at")),
                name="policy_never_back_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Registration policy, version {self.version}"

    @property
    def is_draft(self) -> bool:
        """Written at, and not published yet."""
        return self.effective_from is None and self.withdrawn_at is None

    def open_most(self, tier: str) -> int | None:
        """How many open registrations a firm of `tier` may have; None for any number."""
        limit: int | None = getattr(self, f"open_most_{tier}", None)
        return limit
