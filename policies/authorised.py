"""Which firms may register which product lines, and whom a change of a requirement touches (L2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from partners.models import Partner
from policies.binding import Authorisation, runs
from policies.facts import Firm
from policies.findings import Effect
from policies.firms import as_firms, selling_firms
from policies.loading import authorisations_at
from policies.rules.product_authorisation import Gap, gaps


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
class Touched:
    """A firm whose standing a change alters, and what it lacks afterwards."""

    partner: Partner
    before: Standing
    after: Standing
    lacks: tuple[Gap, ...]


@dataclass(frozen=True)
class Difference:
    """Whom a requirement shuts out and lets in, and for how many firms nothing changes."""

    loses: list[Touched]
    gains: list[Touched]
    unchanged: int


def standing(firm: Firm, asked: Authorisation | None) -> tuple[Standing, list[Gap]]:
    """What the firm can do where `asked` is what the line requires (None: nothing), and what it lacks."""
    found = gaps(firm, asked) if asked is not None else []
    if asked is None or not found:
        return Standing.OPEN, []
    return (Standing.REFUSED if asked.effect == Effect.REFUSED else Standing.REVIEW), found


def in_force(rows: Iterable[Authorisation], product_line: int, at: datetime) -> Authorisation | None:
    """What the line requires at `at`."""
    return next((row for row in rows if row.product_line == product_line and runs(row, at)), None)


def difference(draft: Authorisation) -> Difference:
    """Whom `draft` would touch on the day that it begins, against what would apply then without it. The rule itself is
    asked, once for each, so that what is foretold is what happens."""
    at = draft.from_at
    before = in_force(authorisations_at(at), draft.product_line, at)
    return compare(as_firms(selling_firms(), at), before, draft)


def compare(
    firms: Sequence[tuple[Partner, Firm]], before: Authorisation | None, after: Authorisation | None
) -> Difference:
    """Whom the step from one requirement to another touches, by the firms' order."""
    touched = []
    for partner, firm in firms:
        was, _ = standing(firm, before)
        will, lacks = standing(firm, after)
        if was != will:
            touched.append(Touched(partner, was, will, tuple(lacks)))
    return Difference(
        [one for one in touched if one.after > one.before],
        [one for one in touched if one.after < one.before],
        len(firms) - len(touched),
    )
