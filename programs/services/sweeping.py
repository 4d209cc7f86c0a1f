"""What programs do by themselves: firms that entered the audience of an automatic program come in, those that left it go
and are told, stages open, and who was out only while the program was over, or the firm suspended or ended, goes on. A
sweep: safe to run never, once or a hundred times, by two workers at once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db.models.functions import TruncDate

from core.clock import Clock, database_clock, fixed
from core.errors import DomainError
from core.vendor_days import vendor_day, vendor_zone
from partners.enums import PartnerStatus
from partners.models import Partner
from partners.services.merging import moved_on_trial
from programs.audience import audience_of
from programs.circles import circles_of
from programs.enums import ASKED, Joining
from programs.models import Enrolment, Program
from programs.querysets.programs import EnrolmentQuerySet
from programs.reasons import LEFT_AUDIENCE, OVER, RESTING
from programs.services.enrolling import end, go_on, take_along, take_in
from programs.services.journeys import open_stages

log = logging.getLogger(__name__)


@dataclass
class ProgramSweep:
    """What a sweep did, as 'firm: program' each; `stages` counts those that opened."""

    taken_in: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    stages: int = 0


def sweep_programs(*, clock: Clock = database_clock) -> ProgramSweep:
    """Takes in, ends and opens what is due at the clock's now. What fails is logged, and the others go on."""
    now = clock()
    sweep = ProgramSweep()
    for enrolment in [*_over_too_early(now), *_back_with_the_firm(now)]:
        _try(sweep, sweep.taken_in, enrolment.partner, enrolment.program, partial(go_on, enrolment, at=now))
    automatic = list(Program.objects.running(vendor_day(now)).filter(joining=Joining.AUTOMATIC))
    circles = circles_of(automatic)
    for program in automatic:
        if program.pk in circles:  # the program's page says so: somebody has to change that
            log.warning("%s rests: %s", program.code, circles[program.pk])
            continue
        _follow_audience(sweep, program, now)
    for enrolment in _over(now):
        _try(sweep, sweep.ended, enrolment.partner, enrolment.program, partial(_end, enrolment, OVER, now))
    # Where nobody joins any more, who is in goes on; who is suspended rests.
    going_on = Enrolment.objects.enrolled().filter(program__in=Program.objects.going_on(vendor_day(now)))
    going_on = going_on.exclude(partner__status=PartnerStatus.SUSPENDED)
    sweep.stages = open_stages(list(going_on.select_related("program", "partner").order_by("pk")), at=now)
    return sweep


def _follow_audience(sweep: ProgramSweep, program: Program, now: datetime) -> None:
    audience = audience_of(program, now)
    known = Enrolment.objects.filter(program=program)
    # Who left by itself, or was ended by a person, is not taken in again behind their back.
    by_word = known.ended_by_word().values("partner")
    out = {one.partner_id: one for one in rested(now).filter(program=program)}
    for partner in audience.exclude(pk__in=known.open().values("partner")).exclude(pk__in=by_word):
        before = out.get(partner.pk)
        come_in = partial(go_on, before, at=now) if before else partial(take_in, program, partner, at=now)
        _try(sweep, sweep.taken_in, partner, program, come_in)
    asked = known.filter(status__in=ASKED, partner__in=audience).exclude(partner__in=by_word)
    for enrolment in asked.select_related("program", "partner"):
        _try(sweep, sweep.taken_in, enrolment.partner, program, partial(take_along, enrolment, at=now))
    gone = _standing(now).filter(program=program, way=Joining.AUTOMATIC).exclude(partner__in=audience)
    for enrolment in gone.select_related("program", "partner"):
        rests = enrolment.partner.status == PartnerStatus.SUSPENDED
        why = RESTING if rests else LEFT_AUDIENCE
        _try(sweep, sweep.ended, enrolment.partner, program, partial(_end, enrolment, why, now))


def _over(now: datetime) -> list[Enrolment]:
    """Open enrolments of programs whose last day has passed."""
    rows = _standing(now).filter(program__ends_on__lt=vendor_day(now))
    return list(rows.select_related("program", "partner"))


def _over_too_early(now: datetime) -> list[Enrolment]:
    """The last enrolments of firms in programs that the portal took for over, and whose last day was moved since. Where the
    first day was moved past their end as well, it is another round, which they join anew."""
    return list(_same_round(now).ended_by_portal(OVER).exclude(partner__status=PartnerStatus.ENDED))


def _back_with_the_firm(now: datetime) -> list[Enrolment]:
    """The enrolments of active firms that rested, however firms join the program by now. Where they join by themselves,
    those that had do so while they are in the audience (`_follow_audience`)."""
    rows = rested(now).filter(partner__status=PartnerStatus.ACTIVE)
    automatic = Program.objects.running(vendor_day(now)).filter(joining=Joining.AUTOMATIC)
    return list(rows.exclude(program__in=automatic, way=Joining.AUTOMATIC))


def rested(now: datetime) -> EnrolmentQuerySet:
    """The last enrolments of firms that are out only since the firm was suspended, or its partnership ended: nobody meant
    the program, and they go on once the firm is active."""
    rows = _same_round(now)
    return rows.ended_by_portal(RESTING) | rows.ended_with_partnership().filter(decided_at__isnull=False)


def _same_round(now: datetime) -> EnrolmentQuerySet:
    """Each firm's last enrolment in a program that goes on, and did not begin anew since that ended."""
    rows = Enrolment.objects.last_ended().filter(program__in=Program.objects.going_on(vendor_day(now)))
    ended_on = TruncDate("ended_at", tzinfo=vendor_zone())
    return rows.filter(program__starts_on__lte=ended_on).select_related("program", "partner")


def _standing(now: datetime) -> EnrolmentQuerySet:
    """Open enrolments, but for those that came with a merge which can still be taken back: they wait until it can't."""
    return Enrolment.objects.open().exclude(pk__in=moved_on_trial("programs.Enrolment.partner", now))


def _end(enrolment: Enrolment, reason: str, now: datetime) -> None:
    end(enrolment, by=None, reason=reason, clock=fixed(now))


def _try(
    sweep: ProgramSweep, done: list[str], partner: Partner, program: Program, act: Callable[[], object]
) -> None:
    words = f"{partner.name}: {program.name}"
    try:
        act()
        done.append(words)
    except DomainError as reason:
        log.info("%s: nothing to do any more: %s", words, reason)
    except Exception:
        log.exception("%s failed; the others go on", words)
        sweep.failed.append(words)
