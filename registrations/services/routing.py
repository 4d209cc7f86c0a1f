"""To whom a registration goes for its review: where the policy's routes lead, else the partner's manager, who stands in for
them, else the next in turn. Whoever is away keeps what is theirs, and their stand-in sees it, too."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from accounts.absences import Roster, roster
from accounts.enums import ADMINISTRATOR, CHANNEL_MANAGER
from accounts.models import User
from policies.binding import Route
from policies.loading import routes_at
from policies.routing import route_for, takers
from policies.services.routes import deciders, may_review
from registrations.enums import UNDER_REVIEW
from registrations.models import Registration

# How far up the line of managers it is looked for somebody who has not heard of it.
_HIGHEST = 10
_IN_HAND = Count("reviews", filter=Q(reviews__status__in=UNDER_REVIEW))


def reviewer_for(
    registration: Registration, at: datetime, *, routes: Iterable[Route] | None = None
) -> User | None:
    """Whose desk a new review lands on: where the first of `routes` that fits leads (None: those of `at`), else the
    partner's manager, even while away; without one who can sign in, the channel manager whose turn it is. None where there
    is no channel manager at all."""
    routed = _routed(registration, at, routes_at(at) if routes is None else routes)
    if routed is not None:
        return routed
    manager = registration.partner.manager
    if manager is not None and may_review(manager):
        return manager
    return _first(_fewest_first(_channel_managers()), roster(at))


def _routed(registration: Registration, at: datetime, routes: Iterable[Route]) -> User | None:
    """Where the routes lead; None for the partner's manager, and where whom they lead to no longer decides."""
    value = (registration.value or Decimal(0)) * registration.currency.rate_to_base
    lines = registration.lines.values_list("product_line_id", flat=True) if routes else ()
    route = route_for(routes, value=value, product_lines=list(lines), at=at)
    if route is None:
        return None
    return _first(takers(route, _fewest_first(deciders())), roster(at))


def _first(people: Sequence[User], present: Roster) -> User | None:
    """The first of `people` who is here; while all of them are away, the first for whom somebody stands in, else the first."""
    here = [person for person in people if person.pk not in present.away]
    seen = [person for person in people if present.stand_in(person) is not None]
    return next(iter([*here, *seen, *people]), None)


def acting_referee(registration: Registration, at: datetime) -> User | None:
    """Who is told about it at `at`: see `acting`."""
    return acting(registration, roster(at))


def acting(registration: Registration, present: Roster) -> User | None:
    """The reviewer or the partner's manager, their stand-in while they are away, else the next in rotation. Where nobody at
    all is here, the reviewer or the manager all the same: what waits must stand in somebody's mail."""
    people = [
        person for person in (registration.reviewer, registration.partner.manager) if person is not None
    ]
    for person in people:
        found = present.stand_in(person)
        if found is not None:
            return found
    return next_in_rotation(present) or next((person for person in people if person.is_active), None)


def above(registration: Registration, present: Roster) -> User | None:
    """Who hears of it after the reviewer did: their manager or who stands in for that one, else the manager's manager, else
    an administrator. Never whoever heard of it as reviewer while there is anybody else."""
    told = acting(registration, present)
    reviewer = registration.reviewer or registration.partner.manager
    boss = reviewer.manager if reviewer is not None else None
    for _ in range(_HIGHEST):
        if boss is None:
            break
        found = present.stand_in(boss)
        if found is not None and found != told:
            return found
        boss = boss.manager
    administrators = User.objects.filter(is_active=True, role__code=ADMINISTRATOR).order_by("pk")
    here = [person for person in administrators if person.pk not in present.away]
    return next((person for person in here if person != told), here[0] if here else None)


def next_in_rotation(present: Roster) -> User | None:
    """Of the channel managers the one who is here and has the fewest reviews in hand; of several the one who joined first."""
    order = _fewest_first(_channel_managers())
    return next((person for person in order if person.pk not in present.away), None)


def referees() -> list[User]:
    """Everybody who may decide, by name, each with `in_hand`: how many reviews they have."""
    return list(deciders().annotate(in_hand=_IN_HAND))


def _channel_managers() -> QuerySet[User]:
    return User.objects.filter(is_active=True, role__code=CHANNEL_MANAGER)


def _fewest_first(people: QuerySet[User]) -> list[User]:
    """Those with fewer reviews in hand first, of several the one who joined first: one query."""
    return list(people.annotate(in_hand=_IN_HAND).order_by("in_hand", "pk"))
