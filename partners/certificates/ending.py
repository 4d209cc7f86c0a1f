"""Which of the certificates that end at one moment a gate closes with. Nothing here asks the database.

A certificate ends with others, and each alone may leave everything as it is: of 'Safety or Export' both can go for good on one
day. So what counts is whether one of them tips the gate when some of the others have gone before it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations

from partners.certificates.gates import Case, Gate, Judge

# Of so many others every selection is tried; of more, they go one by one, in both orders.
_FEW = 3


@dataclass(frozen=True)
class Held:
    """One certificate that counts, as far as it matters here: `code` and `name` are its type's, `holder` is a person or ''."""

    pk: int
    code: str
    name: str
    holder: str
    number: str
    begin: date
    end: date | None

    @property
    def words(self) -> str:
        """'Export control', 'Expert of Bob'."""
        return f"{self.name} of {self.holder}" if self.holder else self.name


Some = frozenset[Held]


@dataclass(frozen=True)
class Moment:
    """An end of some certificates of a firm: what it holds on the last day (`before`), and then (`after`, from `on` on)."""

    firm: int
    on: date
    ending: Some
    before: Some
    after: Some


def closed_at(moment: Moment, judge: Judge) -> dict[Gate, list[Held]]:
    """What closes at the moment → those of its certificates that it closes with, at least one."""
    still = set(opened(moment, moment.after, judge))
    gone = [gate for gate in opened(moment, moment.before, judge) if gate not in still]
    return {
        gate: [one for one in _in_order(moment.ending) if tips(moment, gate, one, moment.ending, judge)]
        for gate in gone
    }


def opened(moment: Moment, held: Some, judge: Judge) -> list[Gate]:
    """What is open to the firm from the moment on where it holds these."""
    pks, codes = frozenset(one.pk for one in held), frozenset(one.code for one in held)
    return judge(Case(moment.firm, moment.on, pks, codes))


def tips(
    moment: Moment, gate: Gate, one: Held, going: Some, judge: Judge, besides: Some = frozenset()
) -> bool:
    """Whether the gate closes with `one` when some of the others in `going` have gone, none or all of them; `besides` is held
    as well."""
    everything = moment.before | moment.after | besides | {one}

    def is_open(gone: Iterable[Held]) -> bool:
        return gate in opened(moment, everything.difference(gone), judge)

    others = [other for other in _in_order(going) if other != one]
    if len(others) <= _FEW:
        some = chain.from_iterable(combinations(others, size) for size in range(len(others) + 1))
        return any(is_open(gone) and not is_open((*gone, one)) for gone in some)
    return any(_tips_in(line, one, is_open) for line in (others, others[::-1]))


def _tips_in(line: Sequence[Held], one: Held, is_open: Callable[[Iterable[Held]], bool]) -> bool:
    """The same where they go in this order: at the last step at which it is open, found by halving."""
    if not is_open(()):
        return False
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_open(line[:middle]) else (low, middle - 1)
    return not is_open((*line[:low], one))


def _in_order(held: Iterable[Held]) -> list[Held]:
    return sorted(held, key=lambda one: (one.name, one.holder, one.pk))
