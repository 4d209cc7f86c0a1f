"""What programs do by themselves: firms that entered the audience of an automatic program come in, those that left it go
and are told, stages open. A sweep: safe to run never, once or a hundred times, by two workers at once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from core.clock import Clock, database_clock, fixed
from core.errors import DomainError
from partners.models import Partner
from programs.audience import audience_of
from programs.enums import Joining
from programs.models import Enrolment, Program
from programs.services.enrolling import end, take_in
from programs.services.journeys import open_stages

log = logging.getLogger(__name__)

LEFT_AUDIENCE = "Your firm is no longer among those that this program is for."
OVER = "The program is over."


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
    for program in Program.objects.running(now.date()).filter(joining=Joining.AUTOMATIC):
        _follow_audience(sweep, program, now)
    for enrolment in _over(now):
        _try(sweep, sweep.ended, enrolment.partner, enrolment.program, partial(_end, enrolment, OVER, now))
    # Where nobody joins any more, who is in goes on.
    going_on = Enrolment.objects.enrolled().filter(program__in=Program.objects.going_on(now.date()))
    sweep.stages = open_stages(list(going_on.select_related("program", "partner").order_by("pk")), at=now)
    return sweep


def _follow_audience(sweep: ProgramSweep, program: Program, now: datetime) -> None:
    audience = audience_of(program, now)
    known = Enrolment.objects.filter(program=program)
    # Who left by itself, or was ended by a person, is not taken in again behind their back.
    by_word = known.filter(ended_by__isnull=False).values("partner")
    for partner in audience.exclude(pk__in=known.open().values("partner")).exclude(pk__in=by_word):
        _try(sweep, sweep.taken_in, partner, program, partial(take_in, program, partner, at=now))
    gone = known.open().filter(way=Joining.AUTOMATIC).exclude(partner__in=audience)
    for enrolment in gone.select_related("program", "partner"):
        _try(sweep, sweep.ended, enrolment.partner, program, partial(_end, enrolment, LEFT_AUDIENCE, now))


def _over(now: datetime) -> list[Enrolment]:
    """Open enrolments of programs whose last day has passed."""
    rows = Enrolment.objects.open().filter(program__ends_on__lt=now.date())
    return list(rows.select_related("program", "partner"))


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
