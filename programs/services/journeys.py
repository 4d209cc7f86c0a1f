"""Stages open, one after the other, as their conditions are met; once open they stay open."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, WrongStatus
from partners.models import Partner
from programs.enums import EnrolmentStatus
from programs.journeys import Step, journeys_of
from programs.models import Condition, Enrolment, StageOpened, StepDone
from programs.permissions import ENROL
from programs.services import notices


def open_stages(enrolments: Iterable[Enrolment], *, at: datetime, tell: bool = True) -> int:
    """Opens every stage whose turn has come and whose conditions are met; returns how many. Safe to repeat: a UNIQUE
    decides between two at once, and only the one that opened a stage tells the firm."""
    listed = [one for one in enrolments if one.status == EnrolmentStatus.ENROLLED]
    found = journeys_of(listed, at)
    number = 0
    for enrolment in listed:
        steps = found[enrolment.pk]
        opened = [step for step in _due(steps) if _open(enrolment, step, at)]
        number += len(opened)
        if opened and tell:
            notices.stage_opened(enrolment, opened[-1].stage)
    return number


def open_stages_of(partner: Partner, *, at: datetime) -> int:
    """The same for all programs of one firm, after something that may have opened a stage."""
    mine = Enrolment.objects.enrolled().filter(partner=partner).select_related("program", "partner")
    return open_stages(list(mine), at=at)


def mark_done(
    enrolment: Enrolment, condition: Condition, *, by: User, note: str = "", clock: Clock = database_clock
) -> StepDone:
    """Notes that the vendor's step is done for a firm, and opens what that opens. Done twice counts once. Raises NotAllowed,
    BadInput for a condition that is no step of ours in this program, WrongStatus unless the firm is enrolled."""
    if not by.may(ENROL):
        raise NotAllowed("Your role does not include this.")
    if condition.kind != "vendor" or condition.stage.program_id != enrolment.program_id:
        raise BadInput("This is not a step that you confirm.")
    at = clock()
    with transaction.atomic():
        locked = Enrolment.objects.select_for_update(of=("self",)).select_related("program", "partner")
        current = locked.get(pk=enrolment.pk)
        if current.status != EnrolmentStatus.ENROLLED:
            raise WrongStatus("This firm does not take part in the program now.")
        done, _ = StepDone.objects.get_or_create(
            enrolment=current, condition=condition, defaults={"by": by, "at": at, "note": note.strip()}
        )
        open_stages([current], at=at)
    return done


def _due(steps: list[Step]) -> Iterable[Step]:
    """The stages that open now: the first closed ones, as long as each is ready."""
    for step in steps:
        if step.opened_at:
            continue
        if not step.is_ready:
            return
        yield step


def _open(enrolment: Enrolment, step: Step, at: datetime) -> bool:
    facts = [
        {"words": wanted.words, "value": str(wanted.standing.value) if wanted.standing else ""}
        for wanted in step.wanted
    ]
    _, created = StageOpened.objects.get_or_create(
        enrolment=enrolment, stage=step.stage, defaults={"at": at, "facts": facts}
    )
    return created
