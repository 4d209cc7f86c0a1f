"""Whom a change of a requirement touches (L2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from partners.models import Partner
from policies.binding import Authorisation, runs
from policies.facts import Firm
from policies.firms import as_firms, selling_firms
from policies.loading import authorisations_at
from policies.stands import Around, Stand, around


@dataclass(frozen=True)
class Touched:
    """A firm that may do something else after a change than before, in some country at least."""

    partner: Partner
    before: Stand
    after: Stand


@dataclass(frozen=True)
class Difference:
    """Whom a requirement shuts out, of customers in some country at least, and whom it only lets in; for how many firms nothing
    changes."""

    loses: list[Touched]
    gains: list[Touched]
    unchanged: int


def in_force(rows: Iterable[Authorisation], product_line: int, at: datetime) -> Authorisation | None:
    """What the line requires at `at`."""
    return next((row for row in rows if row.product_line == product_line and runs(row, at)), None)


def difference(draft: Authorisation) -> Difference:
    """Whom `draft` would touch on the day that it begins, against what would apply then without it."""
    return step(in_force(authorisations_at(draft.from_at), draft.product_line, draft.from_at), draft)


def step(before: Authorisation | None, after: Authorisation) -> Difference:
    """Whom `after` touches on the day that it begins, where `before` applies until then. The rules themselves are asked, once
    for each, so that what is foretold is what happens."""
    return compare(as_firms(selling_firms(), after.from_at), before, after, around(after.from_at))


def compare(
    firms: Sequence[tuple[Partner, Firm]], before: Authorisation | None, after: Authorisation, binding: Around
) -> Difference:
    """Whom the step from one requirement to another touches, country by country, by the firms' order. What the policy or
    another one's right keeps from a firm either way is no change."""
    loses, gains = [], []
    for partner, firm in firms:
        was = binding.stand(firm, after.product_line, before)
        will = binding.stand(firm, after.product_line, after)
        if will.by_country.harder_than(was.by_country):
            loses.append(Touched(partner, was, will))
        elif was.by_country.harder_than(will.by_country):
            gains.append(Touched(partner, was, will))
    return Difference(loses, gains, len(firms) - len(loses) - len(gains))
