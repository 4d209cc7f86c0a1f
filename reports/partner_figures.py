"""What the pages about partners show of registrations."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Q, Sum
from django.urls import reverse

from accounts.models import User
from catalog.money import base_currency, whole
from partners.figures import Figure
from partners.models import Partner
from registrations.enums import OPEN, UNDER_REVIEW, Status
from registrations.models import Registration


def figures_of(partner_ids: Collection[int], reader: User) -> dict[int, list[Figure]]:
    """Open, under review, protected and open value of each firm, of the registrations that `reader` may see: three queries."""
    in_base = ExpressionWrapper(F("value") * F("currency__rate_to_base"), output_field=DecimalField())
    rows = (
        Registration.objects.visible_to(reader)
        .filter(partner__in=partner_ids, status__in=OPEN)
        .values("partner")
        .annotate(
            number=Count("pk"),
            review=Count("pk", filter=Q(status__in=UNDER_REVIEW)),
            held=Count("pk", filter=Q(status=Status.APPROVED)),
            worth=Sum(in_base),
        )
        .order_by()
    )
    counted = {row["partner"]: row for row in rows}
    names = dict(Partner.objects.filter(pk__in=partner_ids).values_list("pk", "code"))
    currency = base_currency()
    return {pk: _figures(counted.get(pk, {}), code, currency, reader) for pk, code in names.items()}


def _figures(row: Mapping[str, Any], code: str, currency: str, reader: User) -> list[Figure]:
    url = ""
    if reader.may("reports.view"):
        url = f"{reverse('reports:open_registrations')}?{urlencode({'partner': code})}"
    return [
        Figure("open_registrations", "Open registrations", str(row.get("number", 0)), url),
        Figure("under_review", "Under review", str(row.get("review", 0))),
        Figure("protected", "Protected", str(row.get("held", 0))),
        Figure("open_value", "Open value", f"{whole(row.get('worth') or Decimal(0))} {currency}"),
    ]
