"""Reading what the policy was asked in a period, in portions by key: memory stays the same for ten and for a million.

First the runs that were kept, in the order of time; then registrations that were submitted before runs were kept, in the
order of their ids, reconstructed (older.py). Of runs that were kept before it was kept what was left empty, that alone is
(filled.py).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from policies.facts import Facts
from policies.outcome import Landing
from registrations.enums import Occasion
from registrations.models import PolicyRun
from registrations.simulation import older
from registrations.simulation.case import Case, Cursor
from registrations.simulation.filled import filled_up

_FIELDS = ("id", "registration_id", "occasion", "at", "policy_id", "landing", "only_refusals", "facts")


def count(since: datetime, until: datetime) -> int:
    """How many cases there are from `since` until before `until`."""
    return _kept(since, until).count() + older.submitted(since, until).count()


def next_cases(
    since: datetime, until: datetime, cursor: Cursor, size: int
) -> tuple[list[Case], Cursor | None]:
    """The next `size` cases after `cursor` at most, and where to go on; None after the last."""
    if not cursor.kept:
        found = list(older.submitted(since, until).filter(pk__gt=cursor.id).order_by("pk")[:size])
        following = Cursor(kept=False, id=found[-1].pk) if len(found) == size else None
        return older.reconstructed(found), following
    rows = rows_after(since, until, cursor, size)
    if len(rows) < size:
        return _cases(rows), Cursor(kept=False)
    return _cases(rows), Cursor(at=rows[-1][3], id=rows[-1][0])


def rows_after(since: datetime, until: datetime, cursor: Cursor, size: int) -> list[tuple[Any, ...]]:
    """The columns of the next `size` kept runs after `cursor`, in the order of time."""
    return list(_after(_kept(since, until), cursor).order_by("at", "id").values_list(*_FIELDS)[:size])


def _kept(since: datetime, until: datetime) -> QuerySet[PolicyRun]:
    return PolicyRun.objects.filter(at__gte=since, at__lt=until)


def _after(rows: QuerySet[PolicyRun], cursor: Cursor) -> QuerySet[PolicyRun]:
    if cursor.at is None:
        return rows
    # The first half alone would do; the second lets the index begin where the last portion ended.
    return rows.filter(Q(at__gt=cursor.at) | Q(at=cursor.at, id__gt=cursor.id), at__gte=cursor.at)


def _cases(rows: Iterable[tuple[Any, ...]]) -> list[Case]:
    return filled_up(
        [
            Case(
                registration=registration,
                occasion=Occasion(occasion),
                at=at,
                policy=policy,
                landing=Landing(landing),
                facts=_facts(facts),
                run=run,
                only_refusals=only_refusals,
                reconstructed=_is_older(occasion, facts),
            )
            for run, registration, occasion, at, policy, landing, only_refusals, facts in rows
        ]
    )


def _is_older(occasion: str, kept: Any) -> bool:
    """Whether it was submitted before what was left empty was kept."""
    return occasion == Occasion.SUBMISSION and isinstance(kept, dict) and "left_empty" not in kept


def _facts(kept: dict[str, Any]) -> Facts | None:
    """None for what can't be read: one such row must not stop the others."""
    try:
        return Facts.from_json(kept)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return None
