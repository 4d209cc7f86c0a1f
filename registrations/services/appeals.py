"""A partner disputes a decision (R14): once, within the policy's days, decided by somebody else than the first time."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction

from accounts.models import User
from companies.services import lock_registry
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, TooLate, WrongStatus
from partners.enums import PartnerStatus
from registrations.enums import Action, RequestState, Status
from registrations.models import Appeal, Decision, Extension, Registration
from registrations.permissions import deciders_but
from registrations.services import (
    answers_owed,
    attachments,
    extension_limit,
    extensions,
    line_order,
    moot,
    notices,
    passing,
    places,
    protection,
    waitlist,
)
from registrations.services.appeal_grants import Grant, what_a_grant_does
from registrations.services.clocks import review_due
from registrations.services.deciding import Waited, Words, decide
from registrations.services.passing import Passed
from registrations.services.transitions import Step, move, opened

_AGAINST_THE_PARTNER = {
    Action.REFUSE,
    Action.REVOKE,
    Action.WAITLIST,
    Action.REFUSE_EXTENSION,
    Action.CUSTOMER_LETTER,
}
_GIVEN_BACK = "An appeal against an earlier decision was granted."
_LANDED_BADLY = {Status.REFUSED, Status.WAITLISTED}


def can_be_disputed(decision: Decision) -> bool:
    """Whether it is a decision against the partner, by a person or by the policy."""
    if decision.action == Action.SUBMIT:
        return decision.status_after in _LANDED_BADLY
    if decision.action == Action.REORDER:
        return line_order.moved_back(decision)
    return decision.action in _AGAINST_THE_PARTNER


def open_until(decision: Decision) -> datetime:
    """The end of the time for an appeal, by the policy version that made the decision."""
    return decision.at + timedelta(days=decision.policy.appeal_days)


def appeal(
    decision: Decision,
    *,
    by: User,
    text: str,
    upload: "UploadedFile[Any] | None" = None,
    clock: Clock = database_clock,
) -> Appeal:
    """Disputes a decision. Raises TooLate after the policy's days; WrongStatus for the second time, for a decision that
    was not against the partner, or where the registration has moved on since; NotAllowed; BadInput without words."""
    if not text.strip():
        raise BadInput("Say what was overlooked; another person will read it.", field="text")
    with transaction.atomic():
        locked = opened(decision.registration, Action.APPEAL, by=by)
        decision = Decision.objects.select_related("policy").get(pk=decision.pk)
        at = clock()
        check(decision, locked, at)
        move(locked, Action.APPEAL, Status(locked.status), by=by, at=at, step=_step(decision, text))
        made = Appeal.objects.create(
            decision=decision,
            registration=locked,
            first_decider=decision.by,
            text=text,
            attachment=attachments.keep(locked, upload, by=by, at=at) if upload else None,
            asked_by=by,
            asked_at=at,
            due_at=review_due(decision.policy, at),
        )
        notices.appeal_received(made, judges_of(made))
    return made


def check(decision: Decision, registration: Registration, now: datetime) -> None:
    """Raises what stands against an appeal at `now`, in words that say what can be done instead."""
    if not can_be_disputed(decision) or decision.undone_at is not None:
        raise WrongStatus("There is nothing to appeal against in this decision.")
    earlier = Appeal.objects.filter(decision=decision).first()
    if earlier is not None:
        raise WrongStatus(
            f"You have appealed against this decision already ({earlier.code}). A decision can be disputed once."
        )
    if now > open_until(decision):
        days = decision.policy.appeal_days
        raise TooLate(
            f"A decision can be disputed for {days} {'day' if days == 1 else 'days'}, and these are over. "
            "You can register the deal again, or write to your channel manager."
        )
    if registration.partner.status == PartnerStatus.ENDED:
        raise WrongStatus("The partnership with your firm ended, so no deal can be given to it any more.")
    if reopened_since(decision) is not None:
        raise WrongStatus("This decision was reopened since, so there is nothing left to dispute in it.")
    if registration.status != decision.status_after:
        raise WrongStatus(
            f"{registration.code} has moved on since this decision, so there is nothing left to dispute in it."
        )
    if decision.action == Action.REORDER and not places.stands_behind_later(registration, at=now):
        raise WrongStatus(
            "Nobody who was submitted after you stands before you in line. An appeal gives back the order of submission, "
            "so there is nothing left to dispute."
        )
    limit = past_limit(decision, registration, now)
    if limit:
        raise WrongStatus(
            f"{limit} So there is nothing left to dispute. An update renews the protection in full."
        )


def reopened_since(decision: Decision) -> Decision | None:
    """The decision that reopened it: then it has no effect any more, even if the review that followed came to the same."""
    later = Decision.objects.filter(registration=decision.registration_id, at__gt=decision.at)
    return later.filter(action=Action.REOPEN, undone_at=None).order_by("at", "pk").first()


def past_limit(decision: Decision, registration: Registration, now: datetime) -> str:
    """That all extensions which the policy allows were given since this one was refused, in words; '' for all else."""
    if decision.action != Action.REFUSE_EXTENSION:
        return ""
    return extension_limit.reached_for(registration, decision.extension.asked_at, now)


def judges_of(made: Appeal) -> "models.QuerySet[User]":
    """Who may decide it: everybody who referees but the one who decided first."""
    return judges_but(made.first_decider_id)


def judges_but(first_decider: int | None) -> "models.QuerySet[User]":
    """Who may decide about a decision of that person; None: of the policy."""
    return deciders_but(first_decider)


def grant(
    made: Appeal,
    *,
    by: User,
    text: str,
    internal_note: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """The partner was right. An extension is granted, a place in line given back; else the deal is protected anew, or, where
    it collides with another registration or somebody goes before it, goes back to a review by `by`."""
    with transaction.atomic():
        lock_registry()  # nobody submits the same in another spelling while the check is run again
        locked, made, at = _opened(made, Action.GRANT_APPEAL, by=by, text=text, version=version, clock=clock)
        fields: tuple[str, ...] = ("waits_for", "closed_at")
        locked.waits_for = locked.closed_at = None
        grants = what_a_grant_does(made, locked, at, locked=True)
        target = grants.status
        if made.decision.action == Action.REFUSE_EXTENSION:
            extension = made.decision.extension
            limit = past_limit(made.decision, locked, at)
            if limit:
                raise WrongStatus(f"{limit} So the appeal can only be dismissed.")
            extension.registration = locked
            locked.protected_until = extensions.new_end(extension, at)
            rule, fields = f"Protection is extended by {extension.days} days after all.", ("protected_until",)
        elif target == Status.WAITLISTED:
            rule, fields = (
                "The first decision does not stand: you have your place by time of submission again.",
                (),
            )
        elif target == Status.APPROVED:
            protection.renew(locked, made.decision.policy, at=at)
            locked.policy = made.decision.policy
            rule, fields = (
                "The first decision does not stand: the deal is yours.",
                (*fields, "policy", *protection.FIELDS),
            )
        else:
            locked.reviewer = by
            locked.review_reasons = ["appeal", "check_failed"] if grants.failed else ["appeal"]
            locked.review_due_at = review_due(made.decision.policy, at)
            rule = "The first decision does not stand: the registration is reviewed anew, with its place in time."
            fields = (*fields, "reviewer", "review_reasons", "review_due_at")
        return _close(
            locked,
            made,
            Action.GRANT_APPEAL,
            target,
            at=at,
            by=by,
            words=Words(rule, text, internal_note),
            fields=fields,
            grants=grants,
        )


def dismiss(
    made: Appeal,
    *,
    by: User,
    text: str,
    internal_note: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """The first decision stands, with the reason why. There is no further appeal."""
    with transaction.atomic():
        locked, made, at = _opened(
            made, Action.DISMISS_APPEAL, by=by, text=text, version=version, clock=clock
        )
        fields = answers_owed.answer_no(locked, made, at)
        rule = "The first decision was looked at by another person, and stands."
        rule += answers_owed.rule_of_end(locked, fields)
        words = Words(rule, text, internal_note)
        return _close(
            locked,
            made,
            Action.DISMISS_APPEAL,
            Status(locked.status),
            at=at,
            by=by,
            words=words,
            fields=fields,
        )


def has_moved_on(made: Appeal, registration: Registration) -> bool:
    """Whether something else happened to the registration since, or the partnership ended: then there is nothing left that
    could be granted."""
    return (
        registration.partner.status == PartnerStatus.ENDED
        or registration.status != made.decision.status_after
    )


def _opened(
    made: Appeal, action: Action, *, by: User, text: str, version: int | None, clock: Clock
) -> tuple[Registration, Appeal, datetime]:
    """The registration and the appeal, locked and fit to be decided by `by`."""
    if not text.strip():
        raise BadInput("Write a sentence that the partner will read.", field="text")
    if by.pk == made.first_decider_id:
        raise NotAllowed(
            "You made the decision that this appeal is against, so somebody else has to decide it. "
            "It stays on the list of requests for them."
        )
    locked = opened(made.registration, action, by=by, version=version)
    made = Appeal.objects.select_for_update(of=("self",)).select_related("decision__policy").get(pk=made.pk)
    if made.state == RequestState.LAPSED:
        raise WrongStatus(f"{locked.code} has moved on since the decision, so this appeal closed by itself.")
    if made.state != RequestState.OPEN:
        raise WrongStatus("Somebody has decided this appeal already.")
    if action == Action.GRANT_APPEAL and has_moved_on(made, locked):
        raise WrongStatus(
            f"{locked.code} has moved on since the decision, or the partnership ended, so the appeal can only be dismissed."
        )
    return locked, made, clock()


def _close(
    locked: Registration,
    made: Appeal,
    action: Action,
    target: Status,
    *,
    by: User,
    at: datetime,
    words: Words,
    fields: tuple[str, ...],
    grants: Grant | None = None,
) -> Decision:
    granted = action == Action.GRANT_APPEAL

    def keep(outcome: Decision) -> None:
        made.state = RequestState.GRANTED if granted else RequestState.REFUSED
        made.closed_at, made.decided_by, made.outcome = at, by, outcome
        made.save(update_fields=["state", "closed_at", "decided_by", "outcome"])
        if granted and made.decision.action == Action.REORDER:
            line_order.by_time(locked, by=by, at=at)
        moot.close_appeals(locked, by=by, at=at)  # others, against what stood before
        if granted:  # the extension that was refused counts as one that was granted
            Extension.objects.filter(decision=made.decision_id).update(state=RequestState.GRANTED)
            extension_limit.close_appeals(locked, by=by, at=at)
        if granted and target == Status.APPROVED:
            waitlist.wait_behind(locked, at=at)
        if grants is not None:
            passing.tell(Passed(claims=grants.claims), outcome, reason=_GIVEN_BACK, by=by)

    return decide(
        locked,
        action,
        target,
        by=by,
        at=at,
        words=words,
        event="registration.appeal_granted" if granted else "registration.appeal_dismissed",
        fields=fields,
        waited=Waited(made.asked_at, made.due_at),
        beside=grants.rivals if grants else (),
        after=keep,
    )


def _step(decision: Decision, text: str) -> Step:
    return Step({"text": text, "decision": decision.code})
