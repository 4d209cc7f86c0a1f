"""The steps by which a firm is brought in: operations write them per kind of partner, a firm gets a copy of its own."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import User
from partners.enums import PartnerKind, StepSide
from partners.models.firm import Partner
from partners.querysets import StepQuerySet

_stage = [MinValueValidator(1), MaxValueValidator(9)]


class OnboardingPlan(models.Model):
    """The steps for one kind of partner; the plan without a kind is for all kinds that have none of their own."""

    kind = models.CharField(max_length=20, choices=PartnerKind, blank=True, unique=True)
    activates_by_itself = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind"]

    def __str__(self) -> str:
        return self.get_kind_display() if self.kind else "All other kinds"


class WrittenStep(models.Model):
    """A step as it will be given to the next firm. `due_days` count from the day on which its stage opens."""

    stage = models.PositiveSmallIntegerField(default=1, validators=_stage)
    stage_title = models.CharField(max_length=80)
    place = models.PositiveSmallIntegerField(default=10)
    title = models.CharField(max_length=160)
    help = models.TextField(max_length=1000, blank=True)
    link = models.CharField(max_length=300, blank=True)
    side = models.CharField(max_length=10, choices=StepSide, default=StepSide.PARTNER)
    due_days = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(365)])
    required = models.BooleanField(default=True)

    class Meta:
        abstract = True
        ordering = ["stage", "place", "id"]

    def __str__(self) -> str:
        return self.title


class PlanStep(WrittenStep):
    """A step that every new firm of the plan's kind gets."""

    plan = models.ForeignKey(OnboardingPlan, on_delete=models.CASCADE, related_name="steps")


class OnboardingStep(models.Model):
    """A step of one firm. `source` is where it comes from: 'onboarding', or what an app further up gave ('program:G-…'),
    named by `source_label`; each source has stages of its own, which open one after the other (`opened_at`)."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="steps")
    source = models.CharField(max_length=60)
    source_label = models.CharField(max_length=120)
    key = models.CharField(max_length=60)
    stage = models.PositiveSmallIntegerField(validators=_stage)
    stage_title = models.CharField(max_length=80)
    place = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    help = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    side = models.CharField(max_length=10, choices=StepSide)
    due_days = models.PositiveSmallIntegerField(null=True)
    required = models.BooleanField()
    opened_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Steps whose source takes them back (a program that was left) stay as history.
    dropped_at = models.DateTimeField(null=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["source", "stage", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "source", "key"], name="onboarding_step_once"),
            models.CheckConstraint(condition=models.Q(side__in=StepSide.values), name="step_side_known"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at=None, reminded_at=None, dropped_at=None),
                name="onboarding_step_due",
            )
        ]

    def __str__(self) -> str:
        return self.title
