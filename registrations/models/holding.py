"""Product lines of a deal, and the scopes that registrations hold, one holder each."""

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models

from catalog.models import Industry, ProductLine, Territory
from companies.models import Company
from policies.models.exclusive_right import Places
from registrations.models.registration import Registration


class Line(models.Model):
    """A product line within a deal: how many, and for how much in the registration's currency."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="lines")
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    value = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["registration", "product_line"], name="line_once")]

    def __str__(self) -> str:
        return f"{self.product_line} × {self.quantity}"


class OneOrAll(models.Func):
    """A column as a range: a value is itself alone, NULL is all values. Ranges overlap where two scopes meet."""

    function = "int8range"
    output_field = BigIntegerRangeField()

    def __init__(self, column: str) -> None:
        super().__init__(models.F(column), models.F(column), models.Value("[]"))


class Holding(models.Model):
    """What is held, or reserved for somebody, while it is; `ended_at` closes it and keeps the history.

    `product_line`, `territory` and `industry` are null where the policy does not narrow by them: then all are held. A
    registration has a row for each product line, and where the policy says so for each parent and subsidiary, too.
    `countries` are the territory's when it was taken, none for everywhere; a trigger writes them. The exclusion constraint is
    the promise R6: no two rows that meet in every respect are current at once, whatever their territories are called.
    """

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="holdings")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="holdings")
    product_line = models.ForeignKey(
        ProductLine, null=True, on_delete=models.PROTECT, related_name="holdings"
    )
    territory = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="+")
    countries = ArrayField(
        models.CharField(max_length=2),
        default=list,
        db_default=models.Value([], ArrayField(models.CharField(max_length=2))),
        editable=False,
    )
    industry = models.ForeignKey(Industry, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reserved = models.BooleanField(
        db_default=False, default=False
    )  # kept for somebody whose turn has come, not yet protected

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_holder_per_scope",
                expressions=[
                    *(
                        (OneOrAll(column), RangeOperators.OVERLAPS)
                        for column in ("company", "product_line", "industry")
                    ),
                    (Places("countries"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} holds {self.company_id}/{self.product_line_id or 'all'}"
