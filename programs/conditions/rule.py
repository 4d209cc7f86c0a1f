"""What a kind of condition is: its words, and whether firms meet it. One kind a file beside this one."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from programs.models import Condition, Enrolment


@dataclass(frozen=True)
class Standing:
    """Where a firm stands with one condition: how much it has of what is wanted. `note` is for partners: '1 of 2 people'."""

    value: Decimal
    wanted: Decimal
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether there is enough."""
        return self.value >= self.wanted


Key = tuple[int, int]  # ids of condition and enrolment
Choices = list[tuple[str, str]]


def _none(targets: Collection[str]) -> set[str]:
    return set()


@dataclass(frozen=True)
class Rule:
    """One kind. `choices()` are the targets to choose from (None: the target is free text); `counts` says in the form
    what the number is, '' where there is none. `words(condition, name)` is the condition as partners read it, `name`
    the chosen target's. `judge` answers for all conditions and enrolments of a page or a sweep at once, each
    condition's stage and enrolments being of one program or of many, in a constant number of queries (for figures: a
    constant number for each figure)."""

    kind: str
    label: str
    choices: Callable[[], Choices] | None
    counts: str
    words: Callable[[Condition, str], str]
    judge: Callable[[Sequence[Condition], Sequence[Enrolment], datetime], dict[Key, Standing]]
    # Of these targets those that nobody can come to any more: taken out of use, ended, unknown.
    closed: Callable[[Collection[str]], set[str]] = _none


def people(number: Decimal) -> str:
    """'1 person', '3 people'."""
    return "1 person" if number == 1 else f"{number:,.0f} people"


def wanted_of(condition: Condition) -> Decimal:
    """The condition's number; 1 where none was given."""
    return condition.threshold or Decimal(1)
