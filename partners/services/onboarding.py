"""Steps of onboarding: given to a firm and taken back. Stages of a source open one after the other.

A step belongs to one stage of one source ('onboarding', or what an app further up gave, such as a program). A stage opens
when every required step of the stages before it is done; from then on its due days count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Min

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput
from partners.enums import ONBOARDING, StepSide
from partners.models import OnboardingPlan, OnboardingStep, Partner, WrittenStep
from partners.services.history import record

_LABEL = "Onboarding"
_END_OF_DAY = time(23, 59, 59)
_WORDS = ("stage", "stage_title", "place", "title", "help", "link", "side", "due_days", "required")
# What is written anew of a step that was taken back and comes again.
BEGINS_ANEW = (*_WORDS, "opened_at", "due_at", "reminded_at", "dropped_at")


@dataclass(frozen=True)
class StepWords:
    """A step to be given. `key` is unique within its source; `link` a path of the portal or a web address; `due_days` count
    from the day on which the stage opens."""

    key: str
    title: str
    stage: int = 1
    stage_title: str = ""
    place: int = 10
    help: str = ""
    link: str = ""
    side: str = StepSide.PARTNER
    due_days: int | None = None
    required: bool = True


def plan_for(kind: str) -> OnboardingPlan | None:
    """The plan of this kind of partner, else the one for all other kinds."""
    plans = {plan.kind: plan for plan in OnboardingPlan.objects.filter(kind__in=[kind, ""])}
    return plans.get(kind) or plans.get("")


def give_plan(partner: Partner, *, by: User | None, at: datetime) -> list[OnboardingStep]:
    """Copies the steps of the firm's plan to the firm. Those it has already stay as they are."""
    plan = plan_for(partner.kind)
    steps = words_of(plan.steps.all()) if plan else []
    return _give(partner, ONBOARDING, _LABEL, steps, by=by, at=at)


def follow_kind(partner: Partner, *, was: str, by: User | None, at: datetime) -> None:
    """After the firm, which `was` another kind, changed in the middle of its onboarding: what is not done of the old plan
    goes, the steps of the new one come, but for those of a title that was done. Nothing where the plan is the same."""
    plan = plan_for(partner.kind)
    if plan == plan_for(was):
        return
    steps = words_of(plan.steps.all()) if plan else []
    have = OnboardingStep.objects.current().filter(partner=partner, source=ONBOARDING)
    undone = have.filter(done_at=None).exclude(key__in=[step.key for step in steps])
    if dropped := undone.update(dropped_at=at):
        record(partner, "steps_dropped", actor=by, at=at, data={"source": _LABEL, "number": dropped})
    done = set(have.filter(done_at__isnull=False).values_list("title", flat=True))
    _give(partner, ONBOARDING, _LABEL, [one for one in steps if one.title not in done], by=by, at=at)


def words_of(rows: Iterable[WrittenStep]) -> list[StepWords]:
    """Steps as operations wrote them, to be given."""
    return [
        StepWords(
            key=str(row.pk),
            title=row.title,
            stage=row.stage,
            stage_title=row.stage_title,
            place=row.place,
            help=row.help,
            link=row.link,
            side=row.side,
            due_days=row.due_days,
            required=row.required,
        )
        for row in rows
    ]


def add_steps(
    partner: Partner,
    source: str,
    steps: Iterable[StepWords],
    *,
    label: str,
    by: User | None,
    clock: Clock = database_clock,
) -> list[OnboardingStep]:
    """Gives a firm the steps of `source` (such as 'program:G-7KQ2MX', shown as `label`); those it has of it already stay as
    they are, those that were taken back come again. Returns all steps of the source.

    The caller has asked who may; this app knows nothing of the source. Raises BadInput for an address that is none.
    """
    with transaction.atomic():
        return _give(partner, source, label, list(steps), by=by, at=clock())


def drop_steps(
    partner: Partner, source: str, *, label: str, by: User | None, clock: Clock = database_clock
) -> int:
    """Takes back the steps of `source`, shown as `label`, that are not done; what was done stays as history. Returns how
    many."""
    with transaction.atomic():
        at = clock()
        dropped = OnboardingStep.objects.undone().filter(partner=partner, source=source).update(dropped_at=at)
        if dropped:
            record(partner, "steps_dropped", actor=by, at=at, data={"source": label, "number": dropped})
    return dropped


def required_left(partner: Partner) -> int:
    """How many required steps of the firm's own onboarding are open. Those of programs don't hold it back."""
    return OnboardingStep.objects.undone().filter(partner=partner, source=ONBOARDING, required=True).count()


def _give(
    partner: Partner, source: str, label: str, steps: list[StepWords], *, by: User | None, at: datetime
) -> list[OnboardingStep]:
    for step in steps:
        if step.link and not step.link.startswith(("/", "https://", "http://")):
            raise BadInput(
                f"“{step.link}” is no address. Begin it with https:// or, inside the portal, with /."
            )
    have = OnboardingStep.objects.filter(partner=partner, source=source)
    before = have.filter(dropped_at=None).count()
    rows = {step.key: row_of(partner, source, label, step) for step in steps}
    # What comes again begins anew, in the words of today: its stage opens, and its days count, from now.
    again = have.filter(key__in=rows, dropped_at__isnull=False).values_list("key", flat=True)
    OnboardingStep.objects.bulk_create(
        [rows.pop(key) for key in again],
        update_conflicts=True,
        unique_fields=["partner", "source", "key"],
        update_fields=BEGINS_ANEW,
    )
    OnboardingStep.objects.bulk_create(rows.values(), ignore_conflicts=True)
    added = have.filter(dropped_at=None).count() - before
    if added:
        data = {"source": label, "number": added}
        record(partner, "steps_given", actor=by, at=at, data=data)
    open_stages(partner, source, at)
    return list(have.filter(dropped_at=None))


def row_of(partner: Partner, source: str, label: str, step: StepWords) -> OnboardingStep:
    """A firm's own copy of a step, not stored yet; its stage is closed."""
    return OnboardingStep(
        partner=partner,
        source=source,
        source_label=label,
        key=step.key,
        stage=step.stage,
        stage_title=step.stage_title or f"Stage {step.stage}",
        place=step.place,
        title=step.title,
        help=step.help,
        link=step.link,
        side=step.side,
        due_days=step.due_days,
        required=step.required,
    )


def open_until(partner: Partner, source: str) -> int | None:
    """The last stage that is open: the first with a required step undone; None where all are."""
    first: int | None = (
        OnboardingStep.objects.undone()
        .filter(partner=partner, source=source, required=True)
        .aggregate(first=Min("stage"))["first"]
    )
    return first


def open_stages(partner: Partner, source: str, at: datetime) -> list[OnboardingStep]:
    """Opens what is to be open and is not, and sets the days of its steps. Returns the steps that opened."""
    last = open_until(partner, source)
    closed = OnboardingStep.objects.current().filter(partner=partner, source=source, opened_at=None)
    if last is not None:
        closed = closed.filter(stage__lte=last)
    rows = list(closed)
    for row in rows:
        row.partner = partner
        opened_at_once(row, at)
    OnboardingStep.objects.bulk_update(rows, ["opened_at", "due_at"])
    return rows


def opened_at_once(row: OnboardingStep, at: datetime) -> OnboardingStep:
    """The step as one whose stage opens at `at`: its days count from then. Not stored."""
    row.opened_at = at
    row.due_at = _end_of(at, row.due_days, row.partner) if row.due_days is not None else None
    return row


def _end_of(at: datetime, days: int, partner: Partner) -> datetime:
    """The end of the day so many days later where the partner works."""
    zone = ZoneInfo(partner.time_zone)
    day = at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, _END_OF_DAY, zone)
