"""Appeals that events have overtaken: what a grant could change is not there any more, so they close by themselves."""

from datetime import datetime

from accounts.models import User
from partners.enums import PartnerStatus
from registrations.enums import RequestState
from registrations.models import Appeal, Registration
from registrations.services import notices, timeline


def close_appeals(registration: Registration, *, by: User | None, at: datetime) -> None:
    """Closes the open appeals against decisions that led to another status than the registration has now, and writes to
    the partner why; not to `by`, whose own doing it was. The caller holds the registration's lock."""
    waiting = Appeal.objects.filter(registration=registration, state=RequestState.OPEN)
    for made in waiting.exclude(decision__status_after=registration.status).order_by("pk"):
        timeline.record(registration, "appeal_closed", actor=None, at=at, data={"appeal": made.code})
        close(made, registration, by=by, at=at)


def close(
    made: Appeal, registration: Registration, *, by: User | None, at: datetime, limit: str = ""
) -> None:
    """Closes one and writes to the partner why; `limit` says that what it asks for was given as often as the policy allows."""
    made.state, made.closed_at = RequestState.LAPSED, at
    made.save(update_fields=["state", "closed_at"])
    if registration.partner.status != PartnerStatus.ENDED:  # then one mail tells all that ended
        notices.tell_partner(
            registration,
            "registration.appeal_closed",
            occasion=f"{made.code}:v{registration.version}",  # it may be undone, and happen again
            but_not=by,
            at=at,
            appeal={"code": made.code, "asked_at": made.asked_at, "limit": limit},
        )
