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

from registrations import shown
from registrations.enums import Action, ContactMade, LossReason, RefusalReason, Stage, Status
from registrations.models import Registration, TimelineEntry

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
    "conflict_noted": Said(
        "Another registration of what may be the same opportunity came in. Yours came first and keeps its place.",
        "A later registration of what may be the same opportunity came in",
        "users",
        "info",
    ),
    "conflict_found": Said("A possible conflict was found", icon="users", tone="wait"),
    "internal_note": Said("A note was written", "Internal note", "message"),
    "reminder": Said("We asked you to update this registration", "Reminder sent to the partner", "bell"),
    "final_notice": Said(
        "We warned you that protection ends soon", "Final notice sent to the partner", "bell", "wait"
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
    A.UPDATE: Said("Updated: protection starts anew", "The partner posted an update", "refresh", "ok"),
    A.WITHDRAW: Said("Withdrawn", "Withdrawn by the partner", "arrow-back-up"),
    A.WIN: Said("Won", icon="trophy", tone="ok"),
    A.LOSE: Said("Lost", icon="trending-down"),
    A.EXPIRE: Said("Protection ended", "Protection expired", "clock"),
    A.MOVE_UP: Said(
        "You moved up: the deal is yours, protection began", "Moved up from the waitlist", "trending-up", "ok"
    ),
    A.RETURN: Said(
        "Back in review: the registration before yours was won", "Returned to review", "refresh", "wait"
    ),
    A.JUDGE: Said("The company was looked at", "The company was judged", "scale"),
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
    "same": "Declared the same company as {company}.",
    "different": "Declared different from {company}.",
}


def tell(entries: Iterable[TimelineEntry], registration: Registration, *, vendor: bool) -> list[Told]:
    """The entries in words, newest first. They must come from `visible_to`, with their actors and roles."""
    return [told(entry, registration, vendor=vendor) for entry in sorted(entries, key=lambda e: -e.number)]


def told(entry: TimelineEntry, registration: Registration, *, vendor: bool) -> Told:
    """One entry in words."""
    landing = str(entry.data.get("to", ""))
    said = _LANDED.get(landing, _UNKNOWN) if entry.kind == A.SUBMIT else _KINDS.get(entry.kind, _UNKNOWN)
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
    via = " (by the link in a mail)" if entry.data.get("via") == "mail link" else ""
    return f"{entry.actor}{via}"


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
        case "extended_by_late_warning":
            with suppress(ValueError, KeyError, TypeError):
                yield f"Until {shown.day(datetime.fromisoformat(data['until']))}."
        case "conflict_found" if vendor:
            with suppress(KeyError, TypeError, ValueError):
                yield f"With {data['with']}, {float(data['score']):.0%} alike."
        case A.JUDGE if vendor:
            yield _VERDICTS.get(str(data.get("verdict")), "").format(company=data.get("company", ""))
    yield str(data.get("text", ""))
    changes = data.get("changes")
    if isinstance(changes, dict):
        for name, pair in changes.items():
            yield _change(name, pair, registration)


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


def _on(data: dict[str, Any]) -> str:
    with suppress(ValueError, TypeError, KeyError):
        return f"On {shown.day(date.fromisoformat(data['on']))}."
    return ""
