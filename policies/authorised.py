"""Which firms may register which product lines, and whom a change of a requirement touches (L2)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from partners.models import Partner
from policies.binding import Authorisation, Right, runs
from policies.facts import Facts, Firm
from policies.findings import Effect
from policies.firms import as_firms, selling_firms
from policies.loading import authorisations_at, rights_at
from policies.models import RegistrationPolicy
from policies.outcome import Landing, decide
from policies.rulebook import Rulebook
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


def shut_out(firms: Iterable[Firm], policy: RegistrationPolicy, at: datetime) -> dict[int, list[Gap]]:
    """The firms of which the version takes no deal at all, by kind, tier or how they stand: id → what it says. How many deals
    a firm has open passes by itself, and does not count."""
    book = Rulebook(policy)
    outcomes = {firm.id: decide(Facts(at=at, firm=firm), book) for firm in firms}
    return {
        firm: [Gap("policy", finding.words.rstrip(".")) for finding in outcome.findings]
        for firm, outcome in outcomes.items()
        if outcome.landing == Landing.REFUSED
    }


def reserved(firms: Iterable[Firm], line: int, rights: Iterable[Right], at: datetime) -> dict[int, list[Gap]]:
    """The firms that another one's right keeps out of the whole line at `at`, everywhere and in every industry: id → that it
    does. A right to a part of it leaves the rest open, and so does one that is not exclusive to who holds one to a part."""
    inside = [right for right in rights if right.product_line in (None, line) and runs(right, at)]
    whole = [
        right
        for right in inside
        if right.area is None and right.industry is None and right.effect == Effect.REFUSED
    ]
    holders = {right.partner for right in inside}
    return {
        firm.id: [Gap("right", f"{_whose(right)} ({right.code.partition(':')[2]})")]
        for firm in firms
        for right in whole
        if firm.id != right.partner and (right.is_exclusive or firm.id not in holders)
    }


def _whose(right: Right) -> str:
    """For the vendor's people."""
    return "it is another partner's alone" if right.is_exclusive else "it is for firms with a right to it"


def standing(
    firm: Firm, asked: Authorisation | None, barred: Sequence[Gap] = ()
) -> tuple[Standing, list[Gap]]:
    """What the firm can do where `asked` is what the line requires (None: nothing), and what it lacks. `barred` is what
    shuts the firm out whatever it has: the policy, or another one's right."""
    found = gaps(firm, asked) if asked is not None else []
    if barred:
        return Standing.REFUSED, [*barred, *found]
    if asked is None or not found:
        return Standing.OPEN, []
    return (Standing.REFUSED if asked.effect == Effect.REFUSED else Standing.REVIEW), found


def in_force(rows: Iterable[Authorisation], product_line: int, at: datetime) -> Authorisation | None:
    """What the line requires at `at`."""
    return next((row for row in rows if row.product_line == product_line and runs(row, at)), None)


def difference(draft: Authorisation) -> Difference:
    """Whom `draft` would touch on the day that it begins, against what would apply then without it."""
    return step(in_force(authorisations_at(draft.from_at), draft.product_line, draft.from_at), draft)


def step(before: Authorisation | None, after: Authorisation) -> Difference:
    """Whom `after` touches on the day that it begins, where `before` applies until then. The rule itself is asked, once for
    each, so that what is foretold is what happens."""
    at = after.from_at
    firms = as_firms(selling_firms(), at)
    them = [firm for _, firm in firms]
    barred = {
        *shut_out(them, RegistrationPolicy.objects.in_force(at), at),
        *reserved(them, after.product_line, rights_at(at), at),
    }
    return compare(firms, before, after, barred=barred)


def compare(
    firms: Sequence[tuple[Partner, Firm]],
    before: Authorisation | None,
    after: Authorisation | None,
    *,
    barred: Collection[int] = (),
) -> Difference:
    """Whom the step from one requirement to another touches, by the firms' order. For those that are shut out whatever
    they have (`barred`, their ids) nothing changes."""
    touched = []
    for partner, firm in firms:
        if firm.id in barred:
            continue
        was, _ = standing(firm, before)
        will, lacks = standing(firm, after)
        if was != will:
            touched.append(Touched(partner, was, will, tuple(lacks)))
    return Difference(
        [one for one in touched if one.after > one.before],
        [one for one in touched if one.after < one.before],
        len(firms) - len(touched),
    )
