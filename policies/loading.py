"""What binds besides the registration policy: a few queries for each kind, whatever is found."""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from django.db.models import Q

from catalog.models import Territory
from partners.models import Group
from policies.binding import Area, Authorisation, Right, Route
from policies.certificates import names_of
from policies.findings import Effect
from policies.holders import as_held
from policies.models import ExclusiveRight, ProductAuthorisation, ReviewRoute


def authorisations_at(at: datetime) -> tuple[Authorisation, ...]:
    """What product lines ask of a firm at `at`."""
    return authorisations_during(at, at)


def rights_at(at: datetime) -> tuple[Right, ...]:
    """The distribution rights that run at `at`."""
    return rights_during(at, at)


def routes_at(at: datetime) -> tuple[Route, ...]:
    """To whom reviews go at `at`, in order."""
    return routes_during(at, at)


def authorisations_during(start: datetime, end: datetime) -> tuple[Authorisation, ...]:
    """What product lines asked of a firm at some moment from `start` to `end`, both included."""
    rows = list(
        ProductAuthorisation.objects.standing()
        .filter(effective_from__lte=end)
        .select_related("product_line")
        .prefetch_related("territories", "groups")
        .order_by("product_line__name", "product_line_id", "effective_from")
    )
    # A row ends where the next of its line begins.
    ends: dict[int, datetime] = {}
    for row, following in pairwise(rows):
        if row.product_line_id == following.product_line_id:
            ends[row.pk] = following.effective_from
    bound = [row for row in rows if row.pk not in ends or ends[row.pk] > start]
    names = names_of({code for row in bound for code in row.certificates})
    return tuple(authorisation_of(row, until=ends.get(row.pk), names=names) for row in bound)


def authorisation_of(
    row: ProductAuthorisation, *, until: datetime | None, names: dict[str, str]
) -> Authorisation:
    """A row as the rules see it; `names` of types of certificates by code."""
    return Authorisation(
        code=f"authorisation:{row.pk}",
        product_line=row.product_line_id,
        product_line_name=row.product_line.name,
        from_at=row.effective_from,
        until=until,
        kinds=tuple(row.kinds),
        least_tier=row.least_tier,
        certificates=tuple((code, names.get(code, code)) for code in row.certificates),
        areas=areas_of(row.territories.all()),
        groups=groups_of(row.groups.all()),
        effect=Effect(row.effect),
    )


def areas_of(territories: Iterable[Territory]) -> tuple[Area, ...]:
    """Territories as the rules see them."""
    return tuple(Area(row.pk, row.name, frozenset(row.countries)) for row in territories)


def groups_of(groups: Iterable[Group]) -> tuple[tuple[str, str], ...]:
    """Groups of partners as the rules see them: code and name."""
    return tuple((row.code, row.name) for row in groups)


def rights_during(start: datetime, end: datetime) -> tuple[Right, ...]:
    """The distribution rights that ran at some moment from `start` to `end`, both included, of those who have them now."""
    return tuple(_rights(start, end).values())


def rights_as_held(start: datetime, end: datetime) -> tuple[Right, ...]:
    """The same, of those who had them then: for deals of before."""
    return as_held(_rights(start, end), start)


def _rights(start: datetime, end: datetime) -> dict[int, Right]:
    rows = ExclusiveRight.objects.standing().filter(
        Q(ends_at=None) | Q(ends_at__gt=start), begins_at__lte=end
    )
    rows = rows.select_related("product_line", "territory", "industry").order_by("pk")
    return {row.pk: right_of(row) for row in rows}


def right_of(row: ExclusiveRight) -> Right:
    """A row as the rules see it."""
    area = Area(row.territory.pk, row.territory.name, frozenset(row.countries)) if row.territory else None
    return Right(
        code=f"right:{row.code}",
        partner=row.partner_id,
        from_at=row.begins_at,
        until=row.ends_at,
        product_line=row.product_line_id,
        product_line_name=row.product_line.name if row.product_line else "",
        area=area,
        industry=row.industry_id,
        industry_name=row.industry.name if row.industry else "",
        effect=Effect(row.effect),
        is_exclusive=row.is_exclusive,
    )


def routes_during(start: datetime, end: datetime) -> tuple[Route, ...]:
    """The routes that were in the list at some moment from `start` to `end`, both included."""
    rows = ReviewRoute.objects.filter(Q(ended_at=None) | Q(ended_at__gt=start), since__lte=end)
    rows = rows.select_related("role").prefetch_related("product_lines").order_by("position", "pk")
    return tuple(route_of(row) for row in rows)


def route_of(row: ReviewRoute) -> Route:
    """A row as it is asked."""
    return Route(
        code=f"route:{row.pk}",
        from_at=row.since,
        until=row.ended_at,
        product_lines=tuple(line.pk for line in row.product_lines.all()),
        value_from=row.value_from,
        role=row.role.code if row.role else "",
        person=row.person_id,
    )
