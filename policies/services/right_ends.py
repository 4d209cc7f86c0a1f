"""Telling of the end that a right was given with: its holder ahead, and on the day those for whom it opens.

An end that was set later is told when it is set (right_notices.ends); on the day those read it for whom it was to open nothing
then and does by now. A sweep: safe to run any number of times.
"""

from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from core.clock import Clock, database_clock
from notifications.holding import by_calendar
from policies.enums import RightNewsKind
from policies.loading import right_of, rights_during
from policies.models import ExclusiveRight, RegistrationPolicy, RightNews
from policies.querysets import ExclusiveRightQuerySet
from policies.reach import held, within
from policies.services import right_notices

# What ended longer ago is no news: the portal was not running, or did not tell of ends yet.
_NEWS_FOR = timedelta(days=14)


def tell_of_right_ends(*, clock: Clock = database_clock) -> int:
    """Tells what is due and has not been told. Returns of how many rights."""
    now = clock()
    with transaction.atomic():
        return _remind(now) + _tell_of_ended(now)


def _remind(now: datetime) -> int:
    """The policy's notice period ahead; not where the right was given later than that, or where another one of the firm's goes
    on."""
    notice = timedelta(days=RegistrationPolicy.objects.in_force(now).right_notice_days)
    due = _untold(RightNewsKind.ENDS).filter(begins_at__lte=now, ends_at__gt=now, ends_at__lte=now + notice)
    found = list(due.filter(end_set_at=None, created_at__lt=F("ends_at") - notice))
    with by_calendar(now):
        for right in found:
            if not _goes_on(right):
                right_notices.ending(right, now)
    _told(found, RightNewsKind.ENDS, now)
    return len(found)


def _goes_on(right: ExclusiveRight) -> bool:
    assert right.ends_at is not None
    following = rights_during(right.ends_at, right.ends_at)
    own = held(right.partner_id, following, right.ends_at)
    return any(within(right_of(right), one) for one in own)


def _tell_of_ended(now: datetime) -> int:
    due = _untold(RightNewsKind.ENDED).filter(ends_at__lte=now, ends_at__gt=now - _NEWS_FOR)
    found = list(due.order_by("ends_at", "pk"))
    with by_calendar(now):
        for _, together in groupby(found, key=lambda right: right.ends_at):
            right_notices.ended(list(together), now)
    _told(found, RightNewsKind.ENDED, now)
    return len(found)


def _untold(kind: RightNewsKind) -> ExclusiveRightQuerySet:
    """Rights of which nothing of the kind was told, locked."""
    told = RightNews.objects.filter(right=OuterRef("pk"), kind=kind)
    rows = ExclusiveRight.objects.standing().filter(~Exists(told))
    loaded = rows.select_related("partner", "product_line", "territory", "industry")
    return loaded.select_for_update(of=("self",), skip_locked=True)


def _told(rights: list[ExclusiveRight], kind: RightNewsKind, now: datetime) -> None:
    RightNews.objects.bulk_create([RightNews(right=right, kind=kind, told_at=now) for right in rights])
