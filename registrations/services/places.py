"""Who stands where in the line behind a holder."""

from datetime import datetime

from companies.relatives import relatives_of
from core.clock import database_clock
from policies.models import RegistrationPolicy
from registrations.enums import OPEN, Status
from registrations.models import Registration
from registrations.scope import Scope, scope_of


def place_in_line(registration: Registration, *, at: datetime | None = None) -> int:
    """1 for the next to move up, 2 for the one after; 0 for registrations that do not wait. Who is reviewed anew after an
    appeal keeps the place in time, and counts."""
    if registration.status != Status.WAITLISTED:
        return 0
    turn = registration.line_order if registration.line_order is not None else registration.rank
    wanted = scope_in_line(registration, at=at).registrations()
    return Registration.objects.awaiting_turn().filter(wanted, turn__lt=turn).distinct().count() + 1  # type: ignore[misc]


def scope_in_line(
    registration: Registration, company_id: int | None = None, *, at: datetime | None = None
) -> Scope:
    """What it waits for: its scope under the policy in force, by which its turn will be looked at."""
    policy = RegistrationPolicy.objects.in_force(at or database_clock())
    return scope_of(registration, policy, company_id=company_id)


def line_of(registration: Registration, *, at: datetime | None = None) -> list[Registration]:
    """Those who wait at the registration's company, and at all companies of its family where the policy in force holds
    families together, in order; for the vendor's eyes."""
    if registration.status not in OPEN or registration.company_id is None:
        return []
    policy = RegistrationPolicy.objects.in_force(at or database_clock())
    own = registration.company_id
    companies = _whole_family(own) if policy.scope_family else [own]
    return list(
        Registration.objects.in_line().filter(company__in=companies).select_related("partner", "currency")
    )


def _whole_family(company_id: int) -> list[int]:
    """Sisters included: they don't keep each other out, but both meet the parent, whose place is among theirs."""
    near = relatives_of(company_id)
    return sorted({pk for one in near for pk in relatives_of(one)})
