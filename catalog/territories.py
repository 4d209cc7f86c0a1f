"""Which territories share ground: two names for one country ('Europe', 'DACH') are one place there."""

from dataclasses import dataclass

from catalog.models import Territory


@dataclass(frozen=True)
class Ground:
    """Where a territory is today: its own countries, none for everywhere, and the ids of the territories that share one with
    it, itself included."""

    countries: frozenset[str]
    territories: frozenset[int]


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
    if territory is None:
        return None
    countries = _countries()
    return Ground(countries.get(territory, frozenset()), _meeting(territory, countries))


def _countries() -> dict[int, frozenset[str]]:
    return {pk: frozenset(codes) for pk, codes in Territory.objects.values_list("pk", "countries")}


def _meeting(territory: int, countries: dict[int, frozenset[str]]) -> frozenset[int]:
    own = countries.get(territory)
    if own is None:
        return frozenset([territory])
    met = (pk for pk, theirs in countries.items() if not own or not theirs or not own.isdisjoint(theirs))
    return frozenset([territory, *met])
