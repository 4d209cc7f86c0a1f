"""Firsts of a firm. Apps further up say when one is reached; the database lets it happen once."""

from datetime import datetime

from accounts.models import User
from partners.enums import MilestoneKind
from partners.models import FirmMilestone, Partner
from partners.services import notices
from partners.services.history import record

UNDONE = "first_undone"


def reach(
    partner: Partner, kind: MilestoneKind, *, about: str, label: str, by: User | None, at: datetime
) -> FirmMilestone | None:
    """Marks a first, tells the firm and its manager by a quiet notice; None where it was reached before. Call inside the
    transaction that reaches it. `about` is the public code of the record, `label` its name."""
    mark = FirmMilestone(partner=partner, kind=kind, at=at, about=about, label=label[:250])
    if FirmMilestone.objects.filter(partner=partner, kind=kind).exists():
        return None
    # Of two at the same moment the second waits here for the first, and writes nothing.
    FirmMilestone.objects.bulk_create([mark], ignore_conflicts=True)
    mark = FirmMilestone.objects.get(partner=partner, kind=kind)
    if mark.about != about:
        return None
    record(partner, kind.value, actor=by, at=at, data={"about": about, "label": label})
    notices.milestone_reached(mark, by if by is not None and by.is_partner_side else None)
    return mark


def take_back(mark: FirmMilestone, *, by: User | None, at: datetime) -> None:
    """Unmarks a first, since what reached it was undone; its notices go. Whoever calls marks the next one. Call inside the
    transaction that undoes it."""
    data = {"about": mark.about, "label": mark.label}
    record(mark.partner, UNDONE, actor=by, at=at, data=data)
    notices.milestone_undone(mark)
    mark.delete()
