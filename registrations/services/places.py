"""Who stands where in the line behind a holder."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from companies.relatives import families_of_each, relatives_of
from core.clock import database_clock
from policies.models import RegistrationPolicy
from registrations import supposing
from registrations.enums import OPEN, UNDER_REVIEW, Status
from registrations.models import Conflict, Registration
from registrations.scope import Scope, scope_of
from registrations.services import holdings, overlaps


def turn_of(registration: Registration) -> int | None:
    """What the line is ordered by: the time of submission, unless a manager gave it another place. None for a draft."""
    return registration.line_order if registration.line_order is not None else registration.rank


def place_in_line(registration: Registration, *, at: datetime | None = None) -> int:
    """1 for the next to move up, 2 for the one after; 0 for registrations that do not wait. Who is reviewed anew after an
    appeal keeps the place in time, and counts."""
    if registration.status != Status.WAITLISTED:
        return 0
    turn = turn_of(registration)
    wanted = scope_in_line(registration, at=at).kept_out()
    return Registration.objects.awaiting_turn().filter(wanted, turn__lt=turn).distinct().count() + 1  # type: ignore[misc]


def stands_behind_later(registration: Registration, *, at: datetime | None = None) -> bool:
    """Whether somebody who was submitted later stands before it in line: whether it would win by the order of submission."""
    if registration.status != Status.WAITLISTED:
        return False
    turn = turn_of(registration)
    wanted = scope_in_line(registration, at=at).kept_out()
    later = Registration.objects.in_line().filter(wanted, turn__lt=turn, rank__gt=registration.rank or 0)  # type: ignore[misc]
    return later.exists()


def scope_in_line(
    registration: Registration, company_id: int | None = None, *, at: datetime | None = None
) -> Scope:
    """What it waits for: its scope under the policy in force, by which its turn will be looked at."""
    policy = RegistrationPolicy.objects.in_force(at or database_clock())
    return scope_of(registration, policy, company_id=company_id)


def under_review_before(registration: Registration, met: Collection[Conflict] = ()) -> Registration | None:
    """Who wants the same as `registration`, came before it and is still under review, if there is somebody: at the same
    company or in its family, as the policy says, or at what may be the same as long as nobody has said whether it is. Whether
    they get it is said first: the referee was slow, or took a decision back, or the name was written another way; the partner
    is not to lose by it. Who wants something besides that another one holds could not get it now. `met` as in
    overlaps.unjudged."""
    turn = turn_of(registration) or 0
    wanted = holdings.scope_now(registration).kept_out()
    same = Registration.objects.under_review().filter(wanted, rank__lt=turn).exclude(pk=registration.pk)
    rows = {row.pk: row for row in same.select_related("partner", "policy").distinct()}
    for row in overlaps.unjudged(registration, UNDER_REVIEW, met):
        if (row.rank or 0) < turn:
            rows.setdefault(row.pk, row)
    earliest_first = sorted(rows.values(), key=lambda row: row.rank or 0)
    return next((row for row in earliest_first if _could_have_it(row, registration)), None)


def reviews_beside(line: Iterable[Any]) -> list[int]:
    """The ids of those under review at what may be the same company as one of `line` (ids), and nobody has said yet. As many
    queries however many there are."""
    found = Conflict.objects.unjudged()
    earlier = found.filter(registration__in=line, rival__status__in=UNDER_REVIEW).values_list(
        "rival", flat=True
    )
    later = found.filter(rival__in=line, registration__status__in=UNDER_REVIEW)
    return sorted({*earlier, *later.values_list("registration", flat=True)})


def keeps_waiting(reviewed: Registration, *, at: datetime | None = None) -> bool:
    """Whether somebody in line wants what is kept for `reviewed`."""
    kept = reviewed.holdings.filter(ended_at=None)
    companies = {pk for company in kept.values_list("company", flat=True) for pk in relatives_of(company)}
    line = Registration.objects.in_line().filter(company__in=companies)
    return any(kept.filter(scope_in_line(waiting, at=at).holdings()).exists() for waiting in line)


def kept_at(reviewed: Registration, waiting: Registration) -> int | None:
    """At which company something is kept for `reviewed`, who came before `waiting`: its own, or where that one only may be
    the same, the one that `waiting` stands at."""
    own = reviewed.company_id
    return own if own in holdings.scope_now(waiting).family else waiting.company_id


def _could_have_it(reviewed: Registration, waiting: Registration) -> bool:
    """Whether it could be kept for `reviewed`: what is kept for it there already keeps `waiting` out as far as they meet."""
    if reviewed.pk in supposing.over() or not reviewed.partner.is_selling:
        return False
    if holdings.held_by_others(reviewed):
        return False
    company = kept_at(reviewed, waiting)
    if company == reviewed.company_id:
        return True
    kept = reviewed.holdings.filter(ended_at=None, company=company)
    return not kept.exists() and not holdings.held_by_others(reviewed, company)


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
    companies = families_of_each([own])[own] if policy.scope_family else [own]
    rows = Registration.objects.awaiting_turn() if anew else Registration.objects.in_line()
    return list(rows.filter(company__in=companies).select_related("partner", "currency"))


def places_to_give(line: Iterable[Registration]) -> list[int]:
    """The numbers that a manager can give out, of a line with those who are reviewed anew: all but theirs, which they keep."""
    return [place for place, row in enumerate(line, start=1) if row.status == Status.WAITLISTED]
