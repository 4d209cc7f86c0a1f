"""The measures that this app knows itself: people trained and certified, and satisfaction as it was entered."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F

from core.vendor_days import vendor_day
from partners.certificates.enums import CertificateKind
from partners.models import Certificate
from programs.measures import Measure, provide
from programs.models import EnteredFigure, Take

SATISFACTION = "satisfaction"


def trained_people(partner_ids: Collection[int], at: datetime) -> dict[int, Decimal]:
    """People of each firm with an account who passed a training path that has not lapsed: one query."""
    rows = (
        Take.objects.valid(vendor_day(at))
        .filter(passed_at__lte=at, user__is_active=True, user__member__partner__in=partner_ids)
        .order_by()
        .values("user__member__partner")
        .annotate(number=Count("user", distinct=True))
    )
    return {row["user__member__partner"]: Decimal(row["number"]) for row in rows}


def certified_people(partner_ids: Collection[int], at: datetime) -> dict[int, Decimal]:
    """People of each firm with a valid certification made out to them: one query."""
    rows = (
        Certificate.objects.holding(at)
        .filter(partner__in=partner_ids, member__isnull=False, type__kind=CertificateKind.CERTIFICATION)
        .order_by()
        .values("partner")
        .annotate(number=Count("member", distinct=True))
    )
    return {row["partner"]: Decimal(row["number"]) for row in rows}


def satisfaction(partner_ids: Collection[int], at: datetime) -> dict[int, Decimal]:
    """What was entered last up to that moment: one query."""
    rows = (
        EnteredFigure.objects.filter(partner__in=partner_ids, measure=SATISFACTION, at__lte=at)
        .order_by("partner", F("at").desc(), F("pk").desc())
        .distinct("partner")
    )
    return dict(rows.values_list("partner", "value"))


def provide_own() -> None:
    """Adds them to the registry."""
    provide(
        Measure(
            "trained_people",
            "Trained people",
            "People of your firm with an account who passed a training path that is still valid.",
            trained_people,
        )
    )
    provide(
        Measure(
            "certified_people",
            "Certified people",
            "People of your firm with a verified certification that is valid today.",
            certified_people,
        )
    )
    provide(
        Measure(
            SATISFACTION,
            "Customer satisfaction",
            "From 0 to 100, from surveys of your customers; your channel manager enters it.",
            satisfaction,
            entered=True,
        )
    )
