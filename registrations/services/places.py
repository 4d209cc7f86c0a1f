"""Who stands where in the line behind a holder."""

from collections.abc import Iterable
from datetime import datetime

from companies.relatives import relatives_of
from core.clock import database_clock
from policies.models import RegistrationPolicy
from registrations import supposing
from registrations.enums import OPEN, UNDER_REVIEW, Status
from registrations.models import Registration
from registrations.scope import Scope, scope_of
from registrations.services import holdings, overlaps


def place_in_line(registration: Registration, *, at: datetime | None = None) -> int:
    """1 for the next to move up, 2 for the one after; 0 for registrations that do not wait. Who is reviewed anew after an
    appeal keeps the place in time, and counts."""
    if registration.status != Status.WAITLISTED:
        return 0
    turn = registration.line_order if registration.line_order is not None else registration.rank
    wanted = scope_in_line(registration, at=at).registrations()
    return Registration.objects.awaiting_turn().filter(wanted, turn__lt=turn).distinct().count() + 1  # type: ignore[misc]


def stands_behind_later(registration: Registration, *, at: datetime | None = None) -> bool:
    """Whether somebody who was submitted later stands before it in line: whether it would win by the order of submission."""
    if registration.status != Status.WAITLISTED:
        return False
    turn = registration.line_order if registration.line_order is not None else registration.rank
    wanted = scope_in_line(registration, at=at).registrations()
    later = Registration.objects.in_line().filter(wanted, turn__lt=turn, rank__gt=registration.rank or 0)  # type: ignore[misc]
    return later.exists()


def scope_in_line(
    registration: Registration, company_id: int | None = None, *, at: datetime | None = None
) -> Scope:
    """What it waits for: its scope under the policy in force, by which its turn will be looked at."""
    policy = RegistrationPolicy.objects.in_force(at or database_clock())
    return scope_of(registration, policy, company_id=company_id)


def reviewed_before(registration: Registration) -> Registration | None:
    """Who wants the same as `registration`, came before it and is still under review, if there is somebody: whether they get
    it is said first. The referee was slow, or took a decision back; the partner is not to lose by it. Who wants something
    besides that another one holds could not get it now."""
    turn = registration.line_order if registration.line_order is not None else registration.rank
    wanted = holdings.scope_now(registration).registrations()
    rows = Registration.objects.under_review().filter(wanted, rank__lt=turn).exclude(pk=registration.pk)
    return _could_have_it(rows.select_related("partner", "policy").order_by("rank").distinct())


def unjudged_before(registration: Registration) -> Registration | None:
    """The same for who stands at what may be the same company, as long as nobody has said whether it is: another spelling
    of the name is not to pass somebody by."""
    turn = registration.line_order if registration.line_order is not None else registration.rank or 0
    rows = [(row.rank or 0, row) for row in overlaps.unjudged(registration, UNDER_REVIEW)]
    earlier = sorted((pair for pair in rows if pair[0] < turn), key=lambda pair: pair[0])
    return _could_have_it(row for _, row in earlier)


def _could_have_it(rows: Iterable[Registration]) -> Registration | None:
    for reviewed in rows:
        if reviewed.pk in supposing.over():
            continue
        if reviewed.partner.is_selling and not holdings.held_by_others(reviewed):
            return reviewed
    return None


def line_of(
    registration: Registration, *, at: datetime | None = None, anew: bool = False
) -> list[Registration]:
    """Those who wait at the registration's company, and at all companies of its family where the policy in force holds
    families together, in order; for the vendor's eyes. `anew`: with those who are reviewed anew, as partners' places count
    them."""
    if registration.status not in OPEN or registration.company_id is None:
        return []
    policy = RegistrationPolicy.objects.in_force(at or database_clock())
    own = registration.company_id
    companies = _whole_family(own) if policy.scope_family else [own]
    rows = Registration.objects.awaiting_turn() if anew else Registration.objects.in_line()
    return list(rows.filter(company__in=companies).select_related("partner", "currency"))


def places_to_give(line: Iterable[Registration]) -> list[int]:
    """The numbers that a manager can give out, of a line with those who are reviewed anew: all but theirs, which they keep."""
    return [place for place, row in enumerate(line, start=1) if row.status == Status.WAITLISTED]


def _whole_family(company_id: int) -> list[int]:
    """Sisters included: they don't keep each other out, but both meet the parent, whose place is among theirs."""
    near = relatives_of(company_id)
    return sorted({pk for one in near for pk in relatives_of(one)})
