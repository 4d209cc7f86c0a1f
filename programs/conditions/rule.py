"""What a kind of condition is: its words, and whether firms meet it. One kind a file beside this one."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
Words = Callable[[Sequence[Condition], Mapping[str, str]], dict[int, str]]


def _none(targets: Collection[str]) -> set[str]:
    return set()


@dataclass(frozen=True)
class Rule:
    """One kind. `choices()` are the targets to choose from (None: the target is free text); `counts` says in the form
    what the number is, '' where there is none. `words(conditions, names)` are the conditions as partners read them, by id;
    `names` are the chosen targets'. `judge` answers for all conditions and enrolments of a page or a sweep at once, for each
    condition the enrolments in its own program, in a constant number of queries (for figures: a constant number for each
    figure). Its conditions should come with their stages."""

    kind: str
    label: str
    choices: Callable[[], Choices] | None
    counts: str
    words: Words
    judge: Callable[[Sequence[Condition], Sequence[Enrolment], datetime], dict[Key, Standing]]
    # Of these targets those that nobody can come to any more: taken out of use, ended, unknown.
    closed: Callable[[Collection[str]], set[str]] = _none


def one_by_one(words: Callable[[Condition, str], str]) -> Words:
    """The words of a kind where each condition is said by itself, with the name of its target."""
    return lambda conditions, names: {one.pk: words(one, named(one, names)) for one in conditions}


def named(condition: Condition, names: Mapping[str, str]) -> str:
    """What the target is called; its code where nobody knows it any more."""
    return names.get(condition.target, condition.target)


def pairs(
    conditions: Sequence[Condition], enrolments: Sequence[Enrolment]
) -> Iterator[tuple[Condition, Enrolment]]:
    """Each condition with the enrolments in its own program."""
    mine: dict[int, list[Enrolment]] = {}
    for enrolment in enrolments:
        mine.setdefault(enrolment.program_id, []).append(enrolment)
    return (
        (condition, enrolment)
        for condition in conditions
        for enrolment in mine.get(condition.stage.program_id, ())
    )


def people(number: Decimal) -> str:
    """'1 person', '3 people'."""
    return "1 person" if number == 1 else f"{number:,.0f} people"


def wanted_of(condition: Condition) -> Decimal:
    """The condition's number; 1 where none was given."""
    return condition.threshold or Decimal(1)
