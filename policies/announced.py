"""What is announced beside the policy and does not bind yet: rights, their ends, what product lines will require."""

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from policies.certificates import names_of
from policies.models import ExclusiveRight, ProductAuthorisation
from policies.planned import Change, Kind, change_of_requirement, change_of_right
from policies.reach import exclude
from policies.shown import day_words


def announced(now: datetime) -> dict[str, tuple[Change, str]]:
    """Each as a change that can be tried, with the words of its day, by a key that names its record; by day. Six queries."""
    rights = ExclusiveRight.objects.select_related("partner", "product_line", "territory", "industry")
    coming = [(row, row.begins_at, False) for row in rights.scheduled(now)]
    going = [(row, row.ends_at, True) for row in rights.in_force(now) if row.ends_at is not None]
    found = [
        (day, change_of_right(row, ended=ended)) for row, day, ended in [*coming, *going] if day is not None
    ]
    scheduled = ProductAuthorisation.objects.scheduled(now).select_related("product_line")
    asked = list(scheduled.prefetch_related("territories", "groups"))
    names = names_of({code for row in asked for code in row.certificates})
    found += [(row.effective_from, change_of_requirement(row, names=names)) for row in asked]
    found.sort(key=lambda one: (one[0], key_of(one[1])))
    return {key_of(change): (change, f"{change.title}, from {day_words(day)}") for day, change in found}


def key_of(change: Change) -> str:
    """What names the record of a change that has one: 'right:X-7KQ2MX', 'end:X-7KQ2MX', 'authorisation:4'."""
    if change.asked is not None:
        return change.asked.code
    assert change.right is not None
    return f"{change.kind}:{change.right.code.partition(':')[2]}"


def excluding(changes: Sequence[Change]) -> tuple[Change, Change] | None:
    """Two of `changes` that could not bind at one time: rights that exclude one another, or two requirements of one line. None
    where all can."""
    return next((pair for pair in combinations(changes, 2) if _exclude(*pair)), None)


def _exclude(one: Change, other: Change) -> bool:
    if one.asked is not None and other.asked is not None:
        return one.asked.product_line == other.asked.product_line
    if one.right is None or other.right is None or Kind.END in (one.kind, other.kind):
        return False
    return exclude(one.right, other.right)
