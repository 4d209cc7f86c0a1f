"""Reopening what was refused or revoked (R5): the new decision where the ten seconds of an undo are over."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from companies.services import lock_registry
from core.clock import Clock, database_clock
from core.errors import BadInput, WrongStatus
from partners.enums import PartnerStatus
from policies.models import RegistrationPolicy
from registrations.enums import REOPENED, Action, RequestState, Status
from registrations.models import Appeal, Decision, Registration
from registrations.permissions import bar_in_review, deciders_but
from registrations.services import coming_back, notices, routing
from registrations.services.clocks import review_due
from registrations.services.deciding import Words, decide
from registrations.services.transitions import opened

RULE = (
    "The decision before this one counts no more: the registration is reviewed again, with its place in time."
)


def reopen(
    registration: Registration,
    *,
    by: User,
    text: str,
    internal_note: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """Takes a refused or revoked registration back into review with its rank, whoever had decided: a person, the policy, or an
    appeal that was dismissed. It gives nobody anything and takes nothing from anybody: who has the deal keeps it, and in the
    review a person decides with the evidence. The partner reads `text`; an appeal that is open ends with what it was against.

    Who decided first may do it. Where a granted appeal led to the review that refused it, who may not decide that review may not
    decide the next one either. Raises BadInput without words; WrongStatus where the partnership ended; StaleVersion, NotAllowed.
    """
    if not text.strip():
        raise BadInput("Write a sentence that the partner will read.", field="text")
    with transaction.atomic():
        lock_registry()  # nobody submits the same in another spelling while the check is run again
        locked = opened(registration, Action.REOPEN, by=by, version=version)
        bar = what_bars(locked)
        if bar:
            raise WrongStatus(bar)
        at = clock()
        met = coming_back.look_locked(locked, at=at)
        locked.reviewer = reviewer_of(locked, at)
        locked.review_reasons = [REOPENED, *_still(locked), *(["check_failed"] if met.failed else [])]
        locked.waits_for = locked.closed_at = None
        locked.review_due_at = review_due(locked.policy or RegistrationPolicy.objects.in_force(at), at)
        return decide(
            locked,
            Action.REOPEN,
            Status.IN_REVIEW,
            by=by,
            at=at,
            words=Words(RULE, text, internal_note),
            event="registration.reopened",
            fields=("waits_for", "closed_at", "review_reasons", "reviewer", "review_due_at"),
            beside=met.rivals,
            after=_tell_reviewer,
        )


def what_bars(registration: Registration) -> str:
    """Why it cannot be reopened, in words for the vendor; '' where it can. A firm that is suspended can be active again when it
    is decided about; one whose partnership ended cannot be given the deal."""
    if registration.partner.status != PartnerStatus.ENDED:
        return ""
    return f"The partnership with {registration.partner} ended, so no deal can be given to it any more."


def reviewer_of(registration: Registration, at: datetime) -> User | None:
    """Whose desk it lands on: as a submission's; where that person may not decide it, its last reviewer's, else the first one's
    who may."""
    routed = routing.reviewer_for(registration, at)
    if routed is None or not _still(registration):
        return routed
    people = [routed, registration.reviewer, *deciders_but(None)]
    able = (person for person in people if person is not None and not bar_in_review(person, registration))
    return next(able, routed)


def ends_appeals(registration: Registration) -> list[Appeal]:
    """The open appeals that end with what they are against."""
    return list(registration.appeals.filter(state=RequestState.OPEN).order_by("pk"))


def _still(registration: Registration) -> list[str]:
    """Out of a review after a granted appeal it goes back into one: who was barred from that stays barred."""
    refused_there = registration.status == Status.REFUSED and "appeal" in registration.review_reasons
    return ["appeal"] if refused_there else []


def _tell_reviewer(made: Decision) -> None:
    """Whoever acts for the reviewer hears of it, unless they reopened it themselves."""
    if routing.acting_referee(made.registration, made.at) != made.by:
        notices.tell_referee(
            made.registration, "registration.review_needed", occasion=f"reopened:{made.code}"
        )
