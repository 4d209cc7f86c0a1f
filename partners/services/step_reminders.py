"""Reminding of steps that fall due. A sweep: safe to run never, once or a hundred times, by two workers at once."""

import logging
from datetime import datetime

from django.db import transaction

from core.clock import Clock, database_clock, fixed
from partners.contacts import admins_of
from partners.enums import PartnerStatus, StepSide
from partners.keepers import keepers_of
from partners.models import OnboardingStep, Partner
from partners.services import notices
from partners.services.locking import lock_firm

log = logging.getLogger(__name__)
_WORKING_ON_IT = (PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE)


def remind_of_steps(*, clock: Clock = database_clock, dry_run: bool = False) -> list[str]:
    """Tells of each step that falls due within a day, once. What fell due while the portal was down comes in one mail to
    each person, not in ten. Returns the codes of the firms; those that raised are logged, and the others go on."""
    now = clock()
    due = OnboardingStep.objects.due(now).filter(partner__status__in=_WORKING_ON_IT)
    reminded = []
    for partner in Partner.objects.filter(pk__in=due.values("partner")).order_by("pk"):
        try:
            if dry_run or _remind(partner, now):
                reminded.append(partner.code)
        except Exception:
            log.exception("reminding %s of its steps failed; the others go on", partner.code)
    return reminded


def _remind(partner: Partner, now: datetime) -> bool:
    with transaction.atomic():
        firm = lock_firm(partner.pk)
        steps = list(OnboardingStep.objects.due(now).filter(partner=firm))
        if firm.status not in _WORKING_ON_IT or not steps:
            return False
        for side, people in (
            (StepSide.PARTNER, admins_of(firm)),
            (StepSide.VENDOR, keepers_of(firm, now)),
        ):
            own = [step for step in steps if step.side == side]
            if own:
                notices.steps_due(firm, own, people, clock=fixed(now))
        OnboardingStep.objects.filter(pk__in=[step.pk for step in steps]).update(reminded_at=now)
    return True
