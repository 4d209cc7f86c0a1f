"""Steps of onboarding as the pages show them: what is open with all that helps, what comes next as a title only."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from accounts.absences import roster
from accounts.models import User
from partners.contacts import manager_of
from partners.enums import StepSide
from partners.models import OnboardingStep, Partner
from partners.permissions import may_do_step


@dataclass(frozen=True)
class StepRow:
    """A step of an open stage. `days` until it is due, None once done or without a day."""

    pk: int
    title: str
    help: str
    link: str
    outside: bool
    side: str
    mine: bool
    required: bool
    done: bool
    who: str
    days: int | None
    due_at: datetime | None
    may_tick: bool


@dataclass(frozen=True)
class StageRow:
    """A stage: `state` is done, current or next. Of a next one the reader of the firm gets the title, no steps."""

    number: int
    title: str
    state: str
    done: int
    total: int
    steps: list[StepRow] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Ladder:
    """The stages of one source."""

    key: str
    label: str
    stages: list[StageRow]
    done: int
    total: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.done == self.total


def ladders_of(partner: Partner, reader: User, now: datetime) -> list[Ladder]:
    """All sources of a firm's steps: one query, and one for absences. The firm's people see of what is to come the next
    stage's title alone; the vendor's staff see the titles of its steps, too."""
    rows = list(
        OnboardingStep.objects.current()
        .filter(partner=partner)
        .select_related("done_by")
        .order_by("source", "stage", "place", "id")
    )
    for row in rows:
        row.partner = partner
    instead_of = roster(now).represented_by(reader) if reader.is_vendor else []
    found = []
    for source, group in groupby(rows, key=lambda row: row.source):
        steps = list(group)
        found.append(_ladder(source, steps, reader, now, instead_of))
    # The firm's own onboarding first, then what programs gave.
    return sorted(found, key=lambda ladder: (ladder.key != "onboarding", ladder.label))


def _ladder(
    source: str, steps: list[OnboardingStep], reader: User, now: datetime, instead_of: list[User]
) -> Ladder:
    stages = [
        _stage(list(group), reader, now, instead_of)
        for _, group in groupby(steps, key=lambda step: step.stage)
    ]
    if not reader.is_vendor:
        coming = [stage for stage in stages if stage.state == "next"][:1]
        stages = [stage for stage in stages if stage.state != "next"] + coming
    done = sum(step.done_at is not None for step in steps)
    return Ladder(source, steps[0].source_label, stages, done, len(steps))


def _stage(steps: list[OnboardingStep], reader: User, now: datetime, instead_of: list[User]) -> StageRow:
    first = steps[0]
    is_open = any(step.opened_at is not None for step in steps)
    left = [step for step in steps if step.done_at is None]
    if not is_open:
        titles = [step.title for step in steps] if reader.is_vendor else []
        return StageRow(first.stage, first.stage_title, "next", 0, len(steps), titles=titles)
    return StageRow(
        first.stage,
        first.stage_title,
        "current" if left else "done",
        len(steps) - len(left),
        len(steps),
        [_row(step, reader, now, instead_of) for step in steps],
    )


def _row(step: OnboardingStep, reader: User, now: datetime, instead_of: list[User]) -> StepRow:
    days = None
    if step.due_at is not None and step.done_at is None:
        days = (timezone.localdate(step.due_at) - timezone.localdate(now)).days
    who = f"{step.done_by}, {timezone.localtime(step.done_at):%-d %b %Y}" if step.done_at else ""
    return StepRow(
        pk=step.pk,
        title=step.title,
        help=step.help,
        link=step.link,
        outside=not step.link.startswith("/"),
        side=_whose(step, reader),
        mine=step.side == (StepSide.VENDOR if reader.is_vendor else StepSide.PARTNER),
        required=step.required,
        done=step.done_at is not None,
        who=who,
        days=days,
        due_at=step.due_at,
        may_tick=may_do_step(reader, step, instead_of),
    )


def _whose(step: OnboardingStep, reader: User) -> str:
    if step.side == StepSide.PARTNER:
        return "The partner" if reader.is_vendor else "Your firm"
    manager = manager_of(step.partner)
    return str(manager) if manager else ("Us" if reader.is_vendor else "The vendor")
