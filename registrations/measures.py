"""Figures of firms that registrations know, for tiers and journeys: a year back from the moment they are asked for."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, DecimalField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from catalog.money import base_currency
from programs.measures import Measure, provide
from registrations.enums import AgreementKind, AgreementState, Status
from registrations.models import Agreement, Registration
from registrations.querysets import RegistrationQuerySet

_YEAR = timedelta(days=365)


def won_value(partner_ids: Collection[int], at: datetime) -> dict[int, Decimal]:
    """Value of the registrations that each firm won, in the base currency at today's rates: one query. Of a deal that was
    won with a co-seller each counts its share."""
    rows = _closed(partner_ids, at).filter(status=Status.WON, closed_value__isnull=False)
    split = Agreement.objects.filter(
        holder=OuterRef("pk"),
        kind=AgreementKind.SPLIT,
        state=AgreementState.AGREED,
        ended_at=OuterRef("closed_at"),  # in force until it was won
    )
    percent = Coalesce(Subquery(split.values("holder_share")[:1]), Value(100))
    own = F("closed_value") * F("currency__rate_to_base") * percent / Value(Decimal(100))
    sums = rows.values("partner").annotate(total=Sum(own, output_field=DecimalField()))
    return {row["partner"]: Decimal(row["total"]).quantize(Decimal("0.01")) for row in sums}


def registrations(partner_ids: Collection[int], at: datetime) -> dict[int, Decimal]:
    """Registrations that each firm submitted and that were not refused: one query."""
    rows = Registration.objects.filter(
        partner__in=partner_ids, submitted_at__gt=at - _YEAR, submitted_at__lte=at
    )
    counted = rows.exclude(status__in=[Status.REFUSED, Status.REVOKED]).order_by().values("partner")
    return {row["partner"]: Decimal(row["number"]) for row in counted.annotate(number=Count("pk"))}


def win_rate(partner_ids: Collection[int], at: datetime) -> dict[int, Decimal]:
    """Won among won and lost, in percent to a tenth: one query."""
    rows = _closed(partner_ids, at).filter(status__in=[Status.WON, Status.LOST]).values("partner")
    counted = rows.annotate(won=Count("pk", filter=Q(status=Status.WON)), all=Count("pk"))
    return {
        row["partner"]: (Decimal(100 * row["won"]) / row["all"]).quantize(Decimal("0.1")) for row in counted
    }


def _closed(partner_ids: Collection[int], at: datetime) -> RegistrationQuerySet:
    return Registration.objects.filter(
        partner__in=partner_ids, closed_on__gt=(at - _YEAR).date(), closed_on__lte=at.date()
    ).order_by()


def provide_measures() -> None:
    """Adds them to the registry."""
    provide(
        Measure(
            "won_value",
            "Won in twelve months",
            "The value of the registrations that you won in the last twelve months, in our currency.",
            won_value,
            unit=base_currency,
        )
    )
    provide(
        Measure(
            "registrations",
            "Registrations in twelve months",
            "Registrations that you submitted in the last twelve months; those refused or revoked don't count.",
            registrations,
        )
    )
    provide(
        Measure(
            "win_rate",
            "Win rate",
            "Won among the registrations that ended won or lost in the last twelve months.",
            win_rate,
            unit=lambda: "%",
        )
    )
