"""How often a registration can be extended (R10), and the appeals that have nothing left to give once it was."""

from datetime import datetime

from accounts.models import User
from policies.models import RegistrationPolicy
from registrations.enums import Action, RequestState
from registrations.models import Appeal, Registration
from registrations.services import moot, timeline


def reached(registration: Registration, most: int) -> str:
    """That `most` extensions were given already, in words; '' while one is left."""
    if registration.extensions.filter(state=RequestState.GRANTED).count() < most:
        return ""
    times = {1: "once", 2: "twice"}.get(most, f"{most} times")
    return f"A registration can be extended {times}, and this one was."


def reached_for(registration: Registration, asked_at: datetime, now: datetime) -> str:
    """The same for a request made at `asked_at`: by the version that was in force then or that is `now`, whichever gives
    more, since what could be asked for can be given."""
    versions = [RegistrationPolicy.objects.in_force(moment) for moment in (asked_at, now)]
    return reached(registration, max(version.extensions_most for version in versions))


def close_appeals(registration: Registration, *, by: User, at: datetime) -> None:
    """Closes the open appeals against refused extensions where the last extension was given just now, and writes to the
    partner why. The caller holds the registration's lock."""
    waiting = Appeal.objects.filter(
        registration=registration, state=RequestState.OPEN, decision__action=Action.REFUSE_EXTENSION
    )
    for made in waiting.select_related("decision__extension").order_by("pk"):
        limit = reached_for(registration, made.decision.extension.asked_at, at)
        if limit:
            data = {"appeal": made.code, "text": limit}
            timeline.record(registration, "appeal_past_limit", actor=None, at=at, data=data)
            moot.close(made, registration, by=by, at=at, limit=limit)
