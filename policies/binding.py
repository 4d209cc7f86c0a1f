"""What binds besides the registration policy, as plain values that the rules can look at: ids, codes and words.

Each has the `code` of the row that it was loaded from, for the finding's record: 'right:X-7KQ2MX'. Each runs from
`from_at`, which is included, until `until`, which is not (None: without an end); `at` the moment of a registration the
rules look at those alone that run then.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from policies.findings import Effect


@dataclass(frozen=True)
class Area:
    """A territory: its id, its name and the codes of its countries."""

    id: int
    name: str
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Authorisation:
    """What a firm needs to register deals with a product line. An empty list asks for nothing; of `kinds`, `groups` and
    `areas` one is enough, of `certificates` all are needed; groups and certificates are (code, name). A group's name is for
    the vendor's people alone. `effect` follows when something is missing."""

    code: str
    product_line: int
    product_line_name: str
    from_at: datetime
    until: datetime | None = None
    kinds: tuple[str, ...] = ()
    least_tier: str = ""
    certificates: tuple[tuple[str, str], ...] = ()
    areas: tuple[Area, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    effect: Effect = Effect.REFUSED


@dataclass(frozen=True)
class Right:
    """One partner's right to distribute a product line, in an area, for an industry, None for all of them. `effect` is what
    follows inside it for others: for all of them where it `is_exclusive`, else for those without a right of their own to it.
    The area's countries are those of the day it was given."""

    code: str
    partner: int
    from_at: datetime
    until: datetime | None = None
    product_line: int | None = None
    product_line_name: str = ""
    area: Area | None = None
    industry: int | None = None
    industry_name: str = ""
    effect: Effect = Effect.REFUSED
    is_exclusive: bool = True

    @property
    def countries(self) -> frozenset[str] | None:
        """Where it is; None for everywhere."""
        return self.area.countries if self.area is not None else None


@dataclass(frozen=True)
class Route:
    """Who looks at a registration; of those that fit the first in the list. It fits from `value_from` in the base currency
    on, with one of `product_lines` (empty: any). It leads to a `person` (a user's id), to a `role` (its code), or with
    neither to the manager of the partner."""

    code: str
    from_at: datetime
    until: datetime | None = None
    product_lines: tuple[int, ...] = ()
    value_from: Decimal = Decimal(0)
    role: str = ""
    person: int | None = None


def runs(row: Authorisation | Right | Route, at: datetime) -> bool:
    """Whether it binds at `at`."""
    return row.from_at <= at and (row.until is None or at < row.until)
