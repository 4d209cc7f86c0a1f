"""What a merge of two partner records does in this app: what both have stays behind, and rests there until the merge is taken
back; how far the one was in a program of both counts for the other."""

from datetime import datetime

from accounts.models import User
from core.clock import fixed
from partners.merging.relations import Moved
from partners.models import Partner
from programs.enums import EnrolmentStatus, MoveStatus
from programs.models import Enrolment, Move, StageOpened, StepDone
from programs.services.tiers.computing import judge_again
from programs.workflow import status_before

# What hangs on an enrolment, and by which field a second one is told.
_JOURNEY = ((StageOpened, "stage"), (StepDone, "condition"))


def follow(moved: Moved, *, by: User, at: datetime) -> None:
    """Ends, as of the merge, the open enrolments of the old record, those that gave way to one of its own included: one firm
    takes part once. Taken back, they are what they were, and a move between tiers that the merge led to is looked at again."""
    if moved.back:
        _give_back(moved)
        _put_back([moved.source, moved.target], moved.merged_at)
        _judge_again(moved.source, moved.merged_at, at)
        return
    _take_over(moved)
    Enrolment.objects.open().filter(partner=moved.source).update(
        status=EnrolmentStatus.ENDED,
        ended_by=by,
        ended_at=moved.merged_at,
        reason=f"{moved.source.name} is part of {moved.target.name} now.",
    )


def _take_over(moved: Moved) -> None:
    """Where both take part: the stages and steps that only the one that goes had."""
    theirs = Enrolment.objects.enrolled().filter(partner=moved.source)
    going_on = Enrolment.objects.enrolled().filter(partner=moved.target, program__in=theirs.values("program"))
    by_program = dict(going_on.values_list("program", "pk"))
    for enrolment in theirs.filter(program__in=by_program).order_by("pk"):
        other = by_program[enrolment.program_id]
        for model, what in _JOURNEY:
            has = model._default_manager.filter(enrolment=other).values(what)
            rows = model._default_manager.filter(enrolment=enrolment).exclude(**{f"{what}__in": has})
            taken = [[key, enrolment.pk] for key in rows.values_list("pk", flat=True)]
            rows.update(enrolment=other)
            moved.notes.setdefault(model._meta.label, []).extend(taken)


def _give_back(moved: Moved) -> None:
    for model, _ in _JOURNEY:
        for key, enrolment in moved.notes.get(model._meta.label, []):
            model._default_manager.filter(pk=key).update(enrolment=enrolment)


def _put_back(partners: list[Partner], merged_at: datetime) -> None:
    rows = Enrolment.objects.filter(partner__in=partners, status=EnrolmentStatus.ENDED, ended_at=merged_at)
    for enrolment in rows.order_by("pk").select_for_update(of=("self",)):
        enrolment.status = status_before(enrolment)
        enrolment.ended_by, enrolment.ended_at, enrolment.reason = None, None, ""
        enrolment.save(update_fields=["status", "ended_by", "ended_at", "reason"])


def _judge_again(partner: Partner, merged_at: datetime, now: datetime) -> None:
    proposed = Move.objects.filter(partner=partner, status=MoveStatus.PROPOSED, proposed_at__gte=merged_at)
    for move in proposed.select_related("partner__manager"):
        judge_again(move, clock=fixed(now))
