"""Mail about content: to the audience when something is published, and once to who has not acknowledged.

Both are sweeps: the database says who is still to be told, so they may run never, once or by two at a time. A large audience
is told in portions, each in a transaction of its own.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from accounts.models import User
from core.clock import Clock, database_clock
from core.mornings import sending_time, zone_of
from core.vendor_days import midnight, vendor_day
from notifications.services import notify
from programs.content_audience import people_for
from programs.enums import ContentKind
from programs.models import ContentItem, ContentReading, ContentVersion
from programs.services.content.arriving import write_down

REMIND_DAYS = 3
_PORTION = 200


def tell_audiences(*, clock: Clock = database_clock, most: int = 5000) -> int:
    """Mails and notices about what was published and not told yet, to at most `most` people; returns how many."""
    told = 0
    while told < most:
        number = _tell_portion(clock)
        if number is None:
            break
        told += number
    return told


def _tell_portion(clock: Clock) -> int | None:
    """The next portion of the oldest version to tell; None when everything is told. A version that a newer one replaced is
    told to nobody any more; one whose item was withdrawn waits, since it may be put back."""
    with transaction.atomic():
        waiting = ContentVersion.objects.filter(told_at=None, published_at__isnull=False)
        waiting = waiting.filter(item__withdrawn_at=None)
        version = (
            waiting.select_for_update(skip_locked=True, of=("self",)).order_by("published_at", "pk").first()
        )
        if version is None:
            return None
        item, now = ContentItem.objects.get(pk=version.item_id), clock()
        people: list[User] = []
        is_current = item.current_id == version.pk and item.withdrawn_at is None
        if is_current:
            people = list(people_for(item, now).filter(pk__gt=version.told_up_to)[:_PORTION])
        for person in people:
            tell(version, item, person, "published", now=now, clock=clock)
        if len(people) < _PORTION:
            version.told_at = now
            if is_current:
                write_down(item, at=now, told=True)
        else:
            version.told_up_to = people[-1].pk
        version.save(update_fields=["told_at", "told_up_to"])
        return len(people)


def remind(*, clock: Clock = database_clock) -> int:
    """Reminds everybody who has not acknowledged an announcement that is due within REMIND_DAYS, once a version; returns
    how many people. One that was published within that time is not reminded of."""
    now, told = clock(), 0
    for version_id in due_for_reminder(now).values_list("pk", flat=True):
        told += _remind_of(version_id, now, clock)
    return told


def due_for_reminder(now: datetime) -> QuerySet[ContentVersion]:
    """Announcements that readers see, told of, due soon and not reminded of."""
    soon = vendor_day(now) + timedelta(days=REMIND_DAYS)
    return ContentVersion.objects.filter(
        item__current_id=F("pk"),
        item__withdrawn_at=None,
        reminded_at=None,
        told_at__isnull=False,
        published_at__lt=now - timedelta(days=1),
        due_on__range=(vendor_day(now), soon),
    ).order_by("pk")


def _remind_of(version_id: int, now: datetime, clock: Clock) -> int:
    with transaction.atomic():
        version = due_for_reminder(now).select_for_update(of=("self",)).filter(pk=version_id).first()
        if version is None:
            return 0
        people = unacknowledged(version.item, version, now)
        for person in people:
            tell(version, version.item, person, "reminder", now=now, clock=clock)
        version.reminded_at = now
        version.save(update_fields=["reminded_at"])
        return len(people)


def unacknowledged(item: ContentItem, version: ContentVersion, now: datetime) -> list[User]:
    """Who of the audience has not acknowledged this version."""
    done = ContentReading.objects.filter(version=version, acknowledged_at__isnull=False).values("user_id")
    return list(people_for(item, now).exclude(pk__in=done))


def tell(
    version: ContentVersion, item: ContentItem, person: User, event: str, *, now: datetime, clock: Clock
) -> None:
    """One mail and notice, in the reader's day, once for this version and event."""
    asks = item.kind == ContentKind.ANNOUNCEMENT
    piece: dict[str, Any] = {
        "kind": item.get_kind_display(),
        "is_new": version.number == 1,
        "title": version.title,
        "summary": version.summary,
        "changes": version.changes,
        "due_on": version.due_on,
    }
    zone = zone_of(person.time_zone)
    notify(
        event=f"content.{'announced' if asks and event == 'published' else event}",
        recipient=person,
        context={"piece": piece},
        occasion=f"content.{event}:{item.code}:{version.number}",
        link=reverse("programs:content", args=[item.code]),
        about=item.code,
        not_before=sending_time(now, zone, last=_end_of(version.due_on)),
        clock=clock,
    )


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else midnight(day) + timedelta(hours=23)
