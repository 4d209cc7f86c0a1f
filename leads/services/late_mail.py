"""Mail about a lead that leaves late: the firm has its days all the same, and reads a deadline that holds."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from leads.enums import LeadAction, Way
from leads.models import Gift
from leads.querysets import GiftQuerySet
from leads.services import notices, timeline
from leads.services.deadlines import answer_by
from leads.services.in_time import AT_ONCE, closes_at
from leads.services.transitions import opened
from notifications.enums import MessageStatus
from notifications.holding import wait_for_day
from notifications.models import Message

_A_DAY = timedelta(days=1)


def perhaps_late(now: datetime) -> GiftQuerySet:
    """Those in a firm's hands about which a mail left late, or still waits for the mail server."""
    waits = Q(status=MessageStatus.PENDING, not_before__lte=now - AT_ONCE)
    left = Q(sent_at__gt=F("created_at") + AT_ONCE)
    mails = Message.objects.filter(waits | left, about=OuterRef("lead__code"), event__in=notices.TELLING)
    gifts: GiftQuerySet = Gift.objects.open().filter(Exists(mails)).exclude(way=Way.POOL)
    return gifts


def is_to_put_off(gift: Gift, now: datetime) -> bool:
    """Whether its deadline is not the one that holds, or its mail waits and tells a deadline that is a day too near by now."""
    if not gift.partner.is_active:
        return False
    ends = closes_at(gift)
    if ends is not None:
        return ends != gift.answer_by
    return answer_by(gift.partner, now) >= gift.answer_by + _A_DAY and notices.waits_to_leave(gift, now)


def put_off(gift: Gift, now: datetime) -> bool:
    """Sets the deadline by its mail: where that left late, to the days from then, and the history says so; while it waits for the
    mail server, to the days from now, and the mail is written anew, so that it tells days to come whenever it leaves."""
    with transaction.atomic():
        locked, held = opened(gift.lead, LeadAction.PULL_BACK, by=None)
        if held is None or held.pk != gift.pk or not is_to_put_off(held, now):
            return False
        ends = closes_at(held)
        held.answer_by = ends or answer_by(held.partner, now + wait_for_day(held.partner.time_zone))
        held.reminded_at = None
        held.save(update_fields=["answer_by", "reminded_at"])
        if ends is None:
            notices.given_anew(held, at=now)
        else:
            told = {"answer_by": ends.isoformat()}
            timeline.record(locked, "put_off", actor=None, at=now, partner=held.partner, data=told)
    return True
