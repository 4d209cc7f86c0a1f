"""Where firms stand in the journeys of their programs: which stages are open, and what is still wanted for the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from programs.conditions import Key, Standing, closed_of, judge, words_of
from programs.models import Condition, Enrolment, Stage, StageOpened


@dataclass(frozen=True)
class Wanted:
    """A condition of a stage, for one firm. `standing` is None for a kind that the portal does not know any more; `closed`:
    what it asks for was taken out of use."""

    condition: Condition
    words: str
    standing: Standing | None
    closed: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the firm meets it now."""
        return self.standing is not None and self.standing.is_met


@dataclass(frozen=True)
class Step:
    """A stage for one firm: when it opened (None: not yet) and what it asks for."""

    stage: Stage
    opened_at: datetime | None
    wanted: tuple[Wanted, ...]

    @property
    def is_ready(self) -> bool:
        """Whether all that it asks for is met now."""
        return all(wanted.is_met for wanted in self.wanted)


def journeys_of(enrolments: Sequence[Enrolment], at: datetime) -> dict[int, list[Step]]:
    """The steps of each enrolment in order, by its id. A constant number of queries for each kind of condition."""
    programs = {enrolment.program_id for enrolment in enrolments}
    stages: dict[int, list[Stage]] = {program: [] for program in programs}
    for stage in Stage.objects.filter(program__in=programs).prefetch_related("conditions").order_by("number"):
        stages[stage.program_id].append(stage)
    opened = {
        (row.enrolment_id, row.stage_id): row.at
        for row in StageOpened.objects.filter(enrolment__in=enrolments)
    }
    conditions = [one for group in stages.values() for stage in group for one in stage.conditions.all()]
    words, found, closed = words_of(conditions), judge(conditions, enrolments, at), closed_of(conditions)
    return {
        enrolment.pk: [
            _step(stage, enrolment, opened.get((enrolment.pk, stage.pk)), words, found, closed)
            for stage in stages[enrolment.program_id]
        ]
        for enrolment in enrolments
    }


def _step(
    stage: Stage,
    enrolment: Enrolment,
    opened_at: datetime | None,
    words: dict[int, str],
    found: dict[Key, Standing],
    closed: set[int],
) -> Step:
    wanted = tuple(
        Wanted(one, words[one.pk], found.get((one.pk, enrolment.pk)), one.pk in closed)
        for one in stage.conditions.all()
    )
    return Step(stage, opened_at, wanted)


def current_of(steps: Sequence[Step]) -> Step | None:
    """The last stage that is open."""
    return next((step for step in reversed(steps) if step.opened_at), None)


def next_of(steps: Sequence[Step]) -> Step | None:
    """The first stage that is not open."""
    return next((step for step in steps if not step.opened_at), None)
