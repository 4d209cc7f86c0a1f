"""What waits for a partner besides its deals: the open steps of its firm's onboarding."""

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from partners.enums import PartnerStatus, StepSide
from partners.models import OnboardingStep
from registrations.waiting import Group, Item

_SHOWN = 3
_OVER = (PartnerStatus.SUSPENDED, PartnerStatus.ENDED)


def steps_to_do(reader: User, now: datetime) -> list[Group]:
    """The firm's own steps of stages that are open, the first due first: one query."""
    member = getattr(reader, "member", None)
    if member is None or member.partner.status in _OVER:
        return []
    mine = OnboardingStep.objects.undone().filter(
        partner=member.partner_id, side=StepSide.PARTNER, opened_at__isnull=False
    )
    steps = list(mine.order_by("due_at", "stage", "place", "id"))
    if not steps:
        return []
    url = reverse("partners:onboarding", args=[member.partner.code])
    items = [_item(step, f"{url}#step-{step.pk}", timezone.localdate(now)) for step in steps[:_SHOWN]]
    return [Group("Steps for your firm", "list-check", items, len(steps), url)]


def _item(step: OnboardingStep, url: str, today: date) -> Item:
    last = timezone.localdate(step.due_at) if step.due_at else None
    if last is not None and last < today:
        late = f"Overdue since {last:%-d %b}"
        return Item(step.title, url, "Open", days=None, until=None, value=late)
    return Item(step.title, url, "Open", days=(last - today).days if last else None, until=step.due_at)
