"""The life of a lead as data: every action, from where, to where, and who may do it."""

from dataclasses import dataclass

from accounts.models import User
from core.errors import NotAllowed, WrongStatus
from leads.enums import LeadAction, LeadStatus
from leads.models import Gift, Lead
from leads.permissions import MANAGE, WORK, person_may

S = LeadStatus


@dataclass(frozen=True)
class Transition:
    """One action. `permission` is what a person needs, None where only the portal does it; `by_portal` says that a
    sweep, or a lead going on to the next firm, may do it, too; `by_holder` that it is for the firm that has the lead."""

    action: LeadAction
    sources: tuple[LeadStatus, ...]
    target: LeadStatus | None  # None: it stays
    permission: str | None
    by_portal: bool = False
    by_holder: bool = False


TRANSITIONS: dict[LeadAction, Transition] = {
    row.action: row
    for row in (
        Transition(LeadAction.CHANGE, (S.NEW, S.POOLED), None, MANAGE),
        Transition(LeadAction.GIVE, (S.NEW, S.POOLED), S.GIVEN, MANAGE, by_portal=True),
        Transition(LeadAction.POOL, (S.NEW,), S.POOLED, MANAGE, by_portal=True),
        Transition(LeadAction.CLAIM, (S.POOLED,), S.GIVEN, WORK),
        Transition(LeadAction.ACCEPT, (S.GIVEN,), S.ACCEPTED, WORK, by_holder=True),
        Transition(LeadAction.DECLINE, (S.GIVEN,), S.NEW, WORK, by_holder=True),
        Transition(LeadAction.PULL_BACK, (S.GIVEN,), S.NEW, None, by_portal=True),
        Transition(LeadAction.TAKE_BACK, (S.GIVEN, S.POOLED), S.NEW, MANAGE, by_portal=True),
        Transition(LeadAction.CLOSE, (S.NEW, S.POOLED), S.CLOSED, MANAGE),
    )
}

_GONE = "gone"
# What a firm reads: about a lead that it has, may claim, or had.
_PARTNER_LABELS = {
    S.NEW: "No longer with you",
    S.POOLED: "In the pool",
    S.GIVEN: "Waiting for your answer",
    S.ACCEPTED: "Accepted by you",
    S.CLOSED: "No longer with you",
    _GONE: "No longer with you",
}
# Colours of pills; the words say the same.
TONES = {S.NEW: "ask", S.POOLED: "info", S.GIVEN: "wait", S.ACCEPTED: "ok", S.CLOSED: "off"}

_TAKEN = "Another firm claimed this lead before you. Nothing was changed; the pool shows what is left."
OUT_OF_POOL = "The vendor took this lead out of the pool. The pool shows what is left."
_CAME_TOO_LATE = {
    # What that firm made of it is nobody else's business: whether a company is registered is not told (R3). Nor how
    # long ago it was: the page of who comes too late may have stood open for days.
    S.GIVEN: _TAKEN,
    S.ACCEPTED: _TAKEN,
    S.NEW: OUT_OF_POOL,
    S.CLOSED: "The vendor closed this lead. The pool shows what is left.",
}


def tone_of(status: str) -> str:
    """The pill's tone for a status."""
    return TONES[LeadStatus(status)]


def partner_label(status: str, *, has_it: bool) -> str:
    """The status in a firm's words; `has_it` whether the lead is with that firm (or in its pool)."""
    return _PARTNER_LABELS[LeadStatus(status) if has_it else _GONE]


def may(user: User, action: LeadAction, lead: Lead, gift: Gift | None) -> bool:
    """Whether `user` could do `action` now; `gift` is the lead's open one."""
    row = TRANSITIONS[action]
    if lead.status not in row.sources or row.permission is None:
        return False
    return person_may(user, row.permission, gift, needs_gift=row.by_holder)


def actions_for(user: User, lead: Lead, gift: Gift | None) -> set[str]:
    """The codes of all actions open to `user` on this lead: which buttons to show."""
    return {action.value for action in TRANSITIONS if may(user, action, lead, gift)}


def check(user: User | None, action: LeadAction, lead: Lead, gift: Gift | None) -> None:
    """Raises WrongStatus or NotAllowed, in words. `user` None is the portal itself."""
    row = TRANSITIONS[action]
    if lead.status not in row.sources:
        raise WrongStatus(_too_late(user, action, lead))
    if user is None:
        allowed = row.by_portal
    else:
        allowed = row.permission is not None and person_may(
            user, row.permission, gift, needs_gift=row.by_holder
        )
    if allowed:
        return
    if row.by_holder and user is not None and user.may(WORK):
        raise WrongStatus(
            "This lead is no longer with your firm, so it can't be answered any more. Your leads show what became of it."
        )
    raise NotAllowed("Your role does not include this.")


def _too_late(user: User | None, action: LeadAction, lead: Lead) -> str:
    if action == LeadAction.CLAIM:
        return _CAME_TOO_LATE[LeadStatus(lead.status)]
    if user is not None and user.is_partner_side:
        return "This lead is no longer waiting for your answer, so nothing was changed. Your leads show what became of it."
    return f"{lead.code} is now “{lead.get_status_display()}”, so this can't be done to it any more."
