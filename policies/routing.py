"""Which route a registration takes to its reviewer, and routes in words (L4)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from accounts.models import User
from policies.binding import Route, runs
from policies.models import ReviewRoute
from policies.saying import amount, joined


def route_for(
    routes: Iterable[Route], *, value: Decimal, product_lines: Collection[int], at: datetime
) -> Route | None:
    """The first of `routes` that fits a deal of `value` (base currency) with these product lines at `at`."""
    for route in routes:
        fits = not route.product_lines or not set(route.product_lines).isdisjoint(product_lines)
        if fits and value >= route.value_from and runs(route, at):
            return route
    return None


def takers(route: Route, deciders: Iterable[User]) -> list[User]:
    """Of `deciders`, all who decide registrations, those whom the route leads to, in the same order. Without any it is the
    partner's own manager: the person no longer decides, nobody of the role does, or that is where it leads."""
    return [
        person
        for person in deciders
        if person.pk == route.person or (route.role and person.role.code == route.role)
    ]


def never_taken(routes: Sequence[Route]) -> set[str]:
    """The codes of those that no deal reaches, since one above them fits whatever they fit."""
    found = set()
    for place, route in enumerate(routes):
        above = [one for one in routes[:place] if one.value_from <= route.value_from]
        for_all = any(not one.product_lines for one in above)
        each = {line for one in above for line in one.product_lines}
        if for_all or (route.product_lines and each.issuperset(route.product_lines)):
            found.add(route.code)
    return found


def deals_words(route: ReviewRoute, base: str) -> str:
    """'Deals of 250,000 EUR and more on Gateways': which ones it is about."""
    size = f" of {amount(route.value_from, base)} and more" if route.value_from else ""
    lines = [line.name for line in route.product_lines.all()]
    what = f" on {joined(lines, 'or')}" if lines else ""
    return f"{'Deals' if size or what else 'All deals'}{size}{what}"


def target_words(route: ReviewRoute | None) -> str:
    """'Mara Lindqvist', 'the Channel manager with the fewest reviews', 'the partner's own manager' (also for no route)."""
    if route is not None and route.person is not None:
        return str(route.person)
    if route is not None and route.role is not None:
        return f"the {route.role.name} with the fewest reviews in hand"
    return "the partner's own manager"


def lost_words(route: ReviewRoute) -> str:
    """'the partner's own manager, since nobody of the role Administrator decides registrations': of a route without takers."""
    who = (
        f"nobody of the role {route.role.name} decides" if route.role else f"{route.person} no longer decides"
    )
    return f"{target_words(None)}, since {who} registrations"


def sentence(route: ReviewRoute, base: str) -> str:
    """'Deals of 250,000 EUR and more on Gateways go to Mara Lindqvist.'"""
    return f"{deals_words(route, base)} go to {target_words(route)}."
