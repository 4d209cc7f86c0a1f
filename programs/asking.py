"""Announcements that wait to be acknowledged: the banner on a partner's first screen and the number beside 'Library'."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.urls import reverse

from accounts.models import User
from core import shown
from core.clock import database_clock
from core.vendor_days import vendor_day, vendor_zone
from programs.enums import ContentKind
from programs.models import ContentItem, ContentReach, ContentReading


@dataclass(frozen=True)
class Asked:
    """An announcement as the banner shows it."""

    title: str
    text: str
    url: str


def asked_of(reader: User) -> list[Asked]:
    """What `reader` has not acknowledged, the earliest day first: not what was due before they, or their firm, joined. One
    query where nothing waits."""
    if not reader.may("content.read"):
        return []
    done = ContentReading.objects.filter(
        version=OuterRef("current_id"), user=reader, acknowledged_at__isnull=False
    )
    waiting = ContentItem.objects.published().filter(~Exists(done), kind=ContentKind.ANNOUNCEMENT)
    if not waiting.exists():
        return []
    mine = ContentItem.objects.visible_to(reader).filter(pk__in=waiting.order_by().values("pk"))
    member = getattr(reader, "member", None)
    if member is not None:
        mine = mine.exclude(current__due_on__lt=vendor_day(member.joined_at))
        # Nor what was due before it was for their firm, where that is written down.
        day = TruncDate("since", tzinfo=vendor_zone())
        there = ContentReach.objects.filter(item=OuterRef("pk"), partner=member.partner_id).annotate(day=day)
        in_time = Exists(there.filter(day__lte=OuterRef("current__due_on")))
        today = vendor_day(database_clock())
        mine = mine.filter(
            Q(current__due_on=None) | Q(current__due_on__gte=today) | Q(reach_at=None) | in_time
        )
    return [_asked(item) for item in mine.select_related("current").order_by("current__due_on", "pk")]


def _asked(item: ContentItem) -> Asked:
    version = item.current
    assert version is not None
    by = (
        f"Please acknowledge it by {shown.day(version.due_on)}."
        if version.due_on
        else "Please acknowledge it."
    )
    text = f"{version.summary.rstrip('.')}. {by}" if version.summary else by
    return Asked(version.title, text, reverse("programs:content", args=[item.code]))
