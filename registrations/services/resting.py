"""The clock of a review rests while both partners have a proposal to answer, as it does while the partner is asked. While
something is kept for the review it runs during a question, too: a line may wait for it."""

from datetime import datetime, timedelta

from core.business_time import add_business_hours, vendor_calendar
from policies.models import RegistrationPolicy
from registrations.enums import UNDER_REVIEW, AgreementState, Status
from registrations.models import Agreement, Registration
from registrations.services.clocks import review_due, time_left


def rest(newcomer: Registration) -> datetime | None:
    """Stops the clock of `newcomer`, which is locked. Returns when its answer was due: the proposal keeps it."""
    due = newcomer.review_due_at
    newcomer.review_due_at = None
    newcomer.save(update_fields=["review_due_at"])
    return due


def rest_on(back: Registration, at: datetime) -> None:
    """`back` comes back into review at `at`, before it is saved: where a proposal about it still waits, the clock that would
    begin anew begins when that is over."""
    waits = Agreement.objects.filter(other=back, state=AgreementState.PROPOSED, ended_at=None)
    agreement = waits.select_for_update(of=("self",)).first() if back.review_due_at is not None else None
    if agreement is None or back.review_due_at is None:
        return
    agreement.review_due_at = _later(agreement.proposed_at, back.review_due_at, at)
    agreement.save(update_fields=["review_due_at"])
    back.review_due_at = None


def run_while_asked(asked: Registration, at: datetime) -> None:
    """A question to the partner is open, and something is kept for the review of `asked`, from `at` on, before it is saved: the
    partner has as long to answer as the policy gives the vendor to decide, and then the review is overdue."""
    asked.review_due_at = review_due(asked.policy or RegistrationPolicy.objects.in_force(at), at)
    rest_on(asked, at)


def go_on(agreement: Agreement, at: datetime) -> None:
    """The proposal is over at `at` and the newcomer as it was: its clock goes on with the time that was left. What was overdue
    is overdue again, since the same moment."""
    if agreement.review_due_at is None:
        return
    due = _later(at, agreement.review_due_at, agreement.proposed_at)
    still = Registration.objects.filter(pk=agreement.other_id, status__in=(*UNDER_REVIEW, Status.WAITLISTED))
    still.filter(review_due_at=None).update(review_due_at=due)


def _later(at: datetime, due: datetime, stopped: datetime) -> datetime:
    """`due` as it is when a clock that stopped at `stopped` runs again from `at`."""
    left = time_left(due, stopped)
    return add_business_hours(at, left, vendor_calendar()) if left > timedelta(0) else due
