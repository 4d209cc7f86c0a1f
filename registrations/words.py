"""What happened, in sentences: a timeline entry for the partner or for the vendor.

Partners read nothing about a rival, since nothing about one is written into entries for both. A kind without words of
its own gets a plain sentence, never its code.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core.shown import sentence
from registrations import shown
from registrations.enums import Action, ContactMade, LossReason, RefusalReason, Stage, Status
from registrations.models import Registration, TimelineEntry
from registrations.referee_words import percent

A = Action


@dataclass(frozen=True)
class Said:
    """The words of a kind: for the partner, for the vendor (the same unless told), with icon and tone."""

    partner: str
    vendor: str = ""
    icon: str = "point"
    tone: str = ""


@dataclass(frozen=True)
class Told:
    """An entry as templates/components/timeline.html shows it."""

    title: str
    when: datetime
    who: str
    body: str
    icon: str
    tone: str


_KINDS: dict[str, Said] = {
    "draft": Said("Draft begun", icon="pencil"),
    "attached": Said("File attached", icon="paperclip"),
    "files_given_up": Said("Files removed: the draft lay untouched for long", icon="trash"),
    "counts_from": Said("It counts from an earlier day", icon="flag", tone="info"),
    "conflict_noted": Said(
        "Another registration of what may be the same opportunity came in. Yours came first and keeps its place.",
        "A later registration of what may be the same opportunity came in",
        "users",
        "info",
    ),
    "conflict_found": Said("A possible conflict was found", icon="users", tone="wait"),
    "rival_ended": Said("Another registration ended", "What it was compared with has ended", "users", "wait"),
    "company_merged": Said("Its company was merged with another", icon="git-merge"),
    "company_parted": Said("The merge of its company was taken back", icon="arrows-split"),
    "firm_merged": Said("The firm's record was merged with another", icon="git-merge"),
    "firm_parted": Said("The merge of the firm's record was taken back", icon="arrows-split"),
    "case_exported": Said("The case file was exported", icon="file-export"),
    "internal_note": Said("A note was written", "Internal note", "message"),
    "handed_over": Said("Another channel manager looks at it", "Handed to another reviewer", "user-check"),
    "snoozed": Said("Set aside", "Set aside", "zzz"),
    "woken": Said("Back in the queue", "Back in the queue", "inbox"),
    "rules_began": Said("A rule began to apply", "A rule began to apply", "scale", "wait"),
    "rules_ended": Said("A rule applies no longer", "A rule applies no longer", "scale", "wait"),
    "firm_changed": Said(
        "The firm changed", "The firm is not what it was when it was judged", "scale", "wait"
    ),
    "review_overdue": Said("The answer is overdue", "The answer is overdue", "clock", "stop"),
    "reminder": Said("We asked you to update this registration", "Reminder sent to the partner", "bell"),
    "final_notice": Said(
        "We warned you that protection ends soon", "Final notice sent to the partner", "bell", "wait"
    ),
    "grace": Said(
        "We told you that protection ended and that an update still saves it",
        "Partner told of the days of grace",
        "bell",
        "stop",
    ),
    "escalated": Said(
        "We told the channel manager of the silence", "Silence told to the manager", "bell", "wait"
    ),
    "extended_by_late_warning": Said(
        "Protection runs a little longer, because our warning came late", icon="clock", tone="info"
    ),
    A.ASSIGN: Said("The deal is yours: protection began", "Assigned to the partner", "shield-check", "ok"),
    A.REFUSE: Said("Refused", icon="ban", tone="stop"),
    A.ASK_INFORMATION: Said("We asked you a question", "Information asked for", "message-question", "ask"),
    A.ANSWER: Said("Question answered", "The partner answered", "message", "info"),
    A.WAITLIST: Said("Put in line: first come, first served", "Put on the waitlist", "hourglass", "info"),
    A.REVOKE: Said("Protection was taken away", "Protection revoked", "shield-off", "stop"),
    A.REOPEN: Said(
        "Reopened: a channel manager looks at it again", "Reopened: back in review", "refresh", "wait"
    ),
    A.UPDATE: Said("Updated: protection is renewed", "The partner posted an update", "refresh", "ok"),
    A.WITHDRAW: Said("Withdrawn", "Withdrawn by the partner", "arrow-back-up"),
    A.WIN: Said("Won", icon="trophy", tone="ok"),
    A.LOSE: Said("Lost", icon="trending-down"),
    A.EXPIRE: Said("Protection ended", "Protection expired", "clock"),
    A.OFFER: Said(
        "Your turn: the deal was offered to you", "Offered to the partner, who was next", "send", "ask"
    ),
    A.MOVE_UP: Said(
        "You moved up: the deal is yours, protection began", "Moved up from the waitlist", "trending-up", "ok"
    ),
    A.DECLINE: Said("You declined the offer", "The partner declined the offer", "arrow-back-up"),
    A.LAPSE: Said(
        "The offer was not answered in time", "The offer lapsed: no answer in time", "clock", "stop"
    ),
    A.PROPOSE: Said(
        "A split or a transfer was proposed to you",
        "A split or a transfer was proposed",
        "arrows-split",
        "ask",
    ),
    A.AGREE: Said("You agreed to the proposal", "The partner agreed to the proposal", "check", "ok"),
    A.DISAGREE: Said("You declined the proposal", "The partner declined the proposal", "x"),
    "proposal_taken_back": Said("The proposal was taken back", icon="arrow-back-up"),
    "proposal_ended": Said("The proposal ended with the other registration", icon="x"),
    "agreement_declined": Said("The other partner declined the proposal", icon="x"),
    "agreement_lapsed": Said("The proposal was not answered by both in time", icon="clock"),
    A.SHARE: Said("You sell this together with another partner", "Split between two partners", "users", "ok"),
    A.UNSHARE: Said(
        "The split ended with the other registration: back in line",
        "The split ended with the holder's registration",
        "users",
        "wait",
    ),
    "shared_ends": Said(
        "We warned you that what you share ends soon",
        "Co-seller warned that the split ends soon",
        "bell",
        "wait",
    ),
    "shared_goes_on": Said(
        "We told you that what you share goes on after all",
        "Co-seller told that the split goes on",
        "shield-check",
        "ok",
    ),
    "split_ended": Said("The split ended with the other registration", icon="users", tone="wait"),
    A.WIN_TOGETHER: Said("Won together", "Won by the holder: the co-seller has its share", "trophy", "ok"),
    A.TRANSFER: Said(
        "Given to another partner, as both agreed", "Transferred to another partner", "arrow-right"
    ),
    A.TAKE_OVER: Said(
        "The deal is yours, as both agreed: protection began",
        "Taken over from another partner",
        "shield-check",
        "ok",
    ),
    A.REORDER: Said("Your place in line changed", "Its place in line was changed", "arrows-split", "info"),
    A.RETURN: Said(
        "Back in review: the registration before yours was won", "Returned to review", "refresh", "wait"
    ),
    "turn_came": Said(
        "Your turn came: a channel manager takes a last look, and the deal is kept for you",
        "Its turn came: to be looked at, the scope is kept for it",
        "scale",
        "wait",
    ),
    "passed_over": Said(
        "Your turn came, but the policy stands against it for now: you keep your place",
        "Passed over: the policy stands against its firm for now",
        "hourglass",
        "wait",
    ),
    "given_back": Said("What was kept for it was given back", icon="hourglass", tone="wait"),
    "given_past": Said(
        "The deal was given to another registration before yours",
        "Passed: the deal was given to another one",
        "hourglass",
        "wait",
    ),
    "went_first": Said("It went before others in line", icon="arrow-right", tone="wait"),
    A.JUDGE: Said("The company was looked at", "The company was judged", "scale"),
    A.ASK_EXTENSION: Said(
        "You asked for an extension", "The partner asked for an extension", "calendar-due", "wait"
    ),
    A.EXTEND: Said("Protection was extended", icon="calendar-due", tone="ok"),
    A.REFUSE_EXTENSION: Said("The extension was not granted", icon="calendar-due", tone="stop"),
    A.RELEASE: Said("Released: the next in line gets the turn", "Released by the holder", "arrow-back-up"),
    A.CUSTOMER_LETTER: Said(
        "Protection ended: the customer asked in writing for another partner",
        "Ended by a customer's letter",
        "mail",
        "stop",
    ),
    "asked_for": Said(
        "The customer asked for you in writing: looked at again",
        "Looked at again: the customer asked for it",
        "mail",
    ),
    "given_by_letter": Said(
        "The customer's letter was recorded", "The customer asked for another partner", "mail"
    ),
    A.APPEAL: Said(
        "You appealed against a decision", "The partner appealed against a decision", "scale", "wait"
    ),
    A.GRANT_APPEAL: Said("Your appeal was granted", "Appeal granted", "scale", "ok"),
    A.DISMISS_APPEAL: Said(
        "Your appeal was dismissed: the decision stands", "Appeal dismissed", "scale", "stop"
    ),
    "appeal_closed": Said(
        "Your appeal closed by itself: the deal has moved on since",
        "The appeal closed by itself: the deal has moved on since",
        "scale",
    ),
    "appeal_past_limit": Said(
        "Your appeal closed by itself: all extensions that the policy allows were given",
        "The appeal closed by itself: all extensions that the policy allows were given",
        "scale",
    ),
    A.UNDO: Said("A decision was taken back", "Decision undone before its mail left", "history"),
}

_LANDED: dict[str, Said] = {
    Status.APPROVED: Said(
        "Submitted and protected at once", "Submitted and approved by the policy", "shield-check", "ok"
    ),
    Status.IN_REVIEW: Said(
        "Submitted: a channel manager looks at it", "Submitted, to be reviewed", "send", "wait"
    ),
    Status.WAITLISTED: Said(
        "Submitted and put in line", "Submitted and waitlisted by the policy", "hourglass", "info"
    ),
    Status.REFUSED: Said("Submitted and refused by the policy", icon="ban", tone="stop"),
}

_VIA = {"mail link": " (by the link in a mail)", "mail reply": " (by a reply to a mail)"}

_UNKNOWN = Said("Something about this registration was recorded", icon="point")

_FIELDS = {
    "stage": "Stage",
    "value": "Value",
    "expected_close": "Expected to close",
    "next_step": "Next step",
    "contact_made": "Contact",
    "contact_on": "Day of contact",
    "competitors": "Competitors",
}
_LABELS: dict[str, dict[Any, Any]] = {"stage": dict(Stage.choices), "contact_made": dict(ContactMade.choices)}
_VERDICTS = {
    "same": "Declared the same company as {company}",
    "different": "Declared different from {company}",
}


def tell(entries: Iterable[TimelineEntry], registration: Registration, *, vendor: bool) -> list[Told]:
    """The entries in words, newest first. They must come from `visible_to`, with their actors and roles."""
    return [told(entry, registration, vendor=vendor) for entry in sorted(entries, key=lambda e: -e.number)]


def told(entry: TimelineEntry, registration: Registration, *, vendor: bool) -> Told:
    """One entry in words."""
    landing = str(entry.data.get("to", ""))
    kind = entry.kind
    if kind == A.RETURN and entry.data.get("turn"):
        kind = "turn_came"
    elif kind == A.RETURN and entry.data.get("letter"):
        kind = "asked_for"
    said = _LANDED.get(landing, _UNKNOWN) if kind == A.SUBMIT else _KINDS.get(kind, _UNKNOWN)
    return Told(
        title=(said.vendor if vendor else "") or said.partner,
        when=entry.at,
        who=_who(entry, vendor=vendor),
        body="\n".join(line for line in _body(entry, registration, vendor=vendor) if line),
        icon=said.icon,
        tone=said.tone,
    )


def _who(entry: TimelineEntry, *, vendor: bool) -> str:
    if entry.actor is None:
        return "The portal"
    if entry.actor.is_vendor and not vendor:
        return f"{entry.actor.name}, {entry.actor.role.name.lower()}"
    return f"{entry.actor}{_VIA.get(str(entry.data.get('via')), '')}"


def _body(entry: TimelineEntry, registration: Registration, *, vendor: bool) -> Iterable[str]:
    data = entry.data
    match entry.kind:
        case A.SUBMIT:
            yield str(data.get("rule", ""))
        case A.WIN:
            yield _worth(data.get("value"), registration)
            yield _on(data)
        case A.LOSE:
            yield dict(LossReason.choices).get(data.get("reason"), "")
            yield _on(data)
        case A.REFUSE | A.REVOKE:
            yield dict(RefusalReason.choices).get(data.get("reason"), "")
        case "attached":
            yield str(data.get("name", ""))
        case A.OFFER:
            yield _until(data)
        case A.PROPOSE if data.get("kind") == "split":
            yield (
                f"Your share would be {data.get('share')}%."
                if not vendor
                else f"Share: {data.get('share')}%."
            )
        case A.SHARE:
            yield f"With {data.get('with_partner')}. Share: {data.get('share')}%."
        case A.WIN_TOGETHER:
            yield f"Share: {data.get('share')}%."
        case A.TRANSFER:
            yield f"To {data.get('to_partner')}."
        case A.TAKE_OVER:
            yield f"From {data.get('from_partner')}."
        case A.REORDER:
            yield f"From number {data.get('before')} to number {data.get('place')}."
        case A.RETURN:
            yield str(data.get("rule", ""))
        case "extended_by_late_warning":
            with suppress(ValueError, KeyError, TypeError):
                yield f"Until {shown.day(datetime.fromisoformat(data['until']))}."
        case "conflict_found" if vendor:
            with suppress(KeyError, TypeError, ValueError):
                yield f"With {data['with']}, {percent(float(data['score']))} alike."
        case A.JUDGE if vendor:
            if said := _VERDICTS.get(str(data.get("verdict"))):
                yield sentence(said.format(company=data.get("company", "")))
    yield str(data.get("text", ""))
    yield _stands_in(data.get("records"))
    changes = data.get("changes")
    if isinstance(changes, dict):
        for name, pair in changes.items():
            yield _change(name, pair, registration)


def _stands_in(records: Any) -> str:
    """Where the rules of a decision stand. Notes to the vendor keep codes under the same name: they say it in their text."""
    kept = records if isinstance(records, list) else []
    words = [str(one.get("words", "")) for one in kept if isinstance(one, dict)]
    return f"By: {'; '.join(words)}." if words else ""


def _change(name: str, pair: Any, registration: Registration) -> str:
    label = _FIELDS.get(name)
    if label is None or not isinstance(pair, list) or len(pair) != 2:
        return ""
    before, after = (_value(name, text, registration) for text in pair)
    return f"{label}: {before} → {after}" if before else f"{label}: {after}"


def _value(name: str, text: str, registration: Registration) -> str:
    if name in _LABELS:
        return str(_LABELS[name].get(text, ""))
    if name == "value":
        return _worth(text, registration)
    if name in {"expected_close", "contact_on"}:
        with suppress(ValueError):
            return shown.day(date.fromisoformat(text))
        return ""
    return text


def _worth(text: Any, registration: Registration) -> str:
    try:
        return shown.money(Decimal(str(text)), registration.currency)
    except InvalidOperation:
        return ""


def _until(data: dict[str, Any]) -> str:
    with suppress(ValueError, TypeError, KeyError):
        return f"To be answered by {shown.day(date.fromisoformat(data['until']))}."
    return ""


def _on(data: dict[str, Any]) -> str:
    with suppress(ValueError, TypeError, KeyError):
        return f"On {shown.day(date.fromisoformat(data['on']))}."
    return ""
