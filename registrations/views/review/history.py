"""The timeline in the vendor's words, and what happened since a form was opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from registrations.enums import Action, RefusalReason, Status
from registrations.models import Registration, TimelineEntry
from registrations.views.review.ages import ago
from registrations.workflow import label_for

SHOWN = 30


@dataclass(frozen=True)
class _Kind:
    title: str
    icon: str = "point"
    tone: str = ""
    told: str = ""  # 'refused it', for 'Mara refused it 2 min ago'


_KINDS = {
    "draft": _Kind("Draft started", "pencil"),
    Action.SUBMIT: _Kind("Submitted", "send", "info", "submitted it"),
    Action.ASSIGN: _Kind("Assigned", "shield-check", "ok", "assigned it"),
    Action.REFUSE: _Kind("Refused", "ban", "stop", "refused it"),
    Action.ASK_INFORMATION: _Kind(
        "Information asked", "message-question", "ask", "asked the partner for information"
    ),
    Action.ANSWER: _Kind("The partner answered", "message", "info", "answered the question"),
    Action.WAITLIST: _Kind("Put on the waitlist", "hourglass", "info", "put it on the waitlist"),
    Action.REVOKE: _Kind("Revoked", "shield-off", "stop", "revoked it"),
    Action.UPDATE: _Kind("Updated", "refresh", "ok", "updated it"),
    Action.WITHDRAW: _Kind("Withdrawn", "arrow-back-up", "", "withdrew it"),
    Action.WIN: _Kind("Won", "trophy", "ok", "marked it as won"),
    Action.LOSE: _Kind("Lost", "trending-down", "", "marked it as lost"),
    Action.EXPIRE: _Kind("Expired", "clock", "", "let it expire"),
    Action.RETURN: _Kind("Back in review", "arrow-back-up", "wait", "returned it to review"),
    Action.MOVE_UP: _Kind("Moved up", "trending-up", "ok", "moved it up"),
    Action.JUDGE: _Kind("Companies compared", "gavel", "", "judged the company"),
    "internal_note": _Kind("Internal note", "lock", "", "wrote a note"),
    "attached": _Kind("File attached", "paperclip", "", "attached a file"),
    "conflict_noted": _Kind(
        "A later registration was noted", "arrows-split", "wait", "noted a later registration"
    ),
    "conflict_found": _Kind(
        "Another registration may collide", "arrows-split", "wait", "found another registration"
    ),
    "reminder": _Kind("Reminder sent", "bell", "", "sent a reminder"),
    "final_notice": _Kind("Final notice sent", "bell", "wait", "sent a final notice"),
    "extended_by_late_warning": _Kind(
        "Protection kept until the warning had time", "clock", "", "kept protection"
    ),
}


def timeline_of(registration: Registration, user: User) -> list[dict[str, Any]]:
    """The newest entries for components/timeline.html, one query. `number` is the entry's."""
    entries = registration.timeline.visible_to(user).select_related("actor").order_by("-number")[:SHOWN]
    return [_entry(entry) for entry in entries]


def changes_since(registration: Registration, number: int, now: datetime, user: User) -> list[str]:
    """What others did after timeline entry `number`, newest first: 'Mara refused it 2 min ago'."""
    entries = registration.timeline.visible_to(user).filter(number__gt=number).select_related("actor")
    told = []
    for entry in entries.order_by("-number")[:5]:
        kind = _KINDS.get(entry.kind)
        if kind and kind.told:
            told.append(f"{_who(entry)} {kind.told} {ago(entry.at, now)}.")
    return told


def _entry(entry: TimelineEntry) -> dict[str, Any]:
    kind = _KINDS.get(entry.kind) or _Kind(entry.kind.replace("_", " ").capitalize())
    return {
        "title": _title(kind, entry),
        "when": entry.at,
        "who": _who(entry),
        "body": _body(entry),
        "icon": kind.icon,
        "tone": kind.tone,
        "number": entry.number,
    }


def _title(kind: _Kind, entry: TimelineEntry) -> str:
    data = entry.data
    if entry.kind == Action.SUBMIT and data.get("to") in Status.values:
        return f"{kind.title}: {label_for(data['to'], vendor=True).lower()}"
    if entry.kind == Action.JUDGE:
        words = "Same company as" if data.get("verdict") == "same" else "Different company from"
        return f"{words} {data.get('company', '')}"
    if entry.kind in (Action.REFUSE, Action.REVOKE) and data.get("reason") in RefusalReason.values:
        return f"{kind.title}: {RefusalReason(data['reason']).label.lower()}"
    return kind.title


def _body(entry: TimelineEntry) -> str:
    data = entry.data
    if entry.kind == "attached":
        return str(data.get("name", ""))
    if entry.kind == "conflict_found":
        return f"{data.get('with', '')} may be the same company."
    return str(data.get("text") or data.get("rule") or "")


def _who(entry: TimelineEntry) -> str:
    return str(entry.actor) if entry.actor else "The portal"
