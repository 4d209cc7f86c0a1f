"""Moves between tiers: a person approves or declines what the portal proposed; a move down waits out its notice."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from core.vendor_days import vendor_day
from partners.enums import PartnerTier
from partners.models import Partner
from partners.services.history import record
from programs.enums import MoveStatus, TakenBack
from programs.measures import measure_of
from programs.models import EnteredFigure, Move
from programs.permissions import DECIDE_TIERS
from programs.services.tiers import notices
from programs.services.tiers.deciders import decider_of, may_decide
from programs.services.tiers.standing import Standing, standings_of

REMIND_DAYS = 7


def approve(move: Move, *, by: User, reason: str = "", clock: Clock = database_clock) -> Move:
    """Approves a proposal. Up: at once. Down: notice is given, and the firm moves settings.TIER_NOTICE_DAYS later. Raises
    NotAllowed, WrongStatus, StaleVersion where the firm's tier or what its figures say changed since; BadInput for a move
    down without a reason, which the firm reads."""
    _check(by)
    now = clock()
    with transaction.atomic():
        partner, locked = _locked(move)
        _check_decider(partner, by, now)
        _check_open(locked)
        if not partner.is_active:
            raise WrongStatus(
                f"{partner.name} is “{partner.get_status_display().lower()}” now, and only active partners move."
                " Nothing was decided."
            )
        if partner.tier != locked.source:
            raise StaleVersion(
                f"{partner.name} is {partner.get_tier_display()} now, so this move no longer fits."
            )
        due = standings_of([partner], now)[partner.pk].due
        if due != locked.target:
            raise StaleVersion(
                f"The figures of {partner.name} changed since this was proposed: they say"
                f" {PartnerTier(due).label} now. Nothing was decided; the next night's figures propose anew."
            )
        if not locked.is_up and not reason.strip():
            raise BadInput("Say why: the firm reads it.", field="reason")
        locked.decided_by, locked.decided_at, locked.reason = by, now, reason.strip()
        fields = ["decided_by", "decided_at", "reason", "status"]
        if locked.is_up:
            locked.save(update_fields=fields[:3])
            _write(partner, locked, by=by, at=now)
            notices.moved(locked)
        else:
            locked.status = MoveStatus.NOTICED
            locked.due_on = vendor_day(now) + timedelta(days=settings.TIER_NOTICE_DAYS)
            locked.save(update_fields=[*fields, "due_on"])
            notices.notice_given(locked)
    return locked


def decline(move: Move, *, by: User, reason: str, clock: Clock = database_clock) -> Move:
    """The firm keeps its tier; the same move is not proposed again until the figures have said something else. Raises
    NotAllowed, WrongStatus, BadInput without a reason."""
    _check(by)
    if not reason.strip():
        raise BadInput("Say why the firm keeps its tier.", field="reason")
    now = clock()
    with transaction.atomic():
        partner, locked = _locked(move)
        _check_decider(partner, by, now)
        _check_open(locked)
        locked.status, locked.reason = MoveStatus.DECLINED, reason.strip()
        locked.decided_by, locked.decided_at, locked.ended_at = by, now, now
        locked.save(update_fields=["status", "reason", "decided_by", "decided_at", "ended_at"])
    return locked


def carry_out(move: Move, *, clock: Clock = database_clock) -> bool:
    """Moves a firm down whose notice has run out, once; False if there is nothing to do any more."""
    now = clock()
    with transaction.atomic():
        partner, locked = _locked(move)
        if locked.status != MoveStatus.NOTICED or locked.due_on is None or locked.due_on > vendor_day(now):
            return False
        _write(partner, locked, by=None, at=now)
        notices.moved(locked)
    return True


def lead_less_far(move: Move, *, target: str) -> None:
    """A notice whose figures recovered in part: when its day comes, the firm moves to the tier that they reach now."""
    with transaction.atomic():
        _, locked = _locked(move)
        if locked.status == MoveStatus.NOTICED:
            locked.target = move.target = target
            locked.save(update_fields=["target"])


def take_back(move: Move, *, why: TakenBack, clock: Clock = database_clock) -> bool:
    """The portal takes a proposal or a notice back; a firm that was given notice is told why, but for one whose partnership
    has ended: that was told then. False if it is over already."""
    now = clock()
    with transaction.atomic():
        _, locked = _locked(move)
        if locked.status not in (MoveStatus.PROPOSED, MoveStatus.NOTICED):
            return False
        noticed = locked.status == MoveStatus.NOTICED
        locked.status, locked.ended_at, locked.taken_back_for = MoveStatus.TAKEN_BACK, now, why
        locked.save(update_fields=["status", "ended_at", "taken_back_for"])
        if noticed and why != TakenBack.ENDED:
            notices.taken_back(locked)
    return True


def remind(move: Move, standing: Standing, *, clock: Clock = database_clock) -> bool:
    """Reminds the firm once, REMIND_DAYS before it moves down, of what is missing. False if it is not time or was done."""
    now = clock()
    if move.due_on is None or vendor_day(now) < move.due_on - timedelta(days=REMIND_DAYS):
        return False
    with transaction.atomic():
        waiting = Move.objects.filter(pk=move.pk, status=MoveStatus.NOTICED, reminded_at=None)
        if not waiting.update(reminded_at=now):
            return False
        notices.reminded(move, standing)
    return True


def enter_figure(
    partner: Partner, *, measure: str, value: Decimal, by: User, note: str = "", clock: Clock = database_clock
) -> EnteredFigure:
    """A figure that a person enters, such as satisfaction: whoever decides on the firm's moves, since it leads to them.
    Raises NotAllowed, BadInput outside its range."""
    _check(by)
    now = clock()
    check_enters(partner, by, now)
    known = measure_of(measure)
    if known is None or not known.entered:
        raise BadInput("This figure is computed; it can't be entered.", field="measure")
    if not 0 <= value <= known.most:
        raise BadInput(f"{known.label} goes from 0 to {known.most:,.0f}.", field="value")
    return EnteredFigure.objects.create(
        partner=partner, measure=measure, value=value, note=note.strip(), by=by, at=now
    )


def check_enters(partner: Partner, by: User, at: datetime) -> None:
    """Raises NotAllowed, naming who enters figures of the firm, for anybody else."""
    if not may_decide(partner, by, at):
        raise NotAllowed(
            f"{decider_of(partner, at)} enters figures of {partner.name}, as its manager or in their place."
        )


def _write(partner: Partner, move: Move, *, by: User | None, at: datetime) -> None:
    """The firm's tier and version, its history, and the end of the move."""
    partner.tier = move.target
    partner.version += 1
    partner.save(update_fields=["tier", "version"])
    record(
        partner,
        "tier",
        actor=by,
        at=at,
        data={
            "title": "Another tier",
            "changes": {"tier": [PartnerTier(move.source).label, PartnerTier(move.target).label]},
            "reason": move.reason,
        },
    )
    move.status, move.ended_at = MoveStatus.DONE, at
    move.save(update_fields=["status", "ended_at"])


def _check(by: User) -> None:
    if not by.may(DECIDE_TIERS):
        raise NotAllowed("Your role does not include deciding on tiers.")


def _check_decider(partner: Partner, by: User, now: datetime) -> None:
    if not may_decide(partner, by, now):
        raise NotAllowed(
            f"{decider_of(partner, now)} decides on moves of {partner.name}, as its manager or in their place."
        )


def _check_open(move: Move) -> None:
    if move.status != MoveStatus.PROPOSED:
        raise WrongStatus(f"This move is “{move.get_status_display().lower()}” already.")


def _locked(move: Move) -> tuple[Partner, Move]:
    """The firm, then the move, locked: in this order everywhere."""
    partner = Partner.objects.select_for_update().get(pk=move.partner_id)
    locked = Move.objects.select_for_update().get(pk=move.pk)
    locked.partner = partner
    return partner, locked
