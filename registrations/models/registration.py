"""The registration: a partner's claim to work on a deal with a company."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

from django.core.validators import MinValueValidator
from django.db import models
from django_countries.fields import CountryField

from accounts.models import User
from catalog.models import Currency, Industry, Territory
from companies.models import Company
from core.codes import new_code
from partners.models import Partner
from policies.models import RegistrationPolicy
from registrations.enums import TURN_CAME, ContactMade, LossReason, Stage, Status
from registrations.querysets import RegistrationQuerySet

_code = partial(new_code, "R")
_positive = [MinValueValidator(Decimal(0))]


class Registration(models.Model):
    """One deal of one partner. `status` and the fields below it are written by services only.

    `value` is in `currency`. `rank` orders registrations by time of submission, taken under the company lock;
    it is the line that 'first come, first served' follows,
    unless a manager changed the order, with a reason, in `line_order`. `version` grows by one with each change.
    """

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="registrations")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="registrations")
    form_key = models.UUIDField(
        default=uuid4, unique=True, editable=False
    )  # one form, one registration, however often sent
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="resubmissions"
    )

    # The company as the partner wrote it; `company` is the row it was taken for.
    company_name = models.CharField(max_length=200)
    website = models.CharField(max_length=200, blank=True)
    country = CountryField(blank=True)
    city = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    industry = models.ForeignKey(Industry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="registrations")

    contact_name = models.CharField(max_length=120, blank=True)
    contact_title = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)

    deal_name = models.CharField(max_length=200, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, validators=_positive)
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="+")
    expected_close = models.DateField(null=True, blank=True)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.PROSPECTING)
    competitors = models.CharField(max_length=200, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    tender = models.BooleanField(default=False)
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contact_made = models.CharField(max_length=10, choices=ContactMade, blank=True, default=ContactMade.NONE)
    contact_on = models.DateField(null=True, blank=True)
    contact_note = models.TextField(max_length=2000, blank=True)

    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True)  # a draft thrown away: nobody sees it again
    submitted_at = models.DateTimeField(null=True)
    rank = models.BigIntegerField(null=True, unique=True)
    line_order = models.BigIntegerField(
        null=True
    )  # a place that a manager gave it; else the rank is its place
    policy = models.ForeignKey(
        RegistrationPolicy, null=True, on_delete=models.PROTECT, related_name="registrations"
    )
    review_reasons = models.JSONField(default=list)
    review_due_at = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="reviews")
    waits_for = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="waiting")

    protected_from = models.DateTimeField(null=True)
    protected_until = models.DateTimeField(null=True)
    protection_epoch = models.PositiveIntegerField(default=0)
    last_update_at = models.DateTimeField(null=True)

    closed_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    closed_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, validators=_positive)
    loss_reason = models.CharField(max_length=20, choices=LossReason, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="registration_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.DRAFT) | models.Q(rank__isnull=False, company__isnull=False),
                name="registration_submitted_has_rank",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.APPROVED) | models.Q(protected_until__isnull=False),
                name="registration_protected_until_when",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "status", "-id"], name="registration_firm"),
            models.Index(fields=["owner", "-id"], name="registration_owner"),
            models.Index(fields=["status", "review_due_at", "id"], name="registration_queue"),
            models.Index(
                fields=["protected_until"],
                condition=models.Q(status=Status.APPROVED),
                name="registration_protected",
            ),
            models.Index(
                fields=["company", "rank"],
                condition=models.Q(status=Status.WAITLISTED),
                name="registration_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.company_name}"

    @property
    def clock_runs(self) -> bool:
        """Whether the vendor answers for its time: in review; and while the partner is asked, where something is kept for it."""
        kept = self.status == Status.INFORMATION_ASKED and TURN_CAME in self.review_reasons
        return kept or self.status == Status.IN_REVIEW

    @property
    def is_held(self) -> bool:
        """Has protection now."""
        return self.status == Status.APPROVED
