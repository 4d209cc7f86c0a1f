"""The timeline in the vendor's words, and what happened since a form was opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from registrations.enums import Action, RefusalReason, Status
from registrations.models import Registration, TimelineEntry
from registrations.services import first_come
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
    Action.ASSIGN: _Kind("Approved", "shield-check", "ok", "approved it"),
    Action.REFUSE: _Kind("Refused", "ban", "stop", "refused it"),
    Action.ASK_INFORMATION: _Kind(
        "Information asked", "message-question", "ask", "asked the partner for information"
    ),
    Action.ANSWER: _Kind("The partner answered", "message", "info", "answered the question"),
    Action.WAITLIST: _Kind("Put on the waitlist", "hourglass", "info", "put it on the waitlist"),
    Action.REVOKE: _Kind("Revoked", "shield-off", "stop", "revoked it"),
    Action.REOPEN: _Kind("Reopened", "refresh", "wait", "reopened it"),
    Action.UPDATE: _Kind("Updated", "refresh", "ok", "updated it"),
    Action.WITHDRAW: _Kind("Withdrawn", "arrow-back-up", "", "withdrew it"),
    Action.WIN: _Kind("Won", "trophy", "ok", "marked it as won"),
    Action.LOSE: _Kind("Lost", "trending-down", "", "marked it as lost"),
    Action.EXPIRE: _Kind("Expired", "clock", "", "let it expire"),
    Action.RETURN: _Kind("Back in review", "arrow-back-up", "wait", "returned it to review"),
    Action.OFFER: _Kind("Offered to the partner", "send", "ask", "offered it"),
    Action.MOVE_UP: _Kind("Accepted: moved up", "trending-up", "ok", "accepted the offer"),
    Action.DECLINE: _Kind("Offer declined", "arrow-back-up", "", "declined the offer"),
    Action.LAPSE: _Kind("Offer not answered in time", "clock", "stop", "let the offer lapse"),
    Action.PROPOSE: _Kind(
        "Split or transfer proposed", "arrows-split", "ask", "proposed a split or a transfer"
    ),
    Action.AGREE: _Kind("The partner agreed", "check", "ok", "agreed to the proposal"),
    Action.DISAGREE: _Kind("The partner declined the proposal", "x", "", "declined the proposal"),
    "proposal_taken_back": _Kind(
        "The proposal was taken back", "arrow-back-up", "", "took the proposal back"
    ),
    "proposal_ended": _Kind("The proposal ended with the other registration", "x"),
    "agreement_declined": _Kind("The other partner declined the proposal", "x"),
    "agreement_lapsed": _Kind("The proposal was not answered by both in time", "clock"),
    Action.SHARE: _Kind("Split between two partners", "users", "ok", "split it"),
    Action.UNSHARE: _Kind("Split ended", "users", "wait", "ended the split"),
    "split_ended": _Kind("Split ended", "users", "wait"),
    Action.WIN_TOGETHER: _Kind("Won by both", "trophy", "ok", "marked it as won"),
    Action.TRANSFER: _Kind("Transferred", "arrow-right", "", "transferred it"),
    Action.TAKE_OVER: _Kind("Taken over", "shield-check", "ok", "gave it over"),
    Action.REORDER: _Kind("Place in line changed", "arrows-split", "info", "changed the order of the line"),
    Action.JUDGE: _Kind("Companies compared", "gavel", "", "judged the company"),
    Action.ASK_EXTENSION: _Kind("Extension asked for", "calendar-due", "wait", "asked for an extension"),
    Action.EXTEND: _Kind("Extended", "calendar-due", "ok", "extended it"),
    Action.REFUSE_EXTENSION: _Kind("Extension refused", "calendar-due", "stop", "refused an extension"),
    Action.RELEASE: _Kind("Released by the holder", "arrow-back-up", "", "released it"),
    Action.CUSTOMER_LETTER: _Kind(
        "Ended by a customer's letter", "mail", "stop", "recorded a customer's letter"
    ),
    "given_by_letter": _Kind("The customer asked for another partner", "mail"),
    Action.APPEAL: _Kind("Appeal", "scale", "wait", "appealed"),
    Action.GRANT_APPEAL: _Kind("Appeal granted", "scale", "ok", "granted an appeal"),
    Action.DISMISS_APPEAL: _Kind("Appeal dismissed", "scale", "stop", "dismissed an appeal"),
    "appeal_closed": _Kind("Appeal closed by itself", "scale"),
    "appeal_past_limit": _Kind("Appeal closed by itself", "scale"),
    Action.UNDO: _Kind("Decision undone", "history", "", "undid a decision"),
    "handed_over": _Kind("Handed to another reviewer", "user-check", "", "handed it over"),
    "snoozed": _Kind("Set aside", "zzz", "", "set it aside"),
    "woken": _Kind("Back in the queue", "inbox"),
    "rules_began": _Kind("A rule began to apply", "scale", "wait"),
    "rules_ended": _Kind("A rule applies no longer", "scale", "wait"),
    "review_overdue": _Kind("The answer is overdue", "clock", "stop"),
    "internal_note": _Kind("Internal note", "lock", "", "wrote a note"),
    "case_exported": _Kind("Case file exported", "file-export", "", "exported the case file"),
    "attached": _Kind("File attached", "paperclip", "", "attached a file"),
    "counts_from": _Kind("It counts from an earlier day", "flag", "info"),
    "conflict_noted": _Kind(
        "A later registration was noted", "arrows-split", "wait", "noted a later registration"
    ),
    "conflict_found": _Kind(
        "Another registration may collide", "arrows-split", "wait", "found another registration"
    ),
    "rival_ended": _Kind("What it was compared with has ended", "users", "wait"),
    "turn_came": _Kind("Its turn came: the scope is kept for it", "scale", "wait", "gave it its turn"),
    "passed_over": _Kind("Passed over when its turn came", "hourglass", "wait", "passed it over"),
    first_come.KIND: _Kind(
        "What was kept for it was given back", "hourglass", "wait", "gave back what was kept for it"
    ),
    "shared_ends": _Kind("Co-seller warned of the end", "bell", "wait", "warned the co-seller"),
    "shared_goes_on": _Kind("Co-seller told that it goes on", "shield-check", "ok", "told the co-seller"),
    "given_past": _Kind(
        "Passed: the deal was given to another one", "hourglass", "wait", "gave the deal past it"
    ),
    "went_first": _Kind(
        "It went before others in line", "arrow-right", "wait", "put it before others in line"
    ),
    "company_merged": _Kind("Company merged with another", "git-merge", "", "merged its company"),
    "company_parted": _Kind("Merge of the company taken back", "arrows-split", "", "took a merge back"),
    "firm_merged": _Kind("Firm's record merged with another", "git-merge", "", "merged the firm's record"),
    "firm_parted": _Kind(
        "Merge of the firm's record taken back", "arrows-split", "", "took a merge of the firm back"
    ),
    "reminder": _Kind("Reminder sent", "bell", "", "sent a reminder"),
    "grace": _Kind("Told of the days of grace", "bell", "stop", "told the partner of the days of grace"),
    "escalated": _Kind("Silence told to the channel manager", "bell", "wait", "told the channel manager"),
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
            told.append(f"{_who(entry)} {_done(kind, entry)} {ago(entry.at, now)}.")
    return told


def _done(kind: _Kind, entry: TimelineEntry) -> str:
    """Who hands it to themselves took it."""
    after = entry.data.get("changes", {}).get("reviewer", ["", ""])[1]
    return "took it" if entry.kind == "handed_over" and after == str(entry.actor) else kind.told


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
        "kind": entry.kind,
        "took_back": entry.data.get("took_back", []),
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
    if entry.kind == "handed_over":
        before, after = data.get("changes", {}).get("reviewer", ["", ""])
        moved = f"{before} → {after}" if before else str(after)
        return f"{moved}\n{data['text']}" if data.get("text") else moved
    if entry.kind == "review_overdue":
        return f"{data.get('to', '')} was told."
    if entry.kind == "conflict_found":
        return f"{data.get('with', '')} may be the same company."
    return str(data.get("text") or data.get("rule") or "")


def _who(entry: TimelineEntry) -> str:
    return str(entry.actor) if entry.actor else "The portal"
