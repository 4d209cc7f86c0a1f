"""A firm that joins a group or program later finds what is in the library already: its people get one digest.

Whom an item is for is written down when it was told to its audience, and each night anew; what is new since then is told, at
most one mail a person and day. Items for all partners are not: they were there from the first day. Announcements are, since
they ask to be acknowledged.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core.clock import Clock, database_clock
from core.mornings import sending_time, zone_of
from core.vendor_days import vendor_day
from notifications.services import notify
from partners.models import Partner
from programs.content_audience import firms_for
from programs.enums import ContentKind
from programs.models import ContentItem, ContentReach, ContentReading

_FOLLOWED = Q(for_all=False) | Q(kind=ContentKind.ANNOUNCEMENT)
_LISTED = 20
log = logging.getLogger(__name__)


def write_down(item: ContentItem, *, at: datetime, told: bool = False) -> int:
    """Keeps which firms an item is for now, and forgets those that it is not for any more. With `told` its people know of
    it; the first time counts as told, too. Returns how many firms are new and to be told."""
    if item.for_all and item.kind != ContentKind.ANNOUNCEMENT:  # as _FOLLOWED has it
        ContentReach.objects.filter(item=item).delete()
        return 0
    known = ContentReach.objects.filter(item=item)
    firms = firms_for(item, at).order_by()
    told_at = at if told or item.reach_at is None else None
    with transaction.atomic():
        known.exclude(partner__in=firms.values("pk")).delete()
        fresh = [
            ContentReach(item=item, partner_id=pk, since=at, told_at=told_at)
            for pk in firms.exclude(pk__in=known.values("partner")).values_list("pk", flat=True)
        ]
        ContentReach.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)
        if told:
            known.filter(told_at=None).update(told_at=at)
        if item.reach_at is None:
            ContentItem.objects.filter(pk=item.pk).update(reach_at=at)
    return 0 if told_at else len(fresh)


def find_arrivals(*, clock: Clock = database_clock) -> int:
    """Writes down whom each item is for that readers see; returns how many firms found something new. A constant number of
    queries an item, however many firms."""
    now, found = clock(), 0
    items = ContentItem.objects.published().filter(_FOLLOWED, current__told_at__isnull=False)
    for item in items.order_by("pk"):
        try:
            found += write_down(item, at=now)
        except Exception:
            log.exception("whom %s is for could not be written down; the others go on", item.code)
    return found


def tell_arrivals(*, clock: Clock = database_clock) -> int:
    """The digest to the people of each firm that found something new; returns how many people got one. A firm is one
    transaction, and of two workers one takes it."""
    told = 0
    waiting = ContentReach.objects.filter(told_at=None).order_by("partner").values_list("partner", flat=True)
    for partner_id in list(waiting.distinct()):
        try:
            with transaction.atomic():
                told += _tell_firm(partner_id, clock())
        except Exception:
            log.exception("the people of firm %s could not be told; the others go on", partner_id)
    return told


def _tell_firm(partner_id: int, now: datetime) -> int:
    partner = Partner.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=partner_id).first()
    if partner is None:
        return 0
    rows = ContentReach.objects.filter(partner=partner, told_at=None)
    items = list(rows.values_list("item", flat=True))
    people = User.objects.filter(
        is_active=True, member__partner=partner, role__permissions__contains=["content.read"]
    )
    told = sum(_tell(person, items, now) for person in people.order_by("pk")) if items else 0
    rows.filter(item__in=items).update(told_at=now)
    return told


def _tell(person: User, item_ids: list[int], now: datetime) -> bool:
    """Names what of these is for `person` and new to them; False where nothing is."""
    read = ContentReading.objects.filter(user=person).values("version")
    mine = (
        ContentItem.objects.visible_to(person)
        .filter(pk__in=item_ids)
        .exclude(current__in=read)
        # Due before it was theirs.
        .exclude(kind=ContentKind.ANNOUNCEMENT, current__due_on__lt=vendor_day(now))
        .select_related("current")
        .order_by("current__due_on", "pk")
    )
    found = list(mine)
    if not found:
        return False
    notify(
        event="content.now_yours",
        recipient=person,
        context=_words(found),
        occasion=f"content.now_yours:{vendor_day(now)}",
        link=reverse("programs:library"),
        not_before=sending_time(now, zone_of(person.time_zone)),
        clock=lambda: now,
    )
    return True


def _words(items: list[ContentItem]) -> dict[str, Any]:
    pieces = [
        {
            "title": item.current.title,
            "kind": item.get_kind_display(),
            "asks": item.kind == ContentKind.ANNOUNCEMENT,
            "due_on": item.current.due_on,
        }
        for item in items
        if item.current
    ]
    asked = [piece for piece in pieces if piece["asks"]]
    others = [piece for piece in pieces if not piece["asks"]]
    return {
        "number": len(pieces),
        "first": pieces[0]["title"],
        "to_acknowledge": asked[:_LISTED],
        "pieces": others[:_LISTED],
        "more": max(len(asked) - _LISTED, 0) + max(len(others) - _LISTED, 0),
    }
