"""What all decisions of a referee have in common: move, note, receipt, mail, and the seconds in which to undo it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from registrations import workflow
from registrations.enums import Action, Audience, RefusalReason, Status
from registrations.models import Decision, Registration
from registrations.services import notices, receipts, timeline, undo
from registrations.services.transitions import Step, move


@dataclass(frozen=True)
class Words:
    """What is said with a decision: to the partner, among the vendor, and why by which rule."""

    rule: str
    text: str = ""
    internal_note: str = ""
    reason: RefusalReason | None = None


@dataclass(frozen=True)
class Waited:
    """From when a request waited for its decision, and when it was due, where that is not the registration's own clock."""

    since: datetime
    due: datetime


def decide(
    locked: Registration,
    action: Action,
    target: Status,
    *,
    by: User,
    at: datetime,
    words: Words,
    event: str,
    fields: Iterable[str] = (),
    waited: Waited | None = None,
    beside: Iterable[Registration] = (),
    first: Callable[[], object] | None = None,
    after: Callable[[Decision], object] | None = None,
) -> Decision:
    """Carries out a decision on a registration that came from `opened`. What ends a review, or goes on with it, is decided by
    the version that the registration came in under, whose days it gets; all else by the one in force. `first` is what
    has to be done before it is written, `after` what follows from it for others; `beside` are those elsewhere that it touches,
    such as who comes back by it, and who hears of that."""
    before = locked.status
    policy = locked.policy if action in workflow.DECIDES_REVIEW else None
    said = {"reason": words.reason.value} if words.reason else {}
    if words.text.strip():
        said["text"] = words.text
    with undo.kept(locked, action, beside=beside) as memory:
        if first is not None:
            first()
        move(locked, action, target, by=by, at=at, step=Step(said, fields))
        if words.internal_note.strip():
            note = {"text": words.internal_note}
            timeline.record(locked, "internal_note", actor=by, at=at, data=note, audience=Audience.VENDOR)
        memory.decision = decision = receipts.write(
            locked,
            action,
            before=before,
            by=by,
            at=at,
            rule=words.rule,
            reason_code=words.reason or "",
            text=words.text,
            internal_note=words.internal_note,
            policy=policy,
            clock=(waited.since, waited.due) if waited else None,
        )
        notices.decided(locked, event, decision)
        if after is not None:
            after(decision)
    return decision
