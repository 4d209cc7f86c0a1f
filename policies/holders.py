"""Who had a distribution right when: a merge of two partner records moves it from one to the other, and may be undone."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from partners.models import MergedRow
from policies.binding import Right

_RELATION = "policies.ExclusiveRight.partner"


def as_held(rights: Mapping[int, Right], since: datetime) -> tuple[Right, ...]:
    """`rights`, by the ids of their rows, each as often as it went over to another record after `since`, with whoever had it
    in between: a deal of then is judged by the holder of then. One query."""
    moved = MergedRow.objects.filter(relation=_RELATION, row__in=rights, merge__at__gt=since)
    changes = defaultdict(list)
    for row, at, gone, survivor, undone_at in moved.values_list(
        "row", "merge__at", "merge__gone", "merge__survivor", "merge__undone_at"
    ):
        changes[row].append((at, gone))
        if undone_at is not None:
            changes[row].append((undone_at, survivor))
    return tuple(part for row, right in rights.items() for part in _parts(right, sorted(changes[row])))


def _parts(right: Right, changes: list[tuple[datetime, int]]) -> list[Right]:
    """The right cut at each change, a moment and who had it until then. The last part is whose it is now."""
    parts, begins = [], right.from_at
    for at, holder in changes:
        if begins < at and (right.until is None or at < right.until):
            parts.append(replace(right, partner=holder, from_at=begins, until=at))
            begins = at
    return [*parts, replace(right, from_at=begins)]
