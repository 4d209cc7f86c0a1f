"""The lead: a company with a need that the vendor knows of and gives to a partner."""

from decimal import Decimal
from functools import partial

from django.core.validators import MinValueValidator
from django.db import models
from django_countries.fields import CountryField

from accounts.models import User
from catalog.models import Currency, ProductLine, Territory
from companies.models import Company
from core.codes import new_code
from leads.enums import LeadStatus, Onward
from leads.querysets import LeadQuerySet
from programs.models import Program
from registrations.models import Registration

_code = partial(new_code, "L")


class Lead(models.Model):
    """One lead. `status` and the fields below it are written by services only; who has it now is its open gift.

    The company stands here as the vendor wrote it; `company` is the row it was taken for. Partners read `need`, the
    vendor alone `note` and `source`. `contact_*` reach a firm when it is given the lead or has claimed it, not before.
    With a `program` the pool and the ways that choose by themselves keep it to the firms that take part.
    """

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="leads")
    company_name = models.CharField(max_length=200)
    website = models.CharField(max_length=200, blank=True)
    country = CountryField()
    city = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)

    contact_name = models.CharField(max_length=120, blank=True)
    contact_title = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)

    need = models.TextField(max_length=2000)
    product_lines = models.ManyToManyField(ProductLine, related_name="+")
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    value = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey(
        Program, null=True, blank=True, on_delete=models.PROTECT, related_name="leads"
    )
    source = models.CharField(max_length=120, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    import_key = models.CharField(max_length=120, null=True, unique=True, editable=False)

    status = models.CharField(max_length=20, choices=LeadStatus, default=LeadStatus.NEW)
    onward = models.CharField(max_length=20, choices=Onward, default=Onward.BACK)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="leads")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    pooled_at = models.DateTimeField(null=True)  # when it was last put into the pool
    out_of_reach_at = models.DateTimeField(
        null=True
    )  # since when, in the pool, nobody can claim it: its keeper was told
    announced_at = models.DateTimeField(null=True)  # when firms were last told that it is in the pool
    idle_told_at = models.DateTimeField(null=True)  # when its keeper was last told that nobody claims it
    registration = models.ForeignKey(Registration, null=True, on_delete=models.PROTECT, related_name="leads")

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=LeadStatus.values), name="lead_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status=LeadStatus.ACCEPTED, registration__isnull=False)
                | (~models.Q(status=LeadStatus.ACCEPTED) & models.Q(registration=None)),
                name="lead_accepted_is_a_registration",
            ),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="lead_by_status")]

    def __str__(self) -> str:
        return f"{self.code} {self.company_name}"
