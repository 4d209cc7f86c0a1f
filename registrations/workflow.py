"""The life of a registration as data: every action, from where, to where, and who may do it.

Services ask `transition(action)` and never compare statuses themselves; screens ask `actions_for` which buttons to show.
Labels of statuses for each audience stand here too, keyed on codes.
"""

from dataclasses import dataclass

from accounts.models import User
from core.errors import NotAllowed, WrongStatus
from registrations.enums import OPEN, UNDER_REVIEW, Action, Status
from registrations.models import Registration
from registrations.permissions import bar_to_deciding, person_may

S = Status


@dataclass(frozen=True)
class Transition:
    """One action. `permission` is what a person needs; `by_portal` says that a sweep or the policy may do it, too."""

    action: Action
    sources: tuple[Status, ...]
    targets: tuple[Status, ...]
    permission: str | None
    by_portal: bool = False
    decision: bool = False


_REGISTER, _DECIDE, _REVOKE, _JUDGE = (
    "registrations.register",
    "registrations.decide",
    "registrations.revoke",
    "companies.judge",
)
# Where a decision that a partner may dispute can have left a registration.
_DISPUTED = (S.REFUSED, S.REVOKED, S.WAITLISTED, S.APPROVED)
_SUBMITTED = tuple(status for status in S if status != S.DRAFT)
_AGREEING = (*UNDER_REVIEW, S.WAITLISTED, S.APPROVED)
_LANDINGS = (S.APPROVED, S.IN_REVIEW, S.WAITLISTED, S.REFUSED)

TRANSITIONS: dict[Action, Transition] = {
    row.action: row
    for row in (
        Transition(Action.SUBMIT, (S.DRAFT,), _LANDINGS, _REGISTER, decision=True),
        Transition(Action.ASSIGN, (*UNDER_REVIEW, S.WAITLISTED), (S.APPROVED,), _DECIDE, decision=True),
        Transition(
            Action.REFUSE,
            (*UNDER_REVIEW, S.WAITLISTED, S.OFFERED),
            (S.REFUSED,),
            _DECIDE,
            by_portal=True,  # the policy, when its turn in line comes
            decision=True,
        ),
        Transition(Action.ASK_INFORMATION, (S.IN_REVIEW,), (S.INFORMATION_ASKED,), _DECIDE, decision=True),
        Transition(Action.ANSWER, (S.INFORMATION_ASKED,), (S.IN_REVIEW,), _REGISTER),
        Transition(Action.WAITLIST, UNDER_REVIEW, (S.WAITLISTED,), _DECIDE, decision=True),
        Transition(Action.JUDGE, UNDER_REVIEW, UNDER_REVIEW, _JUDGE, decision=True),
        Transition(
            Action.REVOKE,
            (S.APPROVED,),
            (S.REVOKED,),
            _REVOKE,
            by_portal=True,  # when the partnership with the firm ends
            decision=True,
        ),
        # The new decision after a slip whose mail has left, of a person or the policy. Who decided first may do it: it is in
        # the partner's favour, and opens a review, no more.
        Transition(Action.REOPEN, (S.REFUSED, S.REVOKED), (S.IN_REVIEW,), _DECIDE, decision=True),
        Transition(Action.UPDATE, (S.APPROVED,), (S.APPROVED,), _REGISTER),
        Transition(Action.WITHDRAW, OPEN, (S.WITHDRAWN,), _REGISTER),
        Transition(Action.WIN, (S.APPROVED,), (S.WON,), _REGISTER),
        Transition(Action.LOSE, OPEN, (S.LOST,), _REGISTER),
        Transition(Action.EXPIRE, (S.APPROVED,), (S.EXPIRED,), None, by_portal=True),
        # After the holder has won; and who was refused for a holder's sake, when the customer asks for them in writing.
        Transition(Action.RETURN, (S.WAITLISTED, S.REFUSED), (S.IN_REVIEW,), None, by_portal=True),
        Transition(Action.OFFER, (S.WAITLISTED,), (S.OFFERED,), None, by_portal=True, decision=True),
        Transition(Action.MOVE_UP, (S.OFFERED,), (S.APPROVED,), _REGISTER, decision=True),
        Transition(Action.DECLINE, (S.OFFERED,), (S.WITHDRAWN,), _REGISTER),
        Transition(Action.LAPSE, (S.OFFERED,), (S.EXPIRED,), None, by_portal=True, decision=True),
        Transition(Action.REORDER, (S.WAITLISTED,), (S.WAITLISTED,), _DECIDE, decision=True),
        # A split or a transfer: a manager proposes, both partners agree, then the portal carries it out.
        Transition(Action.PROPOSE, (*UNDER_REVIEW, S.WAITLISTED), (*UNDER_REVIEW, S.WAITLISTED), _DECIDE),
        Transition(Action.AGREE, _AGREEING, _AGREEING, _REGISTER),
        Transition(Action.DISAGREE, _AGREEING, _AGREEING, _REGISTER),
        Transition(
            Action.SHARE, (*UNDER_REVIEW, S.WAITLISTED), (S.SHARED,), None, by_portal=True, decision=True
        ),
        Transition(Action.UNSHARE, (S.SHARED,), (S.WAITLISTED,), None, by_portal=True),
        Transition(Action.WIN_TOGETHER, (S.SHARED,), (S.WON,), None, by_portal=True),
        Transition(Action.TRANSFER, (S.APPROVED,), (S.TRANSFERRED,), None, by_portal=True, decision=True),
        Transition(
            Action.TAKE_OVER,
            (*UNDER_REVIEW, S.WAITLISTED),
            (S.APPROVED,),
            None,
            by_portal=True,
            decision=True,
        ),
        Transition(Action.ASK_EXTENSION, (S.APPROVED,), (S.APPROVED,), _REGISTER),
        Transition(Action.EXTEND, (S.APPROVED,), (S.APPROVED,), _DECIDE, decision=True),
        Transition(Action.REFUSE_EXTENSION, (S.APPROVED,), (S.APPROVED,), _DECIDE, decision=True),
        Transition(Action.RELEASE, (S.APPROVED,), (S.WITHDRAWN,), _REGISTER),
        Transition(Action.CUSTOMER_LETTER, (S.APPROVED,), (S.REVOKED,), _REVOKE, decision=True),
        Transition(Action.APPEAL, _DISPUTED, _DISPUTED, _REGISTER),
        Transition(
            Action.GRANT_APPEAL, _DISPUTED, (S.APPROVED, S.IN_REVIEW, S.WAITLISTED), _DECIDE, decision=True
        ),
        Transition(Action.DISMISS_APPEAL, _SUBMITTED, _SUBMITTED, _DECIDE, decision=True),
        Transition(Action.UNDO, _SUBMITTED, _SUBMITTED, _DECIDE, by_portal=True),
    )
}

# What decides a registration under review, or begins to.
DECIDES_REVIEW = {Action.ASSIGN, Action.REFUSE, Action.ASK_INFORMATION, Action.WAITLIST}

PARTNER_LABELS: dict[Status, str] = {
    S.DRAFT: "Draft",
    S.IN_REVIEW: "In review",
    S.INFORMATION_ASKED: "We need an answer",
    S.WAITLISTED: "Waiting in line",
    S.OFFERED: "Offered to you",
    S.APPROVED: "Protected",
    S.SHARED: "Co-selling",
    S.REFUSED: "Refused",
    S.WITHDRAWN: "Withdrawn",
    S.WON: "Won",
    S.LOST: "Lost",
    S.EXPIRED: "Expired",
    S.REVOKED: "Revoked",
    S.TRANSFERRED: "Given to another partner",
}

# Where pills take their colour from; the text says the same.
TONES: dict[Status, str] = {
    S.DRAFT: "neutral",
    S.IN_REVIEW: "waiting",
    S.INFORMATION_ASKED: "attention",
    S.WAITLISTED: "waiting",
    S.OFFERED: "attention",
    S.APPROVED: "good",
    S.SHARED: "good",
    S.REFUSED: "bad",
    S.WITHDRAWN: "neutral",
    S.WON: "good",
    S.LOST: "neutral",
    S.EXPIRED: "neutral",
    S.REVOKED: "bad",
    S.TRANSFERRED: "neutral",
}


def transition(action: Action) -> Transition:
    """The row of the table for `action`."""
    return TRANSITIONS[action]


def label_for(status: str, *, vendor: bool) -> str:
    """The status in the reader's words."""
    return Status(status).label if vendor else PARTNER_LABELS[Status(status)]


def gives_back(source: str, target: str) -> bool:
    """Whether a change of status frees the scope. Under review, what was reserved for it stays reserved."""
    return source not in (S.DRAFT, S.WAITLISTED) and target not in (S.APPROVED, S.OFFERED, *UNDER_REVIEW)


def may(user: User, action: Action, registration: Registration) -> bool:
    """Whether `user` could do `action` now: the status allows it, the role allows it, and it is in their reach."""
    row = transition(action)
    return (
        registration.status in row.sources
        and person_may(user, row.permission, registration)
        and not (action in DECIDES_REVIEW and bar_to_deciding(user, registration))
    )


def actions_for(user: User, registration: Registration) -> set[str]:
    """The codes of all actions open to `user` on this registration: which buttons to show."""
    return {action.value for action in TRANSITIONS if may(user, action, registration)}


def check(user: User | None, action: Action, registration: Registration) -> None:
    """Raises WrongStatus or NotAllowed, in words. `user` None is the portal itself."""
    row = transition(action)
    if registration.status not in row.sources:
        now = label_for(registration.status, vendor=user is None or user.is_vendor)
        raise WrongStatus(
            f"{registration.code} is now “{now}”, so it cannot be changed in this way any more."
        )
    allowed = row.by_portal if user is None else person_may(user, row.permission, registration)
    if not allowed:
        raise NotAllowed("Your role does not include this.")
    barred = bar_to_deciding(user, registration) if user and action in DECIDES_REVIEW else ""
    if barred:
        raise NotAllowed(barred)
