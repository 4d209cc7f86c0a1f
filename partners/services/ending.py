"""What a firm worked on ends with the partnership: a first batch with the change of status itself, the rest in the background,
a transaction a batch, until nothing is left. Then each person concerned gets one mail with the list of what ended.

How far it is, is a question to the database (partners/consequences.py), so it may be broken off anywhere and goes on.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from notifications.announcing import wake_on_commit
from partners import consequences
from partners.consequences import Consequence, Ended
from partners.enums import PartnerStatus, StandingChange
from partners.models import FirmEntry, Partner
from partners.services import notices
from partners.services.history import record
from partners.services.locking import lock_firm

BATCH = 100  # records a transaction: seconds, not minutes, with their companies locked
SWEEP = "partners.sweep_firms"
CONCLUDED = "ended_records"
_BATCHES = 40  # of one sweep, all firms together
log = logging.getLogger(__name__)


def being_ended(partner: Partner) -> list[Consequence]:
    """What of an ended firm still goes on and ends next; nothing for other firms."""
    if partner.status != PartnerStatus.ENDED:
        return []
    return consequences.left_to_do(partner, StandingChange.END)


def left_of(partner: Partner) -> int:
    """How many records of an ended firm are still to end."""
    return sum(row.count for row in being_ended(partner))


def begin(partner: Partner, entry: FirmEntry) -> None:
    """After the first batch, in its transaction: wakes the sweep where something is left, else tells what ended."""
    if entry.data.get("left"):
        wake_on_commit(SWEEP)
    else:
        _tell(partner, entry, consequences.ended_since(partner, entry.at))


def finish_ended(*, since: datetime, clock: Clock = database_clock) -> list[str]:
    """A sweep: ends what is left of firms that ended after `since`, and what came to life for one while its partnership
    was being ended (a registration submitted in that very moment). Returns the codes of firms that it ended something of."""
    ended = Partner.objects.filter(
        status=PartnerStatus.ENDED, history__kind=StandingChange.END, history__at__gte=since
    ).distinct()
    finished, batches = [], _BATCHES
    for partner in ended.order_by("pk"):
        try:
            used = _finish(partner, clock, batches)
        except Exception:
            log.exception("what %s worked on could not be ended; the others go on", partner.code)
            continue
        batches -= used
        if used:
            finished.append(partner.code)
        if not batches:
            break
    return finished


def _finish(partner: Partner, clock: Clock, most: int) -> int:
    """Batch after batch until nothing is left; returns how many there were."""
    used = 0
    while used < most and being_ended(partner):
        with transaction.atomic():
            locked = lock_firm(partner.pk)
            if locked.status != PartnerStatus.ENDED:
                break
            last = locked.history.filter(kind=StandingChange.END).latest("at", "id")
            reason = str(last.data.get("reason", ""))
            done = consequences.carry_out(
                locked, StandingChange.END, by=last.actor, reason=reason, clock=clock, most=BATCH
            )
            if not being_ended(locked):
                conclude(locked, at=clock())
        used += 1
        if not done:
            break
    return used


def conclude(partner: Partner, *, at: datetime) -> None:
    """Writes to the firm's history, and to the people concerned, what ended since that was written last. Nothing where
    all is told. The caller holds the firm's lock."""
    told = partner.history.filter(kind__in=(StandingChange.END, CONCLUDED))
    last = told.order_by("-at", "-id").first()
    if last is None:
        return
    open_window = last.kind == StandingChange.END and last.data.get("left")
    rows = consequences.ended_since(partner, last.at if open_window else last.at + timedelta(microseconds=1))
    if rows:
        counts = {group: len({row for _, row in rows if row.group == group}) for group in _groups(rows)}
        label = ", ".join(f"{group}: {number}" for group, number in counts.items())
        _tell(partner, record(partner, CONCLUDED, actor=None, at=at, data={"label": label}), rows)


def _groups(rows: list[tuple[User, Ended]]) -> list[str]:
    return list(dict.fromkeys(row.group for _, row in rows))


def _tell(partner: Partner, entry: FirmEntry, rows: list[tuple[User, Ended]]) -> None:
    mine: dict[User, list[Ended]] = {}
    for person, row in rows:
        mine.setdefault(person, []).append(row)
    for person, ended in sorted(mine.items(), key=lambda one: one[0].pk):
        notices.records_ended(partner, person, ended, entry)
