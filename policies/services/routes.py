"""The list of review routes: added, changed, moved, ended. A changed route is a new row, so the past can be read."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, QuerySet

from accounts.models import Role, User
from catalog.models import ProductLine
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, WrongStatus
from policies.models import RegistrationPolicy, ReviewRoute

_DECIDE = "registrations.decide"


@dataclass(frozen=True)
class Leads:
    """What a route says: which registrations, and to whom. Neither `person` nor `role`: the partner's own manager."""

    product_lines: Collection[ProductLine] = ()
    value_from: Decimal = Decimal(0)
    person: User | None = None
    role: Role | None = None


def add_route(leads: Leads, *, by: User, clock: Clock = database_clock) -> ReviewRoute:
    """A new route at the end of the list. Raises NotAllowed without 'policies.edit', BadInput naming the field."""
    _check(by, leads)
    with transaction.atomic():
        _one_at_a_time()
        now = clock()
        last = ReviewRoute.objects.in_force(now).aggregate(last=Max("position"))["last"]
        return _create(leads, position=(last or 0) + 1, by=by, clock=clock)


def change_route(route: ReviewRoute, leads: Leads, *, by: User, clock: Clock = database_clock) -> ReviewRoute:
    """A new row in the place of `route`. Raises NotAllowed, BadInput, WrongStatus where somebody changed it first."""
    _check(by, leads)
    with transaction.atomic():
        _one_at_a_time()
        _end(route, by=by, clock=clock)
        route.refresh_from_db(fields=["position"])  # it may have been moved since it was read
        return _create(leads, position=route.position, by=by, clock=clock)


def end_route(route: ReviewRoute, *, by: User, clock: Clock = database_clock) -> None:
    """Takes a route off the list. Raises NotAllowed, WrongStatus where it is off already."""
    _check_permission(by)
    with transaction.atomic():
        _one_at_a_time()
        _end(route, by=by, clock=clock)


def move_route(route: ReviewRoute, *, up: bool, by: User, clock: Clock = database_clock) -> None:
    """Swaps places with the one above or below; at the end of the list it stays. Raises NotAllowed, WrongStatus."""
    _check_permission(by)
    with transaction.atomic():
        _one_at_a_time()
        order = list(ReviewRoute.objects.in_force(clock()))
        place = next((number for number, row in enumerate(order) if row.pk == route.pk), None)
        if place is None:
            raise WrongStatus("This route is off the list already. Look at the list again.")
        other = place - 1 if up else place + 1
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
        for position, row in enumerate(order, start=1):
            if row.position != position:
                row.position = position
                row.save(update_fields=["position"])


def may_review(person: User) -> bool:
    """Whether reviews can be led to this person."""
    return person.is_active and person.may(_DECIDE)


def deciders() -> QuerySet[User]:
    """Everybody to whom reviews can be led, by name, with their roles."""
    found = User.objects.filter(is_active=True, role__permissions__contains=[_DECIDE])
    return found.select_related("role").order_by("name", "pk")


def _check_permission(by: User) -> None:
    if not by.may("policies.edit"):
        raise NotAllowed("Your role does not include changing the policy.")


def _check(by: User, leads: Leads) -> None:
    _check_permission(by)
    if leads.value_from < 0:
        raise BadInput("An amount can't be below zero.", field="value_from")
    if leads.person is not None and leads.role is not None:
        raise BadInput("Choose a person or a role, not both.", field="to")
    if leads.person is not None and not may_review(leads.person):
        raise BadInput(f"{leads.person} does not decide registrations.", field="to")
    if leads.role is not None and _DECIDE not in leads.role.permissions:
        raise BadInput(f"People of the role {leads.role} don't decide registrations.", field="to")


def _one_at_a_time() -> None:
    """The list is written by one at a time: the policy's first version is the lock, as for its versions."""
    RegistrationPolicy.objects.select_for_update().get(version=1)


def _create(leads: Leads, *, position: int, by: User, clock: Clock) -> ReviewRoute:
    route = ReviewRoute.objects.create(
        position=position,
        value_from=leads.value_from,
        person=leads.person,
        role=leads.role,
        since=clock(),
        created_by=by,
    )
    route.product_lines.set(leads.product_lines)
    return route


def _end(route: ReviewRoute, *, by: User, clock: Clock) -> None:
    ended = ReviewRoute.objects.filter(pk=route.pk, ended_at=None).update(ended_at=clock(), ended_by=by)
    if not ended:
        raise WrongStatus("This route was changed or taken off the list already. Look at the list again.")
