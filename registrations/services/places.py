"""Who stands where in the line behind a holder."""

from registrations.enums import OPEN, Status
from registrations.models import Registration


def place_in_line(registration: Registration) -> int:
    """1 for the next to move up, 2 for the one after; 0 for registrations that do not wait."""
    if registration.status != Status.WAITLISTED:
        return 0
    ahead = Registration.objects.in_line().filter(company=registration.company_id, rank__lt=registration.rank)
    lines = registration.lines.values("product_line")
    return ahead.filter(lines__product_line__in=lines).distinct().count() + 1


def line_of(registration: Registration) -> list[Registration]:
    """Those who wait at the registration's company, in order; for the vendor's eyes."""
    if registration.status not in OPEN:
        return []
    return list(
        Registration.objects.in_line()
        .filter(company=registration.company_id)
        .select_related("partner", "currency")
    )
