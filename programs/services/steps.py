"""The steps of a program: operations write them; a firm gets them when it joins, beside those of its own onboarding, and
those that are not done go when it leaves. A step that is written later reaches the firms that are in where operations say
so. Days, reminders and ticks are those of partners/services/onboarding.py."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock, fixed
from core.errors import BadInput
from partners.enums import StepSide
from partners.models import OnboardingStep, Partner
from partners.querysets import PartnerQuerySet
from partners.services import notices
from partners.services.onboarding import add_steps, drop_steps, words_of
from partners.services.plans import write_step
from partners.services.spreading import give_to_many
from programs.models import Enrolment, Program, ProgramStep
from programs.services.keeping import opened

MOST_STEPS = 40


def source_of(program: Program) -> str:
    """What marks a firm's steps as those of this program."""
    return f"program:{program.code}"


def save_step(
    program: Program,
    *,
    by: User,
    version: int,
    fields: Mapping[str, Any],
    step: ProgramStep | None = None,
    give: bool = False,
    clock: Clock = database_clock,
) -> int:
    """Writes a step, the given one or a new one, for the firms that join from now on; a stage has one title, the one that
    was written last. `give`: the firms that take part and don't have it get it, too; returns how many did. Raises BadInput
    naming the field, StaleVersion, NotAllowed."""
    with transaction.atomic():
        locked = opened(program, by=by, version=version)
        locked.save(update_fields=["version"])
        if step is None:
            if locked.steps.count() >= MOST_STEPS:
                raise BadInput(f"A program has room for {MOST_STEPS} steps.")
            step = ProgramStep(program=locked)
        write_step(step, locked.steps.all(), fields)
        if not give:
            return 0
        (words,) = words_of([step])
        firms = list(without(locked, step).values_list("pk", flat=True))
        return give_to_many(firms, source_of(locked), words, label=locked.name, by=by, clock=clock)


def without(program: Program, step: ProgramStep | None = None) -> PartnerQuerySet:
    """The firms that take part and don't have the step: all of them for one that is not written yet."""
    inside = Enrolment.objects.enrolled().filter(program=program).order_by()
    firms = Partner.objects.filter(pk__in=inside.values("partner"))
    if step is None:
        return firms
    have = OnboardingStep.objects.current().filter(source=source_of(program), key=str(step.pk))
    return firms.exclude(pk__in=have.values("partner"))


def delete_step(step: ProgramStep, *, by: User, version: int) -> None:
    """Takes a step out; firms that have it keep it. Raises StaleVersion, NotAllowed."""
    with transaction.atomic():
        opened(step.program, by=by, version=version).save(update_fields=["version"])
        step.delete()


def give_steps(enrolment: Enrolment, *, by: User | None, at: datetime) -> None:
    """Gives the firm the steps of the program that it joins. Whoever keeps it hears of those that are ours and open."""
    steps = words_of(enrolment.program.steps.all())
    if steps:
        label = enrolment.program.name
        source = source_of(enrolment.program)
        given = add_steps(enrolment.partner, source, steps, label=label, by=by, clock=fixed(at))
        if any(step.side == StepSide.VENDOR and step.opened_at == at for step in given):
            notices.ours_given([enrolment.partner], source, label, but_not=by, at=at)


def take_steps_back(enrolment: Enrolment, *, by: User | None, at: datetime) -> None:
    """Takes back what is not done of the steps of a program that the firm leaves."""
    label = enrolment.program.name
    drop_steps(enrolment.partner, source_of(enrolment.program), label=label, by=by, clock=fixed(at))
