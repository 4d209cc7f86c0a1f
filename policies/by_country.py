"""How a firm stands to something, country by country of the customer. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from django_countries import countries

_ELSEWHERE = ""


class Standing(IntEnum):
    """What a firm can do with a product line, the freest first."""

    OPEN = 0
    REVIEW = 1
    REFUSED = 2

    @property
    def words(self) -> str:
        """As operations and partners read it."""
        return ("May register", "Looked at first", "Refused")[self]


@dataclass(frozen=True)
class ByCountry:
    """`named` says it for some countries, by their codes, `elsewhere` for all others. Where countries are asked for, None is
    all there are."""

    elsewhere: Standing = Standing.OPEN
    named: Mapping[str, Standing] = field(default_factory=dict)

    def of(self, country: str) -> Standing:
        """In one country."""
        return self.named.get(country, self.elsewhere)

    def freest(self, inside: Collection[str] | None = None) -> Standing:
        """The best that the firm can do in any of the countries."""
        return min(self.of(country) for country in _places(inside, self))

    def harder_than(self, other: "ByCountry", inside: Collection[str] | None = None) -> bool:
        """Whether it is harder than the other in any of the countries."""
        return any(self.of(country) > other.of(country) for country in _places(inside, self, other))

    def and_also(self, other: "ByCountry") -> "ByCountry":
        """Where both bind: the harder in each country."""
        named = {code: max(self.of(code), other.of(code)) for code in {*self.named, *other.named}}
        return ByCountry(max(self.elsewhere, other.elsewhere), named)

    def but_in(self, inside: Iterable[str] | None, standing: Standing) -> "ByCountry":
        """The same, but for `standing` in these countries."""
        if inside is None:
            return ByCountry(standing)
        return ByCountry(self.elsewhere, {**self.named, **dict.fromkeys(inside, standing)})


def _places(inside: Collection[str] | None, *maps: ByCountry) -> Collection[str]:
    """The countries to look at; one for all that none of the maps names, where there are such."""
    if inside is not None:
        return inside
    named = {code for one in maps for code in one.named}
    return named if len(named) >= len(countries) else {*named, _ELSEWHERE}
