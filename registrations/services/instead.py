"""What can be decided where a decision cannot be undone any more, by where its registration stands now."""

from partners.enums import PartnerStatus
from registrations.enums import Action, Status
from registrations.models import Appeal, Decision, Registration
from registrations.workflow import label_for

S, A = Status, Action

# Status → the decisions that lead on from there, and how they are named.
WAYS: dict[Status, tuple[tuple[Action, ...], str]] = {
    S.IN_REVIEW: (
        (A.ASSIGN, A.REFUSE, A.ASK_INFORMATION, A.WAITLIST),
        "decide about {code}, which is in review",
    ),
    S.INFORMATION_ASKED: (
        (A.ASSIGN, A.REFUSE, A.WAITLIST),
        "approve, refuse or waitlist {code}, which need not wait for the answer",
    ),
    S.WAITLISTED: ((A.ASSIGN, A.REFUSE), "approve or refuse {code}, which waits in line"),
    S.OFFERED: ((A.REFUSE,), "refuse {code}, which is offered to its partner"),
    S.APPROVED: ((A.REVOKE,), "revoke {code}"),
    S.REFUSED: ((A.REOPEN,), "reopen {code}, which goes back into review with its place in time"),
    S.REVOKED: ((A.REOPEN,), "reopen {code}, which goes back into review with its place in time"),
}
# What is not about the status has a way of its own.
_JUDGED = "take back what was said about the two on the company's page"
_ORDER = "change the order of the line once more"
_MORE_TIME = "grant the extension when the partner asks again"
_DAYS_STAY = "An extension that was granted stays: only revoking the protection takes back its days."
_STILL_GIVEN = ". What the customer's letter gave away stays given until that is revoked"


def instead(decision: Decision, *, kind: str = "a new decision") -> str:
    """The sentence that names a decision which can be made now instead of an undo. `kind` is what it is called."""
    deal = decision.registration
    if deal.status == S.APPROVED and _gave_days(decision):
        return _DAYS_STAY
    way = _way(decision, deal)
    if way:
        return f"Make {kind} instead: {way}."
    return (
        f"{deal.code} is now “{label_for(deal.status, vendor=True)}”, so nothing is left to decide about it."
    )


def _way(decision: Decision, deal: Registration) -> str:
    about = _about(decision)
    if about == A.JUDGE:
        return _JUDGED
    if about == A.REORDER and deal.status == S.WAITLISTED:
        return _ORDER
    if about == A.REFUSE_EXTENSION and deal.status == S.APPROVED:
        return _MORE_TIME
    if deal.status not in WAYS or deal.partner.status == PartnerStatus.ENDED:
        return ""
    way = WAYS[Status(deal.status)][1].format(code=deal.code)
    return way + (_STILL_GIVEN if about == A.CUSTOMER_LETTER and deal.status == S.REVOKED else "")


def _gave_days(decision: Decision) -> bool:
    """Whether it granted an extension, or an appeal about one."""
    if decision.action != A.GRANT_APPEAL:
        return decision.action == A.EXTEND
    return Appeal.objects.filter(outcome=decision, decision__action=A.REFUSE_EXTENSION).exists()


def _about(decision: Decision) -> str:
    """What was decided; of a dismissed appeal what it was against, which stands."""
    if decision.action != A.DISMISS_APPEAL:
        return decision.action
    return Appeal.objects.values_list("decision__action", flat=True).get(outcome=decision)
