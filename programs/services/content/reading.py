"""Receipts: who opened which version, and who acknowledged an announcement. Only partners' people leave receipts."""

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import NotAllowed, WrongStatus
from programs.enums import ContentKind
from programs.models import ContentItem, ContentReading


def note_opened(item: ContentItem, *, by: User, clock: Clock = database_clock) -> bool:
    """Notes that `by` opened the current version; the first time counts. False for the vendor's staff, whose look is no
    receipt."""
    if not by.may("content.read") or item.current_id is None:
        return False
    reading = ContentReading(version_id=item.current_id, user=by, opened_at=clock())
    ContentReading.objects.bulk_create([reading], ignore_conflicts=True)
    return True


def acknowledge(item: ContentItem, *, by: User, number: int, clock: Clock = database_clock) -> ContentReading:
    """Notes that `by` has read an announcement and says so; a second time changes nothing. Raises NotAllowed for the
    vendor's staff, WrongStatus when a newer version than `number` is there: it was not the one that was read."""
    if not by.may("content.read"):
        raise NotAllowed("Announcements are acknowledged by partners.")
    current = item.current
    if item.kind != ContentKind.ANNOUNCEMENT or current is None:
        raise WrongStatus("There is nothing to acknowledge here.")
    if current.number != number:
        raise WrongStatus("The announcement has changed since you opened it. Read it once more.")
    with transaction.atomic():
        note_opened(item, by=by, clock=clock)
        readings = ContentReading.objects.filter(version=current, user=by)
        readings.filter(acknowledged_at=None).update(acknowledged_at=clock())
        return readings.get()
