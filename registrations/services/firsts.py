"""A firm's first registration and first win: marked once, where a status is written, and unmarked where that is undone."""

from datetime import datetime

from accounts.models import User
from partners.enums import MilestoneKind
from partners.models import FirmMilestone
from partners.services.milestones import reach, take_back
from registrations.enums import OPEN, Action, Status
from registrations.models import Registration, TimelineEntry

# From here a registration comes in: it was submitted, or given back after it had been refused.
_OUTSIDE = (Status.DRAFT, Status.REFUSED)


def mark(registration: Registration, action: Action, source: str, *, by: User | None, at: datetime) -> None:
    """Marks a first that this change of status is. A submission that the policy refused is none, until an appeal against it
    is granted; with the appeal it is undone."""
    if action == Action.UNDO:
        if source in OPEN and registration.status in _OUTSIDE:
            _unmark(registration, by=by, at=at)
        return
    if source in _OUTSIDE and registration.status in OPEN:
        kind = MilestoneKind.FIRST_REGISTRATION
    elif registration.status == Status.WON and action in (Action.WIN, Action.WIN_TOGETHER):
        kind = MilestoneKind.FIRST_WIN
    else:
        return
    reach(registration.partner, kind, about=registration.code, label=registration.company_name, by=by, at=at)


def _unmark(registration: Registration, *, by: User | None, at: datetime) -> None:
    """The registration is outside again: it was none, unless it had come in before as well. The next one that came in meanwhile
    is the first then."""
    found = FirmMilestone.objects.select_related("partner").filter(
        partner=registration.partner, kind=MilestoneKind.FIRST_REGISTRATION, about=registration.code
    )
    mark = found.first()
    if mark is None or _comings(registration):
        return
    take_back(mark, by=by, at=at)
    if (came := _next_after(mark)) is not None:
        about, label = came.registration.code, came.registration.company_name
        reach(
            mark.partner,
            MilestoneKind.FIRST_REGISTRATION,
            about=about,
            label=label,
            by=came.actor,
            at=came.at,
        )


def _comings(registration: Registration) -> list[TimelineEntry]:
    """The moments at which it came in, in order, but for those that were undone."""
    found: list[TimelineEntry] = []
    for entry in registration.timeline.filter(data__has_keys=["from", "to"]).order_by("number"):
        source, target = entry.data["from"], entry.data["to"]
        if entry.kind != Action.UNDO and source in _OUTSIDE and target in OPEN:
            found.append(entry)
        elif entry.kind == Action.UNDO and source in OPEN and target in _OUTSIDE:
            found = found[:-1]
    return found


def _next_after(mark: FirmMilestone) -> TimelineEntry | None:
    """How the firm's earliest registration since then came in, of those whose coming in was not undone; None without one."""
    entries = TimelineEntry.objects.filter(
        registration__partner=mark.partner, at__gte=mark.at, data__from__in=_OUTSIDE, data__to__in=OPEN
    ).exclude(kind=Action.UNDO)
    entry: TimelineEntry
    for entry in entries.select_related("registration", "actor").order_by("at", "registration__rank"):
        if entry in _comings(entry.registration):
            return entry
    return None
