"""What registrations add to the rule builder of partner groups: the product lines that a firm works with."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from catalog.models import ProductLine
from partners.groups.fields import MANY_VALUES, Field, choice_field
from partners.models import Partner
from registrations.models import Line, Registration
from registrations.querysets import RegistrationQuerySet


def product_line_field() -> Field:
    """Product lines of what a firm has submitted, whatever became of it."""

    def submitted(at: datetime) -> RegistrationQuerySet:
        return Registration.objects.filter(partner_id=OuterRef("pk"), submitted_at__lte=at).order_by()

    def shown(firm: Partner, at: datetime) -> str:
        lines = Line.objects.filter(registration__partner=firm, registration__submitted_at__lte=at)
        names = ProductLine.objects.filter(pk__in=lines.values("product_line_id")).order_by("name")
        return ", ".join(names.values_list("name", flat=True))

    return choice_field(
        "product_line",
        "Product line registered",
        has=lambda values, at: Q(Exists(submitted(at).filter(lines__product_line__code__in=values))),
        some=lambda at: Q(Exists(submitted(at))),
        shown=shown,
        choices=lambda: list(ProductLine.objects.order_by("name").values_list("code", "name")),
        operators=MANY_VALUES,
    )
