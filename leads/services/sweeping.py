"""Deadlines (R15): reminds firms that have not answered, pulls back what they let pass, and offers it on; clears the pool of
what a firm has come to hold, tells firms what is new there, and keepers what nobody can claim or does claim. A sweep: safe to
run never, once or a hundred times, by two workers at once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from core.clock import Clock, database_clock, fixed
from core.errors import DomainError, ScopeTaken
from leads.enums import GiftEnd, LeadAction, Way
from leads.models import Gift, Lead
from leads.services import notices, timeline
from leads.services.deadlines import answer_by, is_near
from leads.services.ending import end_gift
from leads.services.giving import offer_on
from leads.services.held import perhaps_held, refuse_held, take_out
from leads.services.idle import tell_idle
from leads.services.in_time import closes_at, is_over
from leads.services.late_mail import is_to_put_off, perhaps_late, put_off
from leads.services.pool_news import tell_pool_news
from leads.services.reach import forget_within_reach, newly_out_of_reach, tell_out_of_reach
from leads.services.transitions import move, opened
from notifications.enums import MessageStatus
from notifications.holding import by_calendar, wait_for_day
from notifications.models import Message
from partners.enums import PartnerStatus

log = logging.getLogger(__name__)

# No deadline that is nearer than one business day lies further ahead than this, whatever the holidays.
_HORIZON = timedelta(days=14)


@dataclass
class LeadSweep:
    """What a sweep did: codes of leads by what became of them. The mail about `told_others` was given up, and went to others of
    the firm, with the days anew. `put_off` were told late, or still wait for the mail server, so their days count from then;
    `waiting` are overdue, but no mail about them has left; `taken_out`
    left the pool, since a firm has their company. Of those that nobody can claim any more (`out_of_reach`), and those that
    nobody does claim (`idle`), their keepers were told; of the `announced`, new in the pool, the firms that can claim them."""

    reminded: list[str] = field(default_factory=list)
    told_others: list[str] = field(default_factory=list)
    put_off: list[str] = field(default_factory=list)
    pulled_back: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    taken_out: list[str] = field(default_factory=list)
    out_of_reach: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def sweep_leads(*, clock: Clock = database_clock, dry_run: bool = False) -> LeadSweep:
    """Reminds and pulls back what is due at the clock's now. What fails is logged, and the others go on."""
    now = clock()
    sweep = LeadSweep()
    rows = Gift.objects.select_related("lead", "partner")
    given_up = Message.objects.filter(event__in=notices.TELLING, status=MessageStatus.FAILED)
    for gift in rows.open().exclude(way=Way.POOL).filter(lead__code__in=given_up.values("about")):
        if notices.is_undeliverable(gift):
            _try(sweep, sweep.told_others, gift, now, dry_run, _tell_others)
    for gift in perhaps_late(now).select_related("lead", "partner").order_by("id"):
        if is_to_put_off(gift, now):
            _try(sweep, sweep.put_off, gift, now, dry_run, put_off)
    for gift in rows.due_for_reminder(now, now + _HORIZON).order_by("answer_by", "id"):
        if is_near(gift.answer_by, gift.partner, now) and closes_at(gift) is not None:
            _try(sweep, sweep.reminded, gift, now, dry_run, _remind)
    for gift in rows.to_pull_back(now).order_by("answer_by", "id"):
        if gift.partner.is_active and not is_over(gift, now):
            sweep.waiting.append(gift.lead.code)
        else:
            _try(sweep, sweep.pulled_back, gift, now, dry_run, pull_back)
    for lead in perhaps_held().select_related("company").order_by("pk"):
        _clear(sweep, lead, now, dry_run)
    if not dry_run:
        forget_within_reach(at=now)
    for lead in newly_out_of_reach(at=now, but=sweep.taken_out):
        _tell(sweep, lead, now, dry_run)
    _tell_many(sweep.idle, tell_idle, now, dry_run)
    _tell_many(sweep.announced, tell_pool_news, now, dry_run)
    return sweep


def _tell_many(done: list[str], tell: Callable[..., list[str]], now: datetime, dry_run: bool) -> None:
    try:
        with by_calendar(now):
            done += tell(clock=fixed(now), dry_run=dry_run)
    except Exception:
        log.exception("%s failed; the others go on", tell.__name__)


def _tell(sweep: LeadSweep, lead: Lead, now: datetime, dry_run: bool) -> None:
    try:
        if dry_run or tell_out_of_reach(lead, clock=fixed(now)):
            sweep.out_of_reach.append(lead.code)
    except Exception:
        log.exception("telling that nobody can claim %s failed; the others go on", lead.code)
        sweep.failed.append(lead.code)


def _clear(sweep: LeadSweep, lead: Lead, now: datetime, dry_run: bool) -> None:
    try:
        refuse_held(lead, None)
    except ScopeTaken:  # looked at again behind the lock
        try:
            with by_calendar(now):
                if dry_run or take_out(lead, clock=fixed(now)):
                    sweep.taken_out.append(lead.code)
        except Exception:
            log.exception("taking %s out of the pool failed; the others go on", lead.code)
            sweep.failed.append(lead.code)


def _try(
    sweep: LeadSweep,
    done: list[str],
    gift: Gift,
    now: datetime,
    dry_run: bool,
    act: Callable[[Gift, datetime], bool],
) -> None:
    try:
        with by_calendar(now, last=gift.answer_by):  # once that is over, any morning will do
            if dry_run or act(gift, now):
                done.append(gift.lead.code)
    except DomainError as reason:
        log.info("%s: nothing to do any more: %s", gift.lead.code, reason)
    except Exception:
        log.exception("the deadline of %s failed; the others go on", gift.lead.code)
        sweep.failed.append(gift.lead.code)


def _tell_others(gift: Gift, now: datetime) -> bool:
    """Others of the firm get the lead's mail, with the days anew. Where there is nobody else the manager hears of it, and
    the deadline holds."""
    with transaction.atomic():
        locked, held = opened(gift.lead, LeadAction.PULL_BACK, by=None)
        if held is None or held.pk != gift.pk or not notices.is_undeliverable(held):
            return False
        others = notices.others_there(held)
        if not others:
            notices.undelivered(held, at=now)
            return False
        held.answer_by = answer_by(held.partner, now + wait_for_day(held.partner.time_zone))
        held.reminded_at = None
        held.save(update_fields=["answer_by", "reminded_at"])
        told = {"answer_by": held.answer_by.isoformat()}
        timeline.record(locked, "told_others", actor=None, at=now, partner=held.partner, data=told)
        notices.given_to_others(held, others, at=now)
    return True


def _remind(gift: Gift, now: datetime) -> bool:
    """Reminds once: the guarded update decides between two workers."""
    with transaction.atomic():
        locked, held = opened(gift.lead, LeadAction.PULL_BACK, by=None)
        if held is None or held.pk != gift.pk or held.reminded_at is not None:
            return False
        held.reminded_at = now
        held.save(update_fields=["reminded_at"])
        timeline.record(locked, "deadline_near", actor=None, at=now, partner=held.partner)
        notices.deadline_near(held, at=now)
    return True


def pull_back(gift: Gift, now: datetime) -> bool:
    """Pulls back under the locks, if the deadline has passed or the firm is not active any more: an answer may have come
    first. The lead goes on as it says. A firm that lost it with days left to answer may get it again, once it is back."""
    with transaction.atomic():
        locked, held = opened(gift.lead, LeadAction.PULL_BACK, by=None)
        if held is None or held.pk != gift.pk:
            return False
        late = is_over(held, now)
        if not late and held.partner.is_active:
            return False
        end_gift(held, GiftEnd.PULLED_BACK if late else GiftEnd.TAKEN_BACK, by=None, at=now)
        move(locked, LeadAction.PULL_BACK, by=None, at=now, partner=held.partner, data={"late": late})
        if held.partner.status != PartnerStatus.ENDED:  # then one mail tells all that ended
            notices.pulled_back(held, at=now)
        offer_on(locked, held, at=now)
    return True
