"""Taking and releasing protected scopes. The database's partial UNIQUE stands behind the check in words."""

from datetime import datetime

from django.db import IntegrityError, transaction

from core.errors import ScopeTaken
from registrations.models import Holding, Registration

_TAKEN = "Another registration already holds this company for the same product line."


def held_by_others(registration: Registration, company_id: int | None = None) -> list[Holding]:
    """Current holdings of other registrations that overlap this one's product lines at its company (or `company_id`)."""
    return list(
        Holding.objects.filter(
            company=company_id or registration.company_id or 0,
            product_line__in=registration.lines.values("product_line"),
            ended_at=None,
        )
        .exclude(registration=registration)
        .select_related("registration__partner", "product_line")
    )


def take(registration: Registration, *, at: datetime) -> None:
    """Holds each of the registration's scopes from `at`. Raises ScopeTaken; nothing is held then."""
    assert registration.company_id is not None
    if held_by_others(registration):
        raise ScopeTaken(_TAKEN)
    rows = [
        Holding(
            registration=registration,
            company_id=registration.company_id,
            product_line_id=line.product_line_id,
            since=at,
        )
        for line in registration.lines.all()
    ]
    try:
        with transaction.atomic():
            Holding.objects.bulk_create(rows)
    except IntegrityError as error:
        raise ScopeTaken(_TAKEN) from error


def release(registration: Registration, *, at: datetime) -> None:
    """Ends all current holdings of the registration at `at`."""
    registration.holdings.filter(ended_at=None).update(ended_at=at)
