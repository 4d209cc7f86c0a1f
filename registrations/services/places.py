"""Who stands where in the line behind a holder."""

from registrations.enums import OPEN, Status
from registrations.models import Registration
from registrations.services.holdings import scope_now


def place_in_line(registration: Registration) -> int:
    """1 for the next to move up, 2 for the one after; 0 for registrations that do not wait. Who is reviewed anew after an
    appeal keeps the place in time, and counts."""
    if registration.status != Status.WAITLISTED:
        return 0
    turn = registration.line_order if registration.line_order is not None else registration.rank
    wanted = scope_now(registration).registrations()
    return Registration.objects.awaiting_turn().filter(wanted, turn__lt=turn).distinct().count() + 1  # type: ignore[misc]


def line_of(registration: Registration) -> list[Registration]:
    """Those who wait at the registration's company, in order; for the vendor's eyes."""
    if registration.status not in OPEN:
        return []
    return list(
        Registration.objects.in_line()
        .filter(company=registration.company_id)
        .select_related("partner", "currency")
    )
