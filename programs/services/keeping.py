"""Operations write programs: their facts, whom they are for, and the stages of their journey."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from partners.models import Group
from programs.circles import circle_of
from programs.conditions import RULES
from programs.enums import ProgramStatus
from programs.models import Condition, Path, Program, ProgramPath, Stage, StageOpened
from programs.permissions import EDIT

FIELDS = ("name", "summary", "joining", "starts_on", "ends_on")
MOST_STAGES = 12


@dataclass(frozen=True)
class ConditionGiven:
    """A condition as the form gives it; `pk` of one that is there already."""

    kind: str
    target: str
    threshold: Decimal | None = None
    pk: int | None = None


def create_program(
    *,
    by: User,
    fields: Mapping[str, Any],
    audience: Iterable[Group] = (),
    paths: Iterable[Path] = (),
    clock: Clock = database_clock,
) -> Program:
    """A new program, as a draft, from FIELDS. Raises NotAllowed, BadInput naming the field."""
    _check(by)
    program = Program(**fields, created_by=by, created_at=clock())
    _save(program, list(audience), paths)
    return program


def change_program(
    program: Program,
    *,
    by: User,
    version: int,
    fields: Mapping[str, Any],
    audience: Iterable[Group],
    paths: Iterable[Path],
) -> Program:
    """Changes the FIELDS, the audience and the training. Raises NotAllowed, StaleVersion, BadInput naming the field."""
    with transaction.atomic():
        locked = opened(program, by=by, version=version)
        for name, value in fields.items():
            setattr(locked, name, value)
        _save(locked, list(audience), paths)
    return locked


def set_status(program: Program, status: ProgramStatus, *, by: User, version: int) -> Program:
    """Opens a program to its audience, or closes it to newcomers and sweeps; who is in stays in. Raises WrongStatus for an
    open program without a stage or in a circle (programs/circles.py), StaleVersion, NotAllowed."""
    with transaction.atomic():
        locked = opened(program, by=by, version=version)
        if status == ProgramStatus.DRAFT:
            raise WrongStatus("A program that was opened does not become a draft again. Close it instead.")
        if status == ProgramStatus.OPEN and not locked.stages.exists():
            raise WrongStatus("Give the journey at least one stage before you open the program.")
        if status == ProgramStatus.OPEN and (circle := circle_of(locked, locked.audience.all())):
            raise WrongStatus(circle)
        locked.status = status
        locked.save(update_fields=["status", "version"])
    return locked


def save_stage(
    program: Program,
    *,
    by: User,
    version: int,
    name: str,
    text: str,
    conditions: Sequence[ConditionGiven],
    paths: Iterable[ProgramPath],
    stage: Stage | None = None,
) -> Stage:
    """Writes a stage: the given one, or a new last one. Conditions that are there keep what was done for them. Raises
    BadInput, StaleVersion, NotAllowed."""
    _check_conditions(conditions)
    with transaction.atomic():
        locked = opened(program, by=by, version=version)
        locked.save(update_fields=["version"])
        if stage is None:
            last = locked.stages.aggregate(last=Max("number"))["last"] or 0
            if last >= MOST_STAGES:
                raise BadInput(f"A journey has room for {MOST_STAGES} stages.")
            stage = Stage(program=locked, number=last + 1)
        stage.name, stage.text = name, text
        stage.save()
        _write_conditions(stage, conditions)
        ProgramPath.objects.filter(program=locked, stage=stage).update(stage=None)
        ProgramPath.objects.filter(program=locked, pk__in=[path.pk for path in paths]).update(stage=stage)
    return stage


def delete_stage(stage: Stage, *, by: User, version: int) -> Stage | None:
    """Takes a stage out that has opened for nobody; the next ones move up. Its training stays behind the journey: it opens
    with the next stage, which is returned where there is such training. Raises WrongStatus for a stage that opened, for the
    last one with training, and for the only one of a program that was opened: firms would walk a journey without a stage."""
    with transaction.atomic():
        program = opened(stage.program, by=by, version=version)
        if StageOpened.objects.filter(stage=stage).exists():
            raise WrongStatus("This stage is open for firms already, so it stays. You can change it.")
        if program.status != ProgramStatus.DRAFT and not program.stages.exclude(pk=stage.pk).exists():
            raise WrongStatus(
                "This is the only stage, and a program that was opened needs one. Add another one first, or change this one."
            )
        heir = _hand_on_training(stage)
        program.save(update_fields=["version"])
        stage.delete()
        _renumber(list(program.stages.order_by("number")))
        return heir


def _hand_on_training(stage: Stage) -> Stage | None:
    """Lets the training of a stage that goes open with the next one. Returns that; None where there is none to hand on."""
    training = ProgramPath.objects.filter(stage=stage)
    names = [row.path.name for row in training.select_related("path")]
    if not names:
        return None
    heir = stage.program.stages.filter(number__gt=stage.number).order_by("number").first()
    if heir is None:
        raise WrongStatus(
            f"The training of this stage ({', '.join(names)}) would be open from the start: no stage comes after it. "
            "Let it open with another stage first, or take it out of the program."
        )
    training.update(stage=heir)
    return heir


def move_stage(stage: Stage, *, up: bool, by: User, version: int) -> None:
    """One place up or down; at the end nothing happens. Raises StaleVersion, NotAllowed."""
    with transaction.atomic():
        program = opened(stage.program, by=by, version=version)
        program.save(update_fields=["version"])
        stages = list(program.stages.order_by("number"))
        place = stages.index(stage)
        other = place - 1 if up else place + 1
        if 0 <= other < len(stages):
            stages[place], stages[other] = stages[other], stages[place]
            _renumber(stages)


def _renumber(stages: Sequence[Stage]) -> None:
    for number, stage in enumerate(stages, start=1):
        stage.number = number
    Stage.objects.bulk_update(stages, ["number"])


def _check_conditions(conditions: Iterable[ConditionGiven]) -> None:
    for one in conditions:
        rule = RULES.get(one.kind)
        if rule is None or not one.target:
            raise BadInput("Choose what is wanted.")
        if rule.choices is not None and one.target not in dict(rule.choices()):
            raise BadInput(f"{rule.label}: what was chosen is not there any more.")
        if one.threshold is not None and one.threshold <= 0:
            raise BadInput(f"{rule.label}: the number must be above 0.")


def _write_conditions(stage: Stage, given: Sequence[ConditionGiven]) -> None:
    known = {one.pk: one for one in stage.conditions.all()}
    for one in given:
        row = known.pop(one.pk, None) if one.pk else None
        # Another step is another condition: what was done for the old one does not count for it.
        if row is None or (row.kind, row.target) != (one.kind, one.target):
            if row is not None:
                row.delete()
            row = Condition(stage=stage, kind=one.kind, target=one.target)
        row.threshold = one.threshold
        row.save()
    for row in known.values():
        row.delete()


def _check(by: User) -> None:
    if not by.may(EDIT):
        raise NotAllowed("Your role does not include changing programs.")


def opened(program: Program, *, by: User, version: int) -> Program:
    """The program's row, locked, its version counted on but not saved. Raises NotAllowed, StaleVersion."""
    _check(by)
    locked = Program.objects.select_for_update().get(pk=program.pk)
    if locked.version != version:
        raise StaleVersion(
            "Somebody changed this program after you opened it. Look at it again, then change it."
        )
    locked.version += 1
    return locked


def _save(program: Program, audience: list[Group], paths: Iterable[Path]) -> None:
    if program.ends_on and program.ends_on < program.starts_on:
        raise BadInput("The last day lies before the first.", field="ends_on")
    if circle := circle_of(program, audience):
        raise BadInput(circle, field="audience")
    try:
        program.clean_fields(exclude=["created_by"])
        with transaction.atomic():
            program.save()
            program.audience.set(audience)
            wanted = {path.pk for path in paths}
            ProgramPath.objects.filter(program=program).exclude(path__in=wanted).delete()
            ProgramPath.objects.bulk_create(
                [ProgramPath(program=program, path_id=pk) for pk in sorted(wanted)], ignore_conflicts=True
            )
    except ValidationError as error:
        field, words = next(iter(error.message_dict.items()))
        raise BadInput(words[0], field=field) from error
    except IntegrityError as error:
        raise BadInput("There is a program with this name already.", field="name") from error
