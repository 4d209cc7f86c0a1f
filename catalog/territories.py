"""Which territories share ground: two names for one country ('Europe', 'DACH') are one place there."""

from collections.abc import Collection
from dataclasses import dataclass

from catalog.models import Territory


@dataclass(frozen=True)
class Ground:
    """Where a territory is today: its own countries, none for everywhere, and the ids of the territories that share one with
    it, itself included."""

    countries: frozenset[str]
    territories: frozenset[int]


@dataclass(frozen=True)
class Reach:
    """Where somebody works who has the territories `own`: in `countries`, those of them all; `everywhere` without territories,
    or with one that has no countries."""

    own: frozenset[int]
    countries: frozenset[str]
    everywhere: bool

    def serves(self, territory: int | None, country: str) -> bool:
        """Whether a customer in this territory and country is served, by that territory or by another that has the country.
        What lies in no territory is served by all."""
        return territory is None or self.everywhere or territory in self.own or country in self.countries


class Grounds:
    """The territories as they are today, read once."""

    def __init__(self) -> None:
        self._countries = _countries()

    def reach_of(self, territories: Collection[int]) -> Reach:
        """Where somebody with these territories works. No query."""
        own = frozenset(territories)
        theirs = [self._countries.get(pk, frozenset()) for pk in own]
        return Reach(
            own,
            countries=frozenset[str]().union(*theirs),
            everywhere=not own or not all(theirs),
        )


def meetings() -> dict[int, frozenset[int]]:
    """Territory → the ids of those that share a country with it, itself included. One without countries is everywhere.
    One query: there are few."""
    countries = _countries()
    return {pk: _meeting(pk, countries) for pk in countries}


def meeting(territory: int | None) -> frozenset[int] | None:
    """The same for one of them; None for none."""
    found = ground_of(territory)
    return None if found is None else found.territories


def ground_of(territory: int | None) -> Ground | None:
    """Where one of them is; None for none. One query."""
    return None if territory is None else grounds_of([territory])[territory]


def grounds_of(territories: Collection[int]) -> dict[int, Ground]:
    """Where each of them is. One query."""
    countries = _countries()
    return {pk: Ground(countries.get(pk, frozenset()), _meeting(pk, countries)) for pk in territories}


def _countries() -> dict[int, frozenset[str]]:
    return {pk: frozenset(codes) for pk, codes in Territory.objects.values_list("pk", "countries")}


def _meeting(territory: int, countries: dict[int, frozenset[str]]) -> frozenset[int]:
    own = countries.get(territory)
    if own is None:
        return frozenset([territory])
    met = (pk for pk, theirs in countries.items() if not own or not theirs or not own.isdisjoint(theirs))
    return frozenset([territory, *met])
