"""To whom a registration goes for its review, by value and product line (L4)."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from accounts.models import Role, User
from catalog.models import ProductLine
from policies.querysets import RouteQuerySet


class ReviewRoute(models.Model):
    """One line of an ordered list: the first that fits decides. A changed route is a new row; the old one is ended.

    It fits a registration of `value_from` (base currency) and more with one of `product_lines`, or with any where there
    are none. It leads to a person, or to the one of a role who is here and has the fewest reviews in hand, or with neither
    to the manager of the partner.
    """

    position = models.PositiveIntegerField()
    product_lines = models.ManyToManyField(ProductLine, blank=True, related_name="+")
    value_from = models.DecimalField(
        max_digits=14, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(Decimal(0))]
    )
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = RouteQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person=None) | models.Q(role=None), name="route_leads_to_one"
            ),
            models.CheckConstraint(condition=models.Q(value_from__gte=0), name="route_value_positive"),
        ]

    def __str__(self) -> str:
        return f"Route {self.position}"
