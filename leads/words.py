"""What happened to a lead, in sentences, for the vendor or for the firm that it concerned."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leads.enums import CloseReason, DeclineReason, LeadAction, LeadStatus, Way
from leads.models import LeadEntry
from registrations import shown
from registrations.enums import Status
from registrations.workflow import label_for

A = LeadAction


@dataclass(frozen=True)
class Said:
    """The words of a kind: for the vendor, for the firm (the same unless told), with icon and tone."""

    vendor: str
    firm: str = ""
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
    A.CREATE: Said("Lead created", icon="plus"),
    A.CHANGE: Said("Lead corrected", icon="pencil"),
    A.GIVE: Said("Given to {partner}", "Given to you", "send", "info"),
    A.POOL: Said("Put into the pool", icon="inbox", tone="info"),
    A.CLAIM: Said("Claimed by {partner}", "Claimed from the pool", "flag", "info"),
    A.ACCEPT: Said("Accepted by {partner}", "Accepted: it is your registration now", "circle-check", "ok"),
    A.DECLINE: Said("Declined by {partner}", "Declined", "ban", "stop"),
    A.PULL_BACK: Said(
        "Pulled back from {partner}: the deadline passed", "Pulled back: the deadline passed", "clock", "wait"
    ),
    A.TAKE_BACK: Said("Taken back", "Taken back by us", "arrow-back-up", "wait"),
    A.CLOSE: Said("Closed", icon="x"),
    "out_of_reach": Said("Nobody can claim it from the pool any more", icon="alert-triangle", tone="wait"),
    "idle": Said("Nobody has claimed it from the pool", icon="clock", tone="wait"),
    "told_others": Said(
        "The mail could not be delivered; others at {partner} were told, with the days anew",
        "Our mail could not be delivered; others of your firm were told, with the days anew",
        "mail",
        "wait",
    ),
    "put_off": Said(
        "The mail to {partner} left late, so their days count from then",
        "Our mail left late, so your days count from then",
        "mail",
        "wait",
    ),
    "deadline_near": Said(
        "{partner} was reminded of the deadline", "We reminded you of the deadline", "bell", "wait"
    ),
}
_IMPORTED = Said("Imported", icon="file-import")
_UNKNOWN = Said("Something about this lead was recorded")

WAYS = {
    Way.HAND: "By hand",
    Way.TERRITORY: "By territory",
    Way.ROTATION: "In turn",
    Way.POOL: "First to claim it",
}
_FIELDS = {
    "company_name": "company",
    "contact_name": "contact's name",
    "contact_title": "contact's role",
    "contact_email": "contact's e-mail",
    "contact_phone": "contact's telephone",
    "product_lines": "product lines",
}


def tell(entries: Iterable[LeadEntry], *, vendor: bool) -> list[Told]:
    """The entries in words, newest first. They come from `visible_to`, with actor, role and partner."""
    return [_told(entry, vendor=vendor) for entry in sorted(entries, key=lambda entry: -entry.number)]


def _told(entry: LeadEntry, *, vendor: bool) -> Told:
    imported = entry.kind == A.CREATE and entry.data.get("imported")
    said = _IMPORTED if imported else _KINDS.get(entry.kind, _UNKNOWN)
    title = (said.vendor if vendor else said.firm) or said.vendor
    partner = entry.partner.name if entry.partner else ""
    if entry.kind == A.PULL_BACK and entry.data.get("late") is False:
        why = "is not active" if vendor else "your firm was not active"
        title = f"Pulled back: {{partner}} {why}" if vendor else f"Taken back by us: {why}"
    if entry.kind == A.TAKE_BACK and vendor:
        title = f"Taken back from {partner}" if partner else "Taken out of the pool"
    return Told(
        title=title.format(partner=partner),
        when=entry.at,
        who=_who(entry, vendor=vendor),
        body="\n".join(filter(None, _body(entry, vendor=vendor))),
        icon=said.icon,
        tone=said.tone,
    )


def _who(entry: LeadEntry, *, vendor: bool) -> str:
    if entry.actor is None:
        return "The portal"
    return f"{entry.actor.name}, {entry.actor.role.name.lower()}"


def _body(entry: LeadEntry, *, vendor: bool) -> Iterable[str]:
    data = entry.data
    match entry.kind:
        case A.CREATE:
            yield f"Source: {data['source']}." if data.get("source") else ""
        case A.CHANGE:
            yield ", ".join(_FIELDS.get(name, name).capitalize() for name in data.get("fields", []))
        case A.GIVE | A.CLAIM | "told_others" | "put_off":
            if vendor and data.get("way") in WAYS:
                yield f"{WAYS[Way(data['way'])]}."
            yield _until(data)
        case A.ACCEPT:
            yield _landed(data, vendor=vendor)
        case A.DECLINE:
            yield dict(DeclineReason.choices).get(data.get("reason"), "")
        case A.CLOSE:
            yield dict(CloseReason.choices).get(data.get("reason"), "")
    yield str(data.get("text", ""))


def _until(data: dict[str, Any]) -> str:
    with suppress(ValueError, KeyError, TypeError):
        return f"To answer by {shown.moment(datetime.fromisoformat(data['answer_by']))}."
    return ""


def _landed(data: dict[str, Any], *, vendor: bool) -> str:
    code, landed = data.get("registration", ""), data.get("landed", "")
    if landed not in Status.values:
        return str(code)
    return f"{code}: {label_for(landed, vendor=vendor).lower()}."


def status_label(status: str) -> str:
    """The status in the vendor's words."""
    return LeadStatus(status).label
