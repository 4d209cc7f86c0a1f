"""The daily computation: figures of all active firms are kept, and moves follow from them. Safe to repeat, by two workers at
once: one snapshot a firm and day, one open move a firm, both by the database."""

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from core.clock import Clock, database_clock, fixed
from core.errors import DomainError
from core.vendor_days import vendor_day
from partners.enums import PartnerStatus
from partners.models import Partner
from partners.services.merging import undoable
from programs import measures
from programs.enums import MoveStatus, TakenBack
from programs.ladder import rank
from programs.models import Criterion, Move, Snapshot
from programs.services.tiers import moving, notices
from programs.services.tiers.standing import Standing, standings_of

log = logging.getLogger(__name__)


@dataclass
class TierSweep:
    """What a computation did: codes of firms by what became of them."""

    computed: int = 0
    proposed: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    reminded: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def compute_tiers(*, clock: Clock = database_clock) -> TierSweep:
    """Computes all active firms as of the clock's now. The number of queries does not depend on how many there are, but for
    the moves that follow. What fails is logged, and the others go on."""
    now = clock()
    sweep = TierSweep()
    if not Criterion.objects.in_force(vendor_day(now)).exists() and not Move.objects.open().exists():
        return sweep
    partners = list(Partner.objects.filter(status=PartnerStatus.ACTIVE).select_related("manager"))
    standings = standings_of(partners, now)
    _keep(standings.values(), now.date())
    sweep.computed = len(partners)
    moves = {move.partner_id: move for move in Move.objects.open()}
    declined = _declined_since(now)
    for standing in standings.values():
        _follow(sweep, standing, moves.pop(standing.partner.pk, None), declined, now)
    for move in _for_good(moves.values(), now):  # of firms that are not active any more
        rests = move.partner.status == PartnerStatus.SUSPENDED
        why = TakenBack.SUSPENDED if rests else TakenBack.ENDED
        _try(sweep, move.partner, partial(_take_back, sweep, move, now, why))
    return sweep


def _for_good(moves: Collection[Move], now: datetime) -> list[Move]:
    """Without those of firms whose merge into another record can still be taken back: then they go on as they were."""
    merges = undoable(now).filter(gone__in=[move.partner_id for move in moves])
    open_ones = set(merges.values_list("gone", flat=True))
    return [move for move in moves if move.partner_id not in open_ones]


def _keep(standings: Iterable[Standing], on: date) -> None:
    rows = [
        Snapshot(
            partner=standing.partner,
            on=on,
            tier=standing.partner.tier,
            earned=standing.earned,
            figures={code: str(value) for code, value in standing.figures.items()},
        )
        for standing in standings
    ]
    Snapshot.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["partner", "on"],
        update_fields=["tier", "earned", "figures"],
        batch_size=1000,
    )


def _declined_since(now: datetime) -> set[tuple[int, str, str]]:
    """Moves that a person declined, while the figures never said anything else since: (firm, from, to). One query."""
    changed = Snapshot.objects.filter(
        Q(on__gt=OuterRef("decided_at__date")), partner=OuterRef("partner"), on__lte=now.date()
    ).exclude(earned=OuterRef("target"))
    rows = Move.objects.filter(~Exists(changed), status=MoveStatus.DECLINED)
    return set(rows.values_list("partner", "source", "target"))


def _follow(
    sweep: TierSweep,
    standing: Standing,
    move: Move | None,
    declined: set[tuple[int, str, str]],
    now: datetime,
) -> None:
    partner = standing.partner
    if move is not None:
        _try(sweep, partner, lambda: _carry_on(sweep, standing, move, now))
        return
    if standing.due == partner.tier or (partner.pk, partner.tier, standing.due) in declined:
        return
    _try(sweep, partner, lambda: _propose(sweep, standing, now))


def judge_again(move: Move, *, clock: Clock = database_clock) -> None:
    """Looks at one open move with the figures of this moment, after something took figures away from the firm at once."""
    now = clock()
    if move.partner.is_active:
        _carry_on(TierSweep(), standings_of([move.partner], now)[move.partner_id], move, now)


def _carry_on(sweep: TierSweep, standing: Standing, move: Move, now: datetime) -> None:
    """An open move: taken back when the figures no longer say it, done when its day has come, announced before."""
    partner = standing.partner
    if move.source != partner.tier:
        _take_back(sweep, move, now, TakenBack.BY_HAND)
        return
    recovered = rank(standing.due) >= rank(move.source) if not move.is_up else standing.due != move.target
    changed = move.status == MoveStatus.PROPOSED and standing.due != move.target
    if recovered or changed:
        _take_back(sweep, move, now, _why(move, standing))
        if standing.due != partner.tier:
            _propose(sweep, standing, now)
    elif move.status == MoveStatus.NOTICED and move.due_on is not None:
        if rank(standing.due) > rank(move.target):
            moving.lead_less_far(move, target=standing.due)
        if move.due_on <= vendor_day(now):
            if moving.carry_out(move, clock=fixed(now)):
                sweep.moved.append(partner.code)
        elif moving.remind(move, standing, clock=fixed(now)):
            sweep.reminded.append(partner.code)


def _why(move: Move, standing: Standing) -> TakenBack:
    """Why a move no longer follows: of a notice, whether the figures reach what was asked when it was proposed, or less is
    asked by now."""
    if move.status != MoveStatus.NOTICED:
        return TakenBack.OTHERWISE
    figures = standing.figures
    met = (figures.get(row["measure"], Decimal(0)) >= Decimal(row["threshold"]) for row in move.figures)
    return TakenBack.REACHED if all(met) else TakenBack.ASKED_LESS


def _take_back(sweep: TierSweep, move: Move, now: datetime, why: TakenBack) -> None:
    if moving.take_back(move, why=why, clock=fixed(now)):
        sweep.taken_back.append(move.partner.code)


def _propose(sweep: TierSweep, standing: Standing, now: datetime) -> None:
    move = Move(
        partner=standing.partner,
        source=standing.partner.tier,
        target=standing.due,
        figures=frozen(standing),
        proposed_at=now,
    )
    try:
        with transaction.atomic():
            move.save(force_insert=True)
            notices.proposed(move)
    except IntegrityError:
        return  # another worker was quicker
    sweep.proposed.append(standing.partner.code)


def frozen(standing: Standing) -> list[dict[str, str]]:
    """The gaps of the tiers between the present one and the due one, as they are kept with a move."""
    low, high = sorted((rank(standing.partner.tier), rank(standing.due)))
    known = {code: measures.measure_of(code) for code in standing.figures}
    units = {code: measure.unit() for code, measure in known.items() if measure}
    return [
        {
            "tier": tier,
            "measure": gap.measure,
            "label": measure.label if measure else gap.measure,
            "value": str(gap.value),
            "threshold": str(gap.threshold),
            "shown": measure.shown(gap.value, units[gap.measure]) if measure else str(gap.value),
            "asked": measure.shown(gap.threshold, units[gap.measure]) if measure else str(gap.threshold),
        }
        for tier, gaps in standing.gaps.items()
        if low < rank(tier) <= high
        for gap in gaps
        for measure in [known.get(gap.measure)]
    ]


def _try(sweep: TierSweep, partner: Partner, act: Callable[[], object]) -> None:
    try:
        act()
    except DomainError as reason:
        log.info("%s: nothing to do any more: %s", partner.code, reason)
    except Exception:
        log.exception("the tier of %s failed; the others go on", partner.code)
        sweep.failed.append(partner.code)
