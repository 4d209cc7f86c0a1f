"""A firm's firsts, as its page celebrates them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from partners.enums import MilestoneKind
from partners.models import Partner

# So long a first is news; afterwards it is one of the firm's facts.
_NEWS = timedelta(days=30)


@dataclass(frozen=True)
class MilestoneRow:
    """One first: `fresh` while it is news."""

    title: str
    day: str
    label: str
    icon: str
    fresh: bool


def milestones_of(partner: Partner, now: datetime) -> list[MilestoneRow]:
    """The firm's firsts, in the order they came: one query."""
    return [
        MilestoneRow(
            title=row.get_kind_display(),
            day=f"{timezone.localtime(row.at):%-d %b %Y}",
            label=row.label,
            icon="trophy" if row.kind == MilestoneKind.FIRST_WIN else "flag",
            fresh=now - row.at < _NEWS,
        )
        for row in partner.milestones.order_by("at", "id")
    ]
