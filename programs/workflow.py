"""The life of an enrolment as data: every action, from where, to where, and who may do it."""

from dataclasses import dataclass

from accounts.models import User
from core.errors import NotAllowed, WrongStatus
from programs.enums import EnrolmentAction, EnrolmentStatus, Joining
from programs.models import Enrolment
from programs.permissions import ENROL, JOIN, firm_of

A, S = EnrolmentAction, EnrolmentStatus


@dataclass(frozen=True)
class Transition:
    """One action. `permission` is what a person needs, None where only the portal does it; `by_firm` that it is for the
    enrolled firm's people; `by_portal` that a sweep may do it, too; `reason` that it needs one."""

    action: EnrolmentAction
    sources: tuple[EnrolmentStatus, ...]  # empty: it only begins an enrolment
    target: EnrolmentStatus
    permission: str | None
    by_firm: bool = False
    by_portal: bool = False
    reason: bool = False


TRANSITIONS: dict[EnrolmentAction, Transition] = {
    row.action: row
    for row in (
        Transition(A.INVITE, (), S.INVITED, ENROL),
        Transition(A.APPLY, (), S.APPLIED, JOIN, by_firm=True),
        # Who was asked, or asked, before the program came to take firms in by itself, comes in with the others.
        Transition(A.TAKE_IN, (S.INVITED, S.APPLIED), S.ENROLLED, None, by_portal=True),
        Transition(A.ACCEPT, (S.INVITED,), S.ENROLLED, JOIN, by_firm=True),
        Transition(A.DECLINE, (S.INVITED,), S.DECLINED, JOIN, by_firm=True),
        Transition(A.WITHDRAW, (S.APPLIED,), S.LEFT, JOIN, by_firm=True),
        Transition(A.APPROVE, (S.APPLIED,), S.ENROLLED, ENROL),
        Transition(A.REFUSE, (S.APPLIED,), S.REFUSED, ENROL, reason=True),
        Transition(A.LEAVE, (S.ENROLLED,), S.LEFT, JOIN, by_firm=True),
        # Back to what it was: the row's target is that of most of them.
        Transition(A.GO_ON, (S.ENDED,), S.ENROLLED, None, by_portal=True),
        Transition(A.END, (S.INVITED, S.APPLIED, S.ENROLLED), S.ENDED, ENROL, by_portal=True, reason=True),
    )
}

TONES = {
    S.INVITED: "ask",
    S.APPLIED: "wait",
    S.ENROLLED: "ok",
    S.DECLINED: "off",
    S.REFUSED: "stop",
    S.LEFT: "off",
    S.ENDED: "off",
}
# What a firm reads about itself.
FIRM_LABELS = {
    S.INVITED: "You are invited",
    S.APPLIED: "Applied: we decide",
    S.ENROLLED: "You take part",
    S.DECLINED: "You declined",
    S.REFUSED: "Not accepted",
    S.LEFT: "You left",
    S.ENDED: "Ended",
}


def check(user: User | None, action: EnrolmentAction, enrolment: Enrolment) -> Transition:
    """The row of `action`. Raises WrongStatus or NotAllowed, in words. `user` None is the portal itself."""
    row = TRANSITIONS[action]
    if enrolment.status not in row.sources:
        words = FIRM_LABELS if user is not None and user.is_partner_side else None
        label = words[S(enrolment.status)] if words else enrolment.get_status_display()
        raise WrongStatus(f"{enrolment.program.name} is now “{label}” here, so this can't be done any more.")
    check_person(user, row, enrolment.partner_id)
    return row


def check_person(user: User | None, row: Transition, partner_id: int) -> None:
    """Raises NotAllowed, in words, unless `user` may do this for that firm."""
    if user is None:
        allowed = row.by_portal
    else:
        allowed = row.permission is not None and user.may(row.permission)
        if allowed and row.by_firm:
            firm = firm_of(user)
            allowed = firm is not None and firm.pk == partner_id
    if not allowed:
        raise NotAllowed("Your role does not include this.")


def status_before(ended: Enrolment) -> EnrolmentStatus:
    """What an enrolment was before it ended."""
    if ended.decided_at is not None:
        return S.ENROLLED
    return S.INVITED if ended.way == Joining.INVITATION else S.APPLIED


def actions_for(user: User, enrolment: Enrolment) -> set[str]:
    """The codes of all actions open to `user` on this enrolment: which buttons to show."""
    found = set()
    for row in TRANSITIONS.values():
        if enrolment.status in row.sources:
            try:
                check_person(user, row, enrolment.partner_id)
            except NotAllowed:
                continue
            found.add(row.action.value)
    return found
