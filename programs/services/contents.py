"""Operations say what of the library belongs to a program, and which incentives are planned for its firms."""

from datetime import date

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed
from programs.models import ContentItem, PlannedIncentive, Program, ProgramContent
from programs.permissions import EDIT
from programs.services.keeping import opened

MOST_INCENTIVES = 20


def put_in(program: Program, item: ContentItem, *, by: User, clock: Clock = database_clock) -> bool:
    """The firms that take part read `item` from now on, whatever groups it is for. False when it was there already.
    Raises NotAllowed."""
    _check(by)
    made = {"added_by": by, "added_at": clock()}
    return ProgramContent.objects.get_or_create(program=program, item=item, defaults=made)[1]


def take_out(program: Program, item: ContentItem, *, by: User) -> bool:
    """Only those read it that it is for besides; what was read stays noted. False when it was not there. Raises NotAllowed."""
    _check(by)
    return bool(ProgramContent.objects.filter(program=program, item=item).delete()[0])


def save_incentive(
    program: Program,
    *,
    by: User,
    version: int,
    name: str,
    text: str,
    starts_on: date | None,
    ends_on: date | None,
    incentive: PlannedIncentive | None = None,
) -> PlannedIncentive:
    """Writes what is planned: the given one, or a new one. Raises BadInput naming the field, StaleVersion, NotAllowed."""
    if starts_on and ends_on and ends_on < starts_on:
        raise BadInput("The last day lies before the first.", field="ends_on")
    with transaction.atomic():
        locked = opened(program, by=by, version=version)
        locked.save(update_fields=["version"])
        if incentive is None:
            if locked.incentives.count() >= MOST_INCENTIVES:
                raise BadInput(f"A program has room for {MOST_INCENTIVES} incentives.")
            incentive = PlannedIncentive(program=locked)
        incentive.name, incentive.text = name, text
        incentive.starts_on, incentive.ends_on = starts_on, ends_on
        incentive.save()
    return incentive


def delete_incentive(incentive: PlannedIncentive, *, by: User, version: int) -> None:
    """Takes out what is not planned any more. Raises StaleVersion, NotAllowed."""
    with transaction.atomic():
        opened(incentive.program, by=by, version=version).save(update_fields=["version"])
        incentive.delete()


def _check(by: User) -> None:
    if not by.may(EDIT):
        raise NotAllowed("Your role does not include changing programs.")
