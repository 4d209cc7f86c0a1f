"""Product lines of a deal, and the protected scopes: company and product line, one holder each."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from catalog.models import ProductLine
from companies.models import Company
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


class Holding(models.Model):
    """A protected scope while it is held; `ended_at` closes it and keeps the history.

    The partial UNIQUE is the promise R6: two registrations never hold one company and product line at once.
    """

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="holdings")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="holdings")
    product_line = models.ForeignKey(ProductLine, on_delete=models.PROTECT, related_name="holdings")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "product_line"],
                condition=models.Q(ended_at=None),
                name="one_holder_per_scope",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} holds {self.company_id}/{self.product_line_id}"
