"""Ticking a step of onboarding, and taking the tick back."""

from datetime import datetime

from django.db import transaction

from accounts.absences import roster
from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import NotAllowed, WrongStatus
from partners.enums import ONBOARDING
from partners.models import OnboardingStep
from partners.permissions import may_do_step
from partners.services import notices, onboarding
from partners.services.history import record
from partners.services.locking import lock_firm
from partners.services.standing import activate_by_itself


def complete_step(step: OnboardingStep, *, by: User, clock: Clock = database_clock) -> OnboardingStep:
    """Ticks a step of a stage that is open. The last required one of a stage opens the next; the last of all activates the
    firm where its plan says so. Raises NotAllowed, WrongStatus."""
    with transaction.atomic():
        at = clock()
        locked = _locked(step, by, at)
        if locked.opened_at is None:
            raise WrongStatus("This step's stage is not open yet: the steps before it come first.")
        if locked.done_at is not None:
            raise WrongStatus(f"“{locked.title}” was done already, by {locked.done_by}.")
        locked.done_at, locked.done_by = at, by
        locked.save(update_fields=["done_at", "done_by"])
        record(locked.partner, "step_done", actor=by, at=at, data={"title": locked.title})
        opened = onboarding.open_stages(locked.partner, locked.source, at)
        notices.stage_opened(locked.partner, opened, but_not=by)
        if locked.source == ONBOARDING:
            activate_by_itself(locked.partner, clock=clock)
    return locked


def reopen_step(step: OnboardingStep, *, by: User, clock: Clock = database_clock) -> OnboardingStep:
    """Takes a tick back. Stages that opened by it stay open, and the step is reminded of once more. Raises NotAllowed,
    WrongStatus."""
    with transaction.atomic():
        at = clock()
        locked = _locked(step, by, at)
        if locked.done_at is None:
            raise WrongStatus(f"“{locked.title}” is not done.")
        locked.done_at = locked.done_by = locked.reminded_at = None
        locked.save(update_fields=["done_at", "done_by", "reminded_at"])
        record(locked.partner, "step_undone", actor=by, at=at, data={"title": locked.title})
    return locked


def _locked(step: OnboardingStep, by: User, at: datetime) -> OnboardingStep:
    """The step, behind the lock of its firm: two ticks at once are one after the other."""
    lock_firm(step.partner_id)
    locked = OnboardingStep.objects.select_related("partner__manager", "done_by").get(pk=step.pk)
    if not may_do_step(by, locked, roster(at).represented_by(by) if by.is_vendor else ()):
        raise NotAllowed("This step is for the other side to tick.")
    if locked.dropped_at is not None:
        raise WrongStatus("This step was taken back and is not needed any more.")
    return locked
