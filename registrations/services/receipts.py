"""Writing the receipt of a decision."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from policies.models import RegistrationPolicy
from policies.sources import Source
from registrations.enums import Action, Status
from registrations.models import Decision, Registration

# Where a partner was told until when there will be an answer. While they are asked themselves the clock stands still.
_PROMISED = (Status.DRAFT, Status.IN_REVIEW)


def write(
    registration: Registration,
    action: Action,
    *,
    before: str,
    by: User | None,
    at: datetime,
    rule: str,
    reason_code: str = "",
    text: str = "",
    internal_note: str = "",
    policy: RegistrationPolicy | None = None,
    records: Sequence[Source] = (),
    clock: tuple[datetime, datetime] | None = None,
) -> Decision:
    """Keeps a decision with `policy`, the version that it was made by; unless told, the one in force. `records` are the rows
    that the rule stands in, where rules decided. Call after the move.

    `clock` is since when it was waited for and when it was due, unless those are the registration's own. A decision about
    what waits for no review, such as a revocation, answers nothing that was promised by a day: it was due at none.
    """
    due = registration.review_due_at if before in _PROMISED else None
    since, due = clock or (registration.submitted_at, due)
    return Decision.objects.create(
        registration=registration,
        action=action,
        status_before=before,
        status_after=registration.status,
        reason_code=reason_code,
        rule=rule,
        records=list(records),
        text=text,
        internal_note=internal_note,
        policy=policy or RegistrationPolicy.objects.in_force(at),
        by=by,
        at=at,
        clock_start=since,
        clock_due=due,
    )
