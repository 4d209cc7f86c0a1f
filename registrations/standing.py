"""Where a registration stands, for people: the steps of the tracker, and what happens next and by when."""

from dataclasses import dataclass
from datetime import datetime

from registrations import shown
from registrations.enums import OPEN, UNDER_REVIEW, Status
from registrations.models import Registration

S = Status
_SOON = 14  # days ahead from which the end of protection is the first thing to say


@dataclass(frozen=True)
class Step:
    """A step of templates/components/tracker.html; state is done, current, todo or stopped."""

    label: str
    state: str = "todo"
    note: str = ""


@dataclass(frozen=True)
class Next:
    """What happens next: a heading, a sentence, and the tone of both."""

    title: str
    text: str
    tone: str = "info"


_STOPPED = {S.REFUSED: "Refused", S.REVOKED: "Revoked", S.EXPIRED: "Expired", S.WITHDRAWN: "Withdrawn"}


def steps(registration: Registration, *, vendor: bool = False) -> list[Step]:
    """Registered → review → protected → outcome, as far as this one has come. Once it has ended nothing is to come."""
    status = Status(registration.status)
    if status == S.DRAFT:
        return [Step("Draft", "current"), Step("Review"), Step("Protected"), Step("Outcome")]
    first = Step("Registered", "done", shown.day(registration.submitted_at))
    was_protected = registration.protected_from is not None
    found = [
        first,
        _review(registration, was_protected, vendor),
        _protected(registration),
        _outcome(registration),
    ]
    return [step for step in found if step.state != "todo" or status in OPEN]


def _review(registration: Registration, was_protected: bool, vendor: bool) -> Step:
    match registration.status:
        case S.IN_REVIEW:
            due = registration.review_due_at
            return Step("In review", "current", f"Answer due {shown.day(due)}" if due else "")
        case S.INFORMATION_ASKED:
            note = "The partner has a question to answer" if vendor else "We wait for your answer"
            return Step("Question", "current", note)
        case S.WAITLISTED:
            return Step("Waiting in line", "current", "First come, first served")
        case S.SHARED:
            return Step("Agreed", "done")
        case S.OFFERED:
            note = "The partner has not answered yet" if vendor else "Accept or decline"
            return Step("Offered", "current", note)
        case S.EXPIRED if not was_protected:
            return Step("Not answered", "stopped", _ended(registration))
        case S.REFUSED:
            return Step("Refused", "stopped", _ended(registration))
    if was_protected:
        return Step("Checked", "done")
    return Step("Review")


def _protected(registration: Registration) -> Step:
    if registration.status == S.SHARED:
        return Step("Co-selling", "current", "Another partner's registration holds it for both")
    if registration.status == S.TRANSFERRED:
        return Step("Transferred", "stopped", _ended(registration))
    if registration.protected_from is None or registration.status in UNDER_REVIEW:
        return Step("Protected")  # it may have been, before it was revoked
    if registration.status == S.APPROVED:
        return Step("Protected", "current", f"Until {shown.day(registration.protected_until)}")
    if registration.status in (S.EXPIRED, S.REVOKED):
        return Step(_STOPPED[Status(registration.status)], "stopped", _ended(registration))
    return Step("Protected", "done", f"From {shown.day(registration.protected_from)}")


def _outcome(registration: Registration) -> Step:
    match registration.status:
        case S.WON | S.LOST:
            label = "Won" if registration.status == S.WON else "Lost"
            return Step(label, "done" if label == "Won" else "stopped", shown.day(registration.closed_on))
        case S.WITHDRAWN:
            return Step("Withdrawn", "stopped", _ended(registration))
    return Step("Outcome")


def _ended(registration: Registration) -> str:
    return shown.day(registration.closed_at or registration.changed_at)


def what_next(
    registration: Registration,
    *,
    place: int = 0,
    days: int | None = None,
    answer_by: str = "",
    again_from: str = "",
    saved_until: str = "",
    waits_for: str = "",
) -> Next | None:
    """What the partner can expect, truthfully and with a day where there is one; None when nothing follows.
    `saved_until` is the last moment of the days of grace, where the policy gives some; `waits_for` names the request that
    the end of protection waits for, and when its answer is due."""
    due = shown.day(registration.review_due_at)
    until = shown.day(registration.protected_until)
    match registration.status:
        case S.DRAFT:
            return Next("Not submitted yet", "Complete the details, check your answers, and submit.")
        case S.IN_REVIEW:
            by = f" by {due}" if due else ""
            return Next(
                "A channel manager looks at it", f"You get an answer{by}, by e-mail and here.", "wait"
            )
        case S.INFORMATION_ASKED:
            return Next(
                "We need an answer from you", "The review goes on as soon as you have answered.", "ask"
            )
        case S.WAITLISTED:
            where = "You are next in line" if place == 1 else f"You are number {place} in line"
            rule = (
                "This opportunity is registered already. First come, first served: when the registration before "
                "yours ends without a win, the next in line by time of submission is offered the deal. When that is you, "
                "we write to you, and nobody else can take it while you decide."
            )
            if registration.line_order not in (None, registration.rank):
                rule += " A channel manager gave you another place than the time of submission would; the receipt says why."
            return Next(where, rule)
        case S.OFFERED:
            text = (
                "The registration before yours ended, and you were next in line. Accept, and protection begins; decline, "
                "or let the day pass, and the next in line is offered the deal."
            )
            return Next(f"It is your turn: answer by {answer_by}", text, "ask")
        case S.EXPIRED if registration.protected_from is None:
            text = (
                "It was offered to you when your turn came, and not answered in time. If you still work on the deal, "
                "use it again for a new registration."
            )
            return Next("The offer has ended", text, "wait")
        case S.APPROVED if waits_for and days is not None and days <= _SOON:
            return Next("Protected until your request is answered", _runs_on(days, until, waits_for), "wait")
        case S.APPROVED:
            return Next(*_keep_alive(days, until, saved_until))
        case S.SHARED:
            text = (
                "Another partner's registration holds the deal for both. If it ends without a win, yours goes back into line, "
                "at its own place."
            )
            return Next("You sell this together", text, "ok")
        case S.TRANSFERRED:
            return Next(
                "The deal went to another partner", "Both of you agreed. The receipt says what was agreed."
            )
        case S.REFUSED:
            text = (
                "The receipt says why, by which rule, and how to appeal. You can use the details again for a new "
                "registration."
            )
            return Next("This registration was refused", text, "stop")
        case S.REVOKED:
            return Next(
                "Protection was taken away", "The receipt says why, by which rule, and how to appeal.", "stop"
            )
        case S.EXPIRED:
            text = "Nobody updated it in time. If you still work on the deal, use it again for a new registration."
            if again_from:
                text = (
                    f"Nobody updated it in time. Your firm can register this company again from {again_from} on; until "
                    "then it is open to others."
                )
            return Next("Protection has ended", text, "wait")
        case S.WITHDRAWN if again_from:
            text = (
                "It was given up after its final notice, which counts as letting it expire. Your firm can register this company "
                f"again from {again_from} on; until then it is open to others."
            )
            return Next("You gave this deal up", text, "wait")
        case S.WON:
            return Next("Well done: this deal is won", "Nothing more is needed here.", "ok")
    return None


def _runs_on(days: int, until: str, waits_for: str) -> str:
    ends = "ran" if days < 0 else "runs"
    return (
        f"It {ends} until {until}, and goes on until we have answered {waits_for}: the deal does not expire before. "
        "If something moved, post an update: that renews the protection at once."
    )


def _keep_alive(days: int | None, until: str, saved_until: str) -> tuple[str, str, str]:
    text = f"No other partner can hold this company for the same products until {until}. Each update renews that."
    if days is not None and days < 0:
        text = f"It ran until {until}. An update now still saves the deal; without one it expires."
        if saved_until:
            text = (
                f"It ran until {until}. An update still saves the deal until {saved_until}, and nobody else gets it before "
                "then; without one it expires."
            )
        return "Protection has run out: post an update now", text, "stop"
    if days is not None and days <= _SOON:
        return "Protection ends soon: post an update", text, "wait"
    return "The deal is protected for you", text, "ok"


def landed(registration: Registration) -> str:
    """Where a submission landed, as a heading."""
    return {
        S.APPROVED: "The deal is protected for you",
        S.IN_REVIEW: "Submitted: a channel manager looks at it",
        S.WAITLISTED: "Submitted: you wait in line",
        S.REFUSED: "The policy does not allow this registration",
    }.get(Status(registration.status), "Your registration was submitted")


def expects_answer_by(registration: Registration) -> datetime | None:
    """By when the vendor promises an answer; None when none is due."""
    return registration.review_due_at if registration.status == S.IN_REVIEW else None
