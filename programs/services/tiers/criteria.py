"""What tiers ask for, from which day on. What was asked on a day that has passed stays as it was."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, WrongStatus
from core.locks import wait_in_line
from core.vendor_days import vendor_day
from programs.ladder import BASE, LADDER
from programs.measures import measure_of
from programs.models import Criterion, Program
from programs.permissions import EDIT

_DAY = timedelta(days=1)
# 'crit'. Two rows that exclude each other, written at the same moment, would wait for each other until the database ends one
# of them (deadlock).
_SETTING = 0x63726974


def set_criterion(
    *,
    by: User,
    tier: str,
    measure: str,
    threshold: Decimal,
    starts_on: date,
    program: Program | None = None,
    clock: Clock = database_clock,
) -> Criterion:
    """From `starts_on` (the vendor's today at the earliest) `tier` asks for at least `threshold` of `measure`; what it asked of
    that measure before ends the day before, what is announced for a later day begins on that day all the same.
    Raises NotAllowed, BadInput naming the field."""
    _check(by)
    now = clock()
    _check_values(tier, measure, threshold, starts_on, vendor_day(now))
    try:
        with transaction.atomic():
            last_day = _make_way(tier, measure, program, starts_on)
            wait_in_line(_SETTING)
            return Criterion.objects.create(
                tier=tier,
                measure=measure,
                program=program,
                threshold=threshold,
                starts_on=starts_on,
                ends_on=last_day,
                created_by=by,
                created_at=now,
            )
    except IntegrityError as error:  # the exclusion constraint: somebody did the same at this moment
        raise WrongStatus("Somebody changed this criterion at the same moment. Look at it again.") from error


def drop_criterion(criterion: Criterion, *, by: User, last_day: date, clock: Clock = database_clock) -> None:
    """The criterion binds until `last_day`, yesterday at the earliest; one that has not begun is taken away. Raises
    NotAllowed, BadInput."""
    _check(by)
    yesterday = vendor_day(clock()) - _DAY
    if last_day < yesterday:
        raise BadInput("What was asked on days that have passed can't be changed.", field="last_day")
    with transaction.atomic():
        locked = Criterion.objects.select_for_update().get(pk=criterion.pk)
        if locked.ends_on is not None and locked.ends_on <= last_day:
            raise WrongStatus("This criterion ends before that day already.")
        if locked.starts_on > last_day:
            locked.delete()
        else:
            locked.ends_on = last_day
            locked.save(update_fields=["ends_on"])


def _make_way(tier: str, measure: str, program: Program | None, starts_on: date) -> date | None:
    """Ends what is asked before that day, takes away what was to begin on it, and returns the last day that this leaves: the
    one before what is announced for later."""
    rows = Criterion.objects.select_for_update().filter(tier=tier, measure=measure, program=program)
    rows.filter(starts_on=starts_on).delete()
    for row in rows.filter(starts_on__lt=starts_on):
        if row.ends_on is None or row.ends_on >= starts_on:
            row.ends_on = starts_on - _DAY
            row.save(update_fields=["ends_on"])
    later = rows.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    return later.starts_on - _DAY if later else None


def _check(by: User) -> None:
    if not by.may(EDIT):
        raise NotAllowed("Your role does not include changing what tiers ask for.")


def _check_values(tier: str, measure: str, threshold: Decimal, starts_on: date, today: date) -> None:
    if tier not in LADDER or tier == BASE:
        raise BadInput("Choose a tier above the first one: that one asks for nothing.", field="tier")
    known = measure_of(measure)
    if known is None:
        raise BadInput("Choose a figure from the list.", field="measure")
    if threshold <= 0:
        raise BadInput("The least value must be above 0.", field="threshold")
    if (known.entered or known.unit() == "%") and threshold > known.most:
        raise BadInput(f"{known.label} goes up to {known.most:,.0f}.", field="threshold")
    if starts_on < today:
        raise BadInput("A criterion can't begin in the past.", field="starts_on")
