"""Telling each firm that a right ahead will keep out, and that has not heard of it.

Whoever was spared when the right was given, whatever for (a right of its own, another one that was announced to it, no licence,
a rest), may be kept out by now. Asked at once where a deed may be the cause, else by a sweep: safe to run any number of times.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from core.clock import Clock, database_clock
from notifications.holding import by_calendar
from policies.binding import Right, runs
from policies.concerned import firms_there
from policies.firms import selling_firms
from policies.loading import right_of
from policies.models import ExclusiveRight
from policies.reach import keeps_out, lasts, spares, within
from policies.services.readers import readers_of, told_by_number
from policies.services.right_notices import ANNOUNCED, ENDS, announce


def tell_who_is_kept_out_since(*, clock: Clock = database_clock) -> None:
    """The sweep: as a firm has gained the licence that it lacked, or is active again."""
    now = clock()
    with transaction.atomic(), by_calendar(now):
        tell_who_has_not_heard(now)


def tell_who_has_not_heard(at: datetime) -> None:
    """Announces each right ahead to the firms concerned that have not heard of it, nor of another one that keeps them out of all
    that as strictly all the time."""
    rows = ExclusiveRight.objects.select_related("partner", "product_line", "territory", "industry")
    ahead = {row.pk: row for row in rows.scheduled(at).filter(created_at__lte=at)}
    if not ahead:
        return
    left = Q(ends_at=None) | Q(ends_at__gt=at)
    known = _Known(rows.filter(left, Q(withdrawn_at=None) | Q(begins_at__gt=at)), at)
    readers = readers_of(list(selling_firms().values_list("pk", flat=True)))
    unread = {firm for firm, people in readers.items() if not people}  # nobody there to be told, yet
    for row in _widest_first(list(ahead.values())):
        heard = unread | known.told[row.pk] | {row.partner_id}
        if readers.keys() <= heard:
            continue
        told = right_of(row)
        fresh = [
            firm
            for firm in firms_there(told, at, but=heard)
            if keeps_out(told, firm.pk, known.standing, told.from_at)
            and not spares(told, firm.pk, known.to(firm.pk))
        ]
        if fresh:
            announce(row, fresh, at)
        known.told[row.pk] |= {firm.pk for firm in fresh}


class _Known:
    """What firms know of the rights of `rows`, which run, are ahead, or were taken back."""

    def __init__(self, rows: Iterable[ExclusiveRight], at: datetime) -> None:
        self._rows = [(row, right_of(row)) for row in rows]
        self.standing = [right for row, right in self._rows if row.withdrawn_at is None]
        # What runs is read on the page of each firm that it keeps out.
        self._running = {row.pk for row, right in self._rows if runs(right, at) and row.withdrawn_at is None}
        self._ended = {row.pk for row, _ in self._rows if row.end_set_at is not None}
        others = {row.pk for row, _ in self._rows} - self._running
        self.told = told_by_number(ANNOUNCED, others)
        self._told_end = told_by_number(ENDS, self._ended)

    def to(self, firm: int) -> list[Right]:
        """Its own, and those of others as long as it was told: an end of which it was told nothing, as another right kept it out
        all the same, has not come for it."""
        found = []
        for row, right in self._rows:
            if right.partner == firm:
                found += [right] if row.withdrawn_at is None else []
            elif row.pk in self._running or firm in self.told[row.pk]:
                if row.pk in self._ended and firm not in self._told_end[row.pk]:
                    # The day that was said is written still where it was taken back.
                    found.append(right if row.withdrawn_at is not None else replace(right, until=None))
                elif row.withdrawn_at is None:
                    found.append(right)
        return found


def _widest_first(rows: Sequence[ExclusiveRight]) -> list[ExclusiveRight]:
    """What lies within another one, and ends no later, after that: it may be no news any more."""
    rights = [right_of(row) for row in rows]

    def holds(outer: Right) -> int:
        return sum(within(inner, outer) and lasts(inner, outer) for inner in rights)

    return sorted(rows, key=lambda row: (-holds(right_of(row)), row.pk))
