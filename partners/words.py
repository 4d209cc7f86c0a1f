"""A firm's history in sentences, for its own people and for the vendor."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from partners.enums import MilestoneKind, PartnerStatus, StandingChange
from partners.models import FirmEntry

FIELDS = {
    "name": "Name",
    "kind": "Kind",
    "tier": "Tier",
    "country": "Country",
    "city": "City",
    "website": "Website",
    "time_zone": "Time zone",
    "manager": "Channel manager",
    "territories": "Territories",
    "industries": "Industries",
    "role": "Role",
    "functions": "Functions",
}
# kind → title, icon, tone. A kind that an app further up writes may bring its title along in its data.
_KINDS: dict[str, tuple[str, str, str]] = {
    "created": ("Taken in", "building", "info"),
    "edit": ("Profile changed", "pencil", ""),
    "member": ("A person's role or functions changed", "user-check", ""),
    "steps_given": ("New steps", "list-check", "info"),
    "steps_dropped": ("Steps taken back", "list-check", ""),
    "step_done": ("Step done", "check", "ok"),
    "step_undone": ("Step not done after all", "arrow-back-up", "wait"),
    "certificate_verified": ("Certificate verified", "shield-check", "ok"),
    "certificate_revoked": ("Certificate revoked", "shield-off", "stop"),
    "certificate_lapsed": ("Certificate lapsed", "clock", "wait"),
    "agreement_accepted": ("Agreement accepted", "file-text", "ok"),
    "merged": ("Merged with another record", "git-merge", "info"),
    "parted": ("A merge was taken back", "arrows-split", "info"),
    StandingChange.BEGIN: ("Onboarding began", "list-check", "info"),
    StandingChange.ACTIVATE: ("Activated", "circle-check", "ok"),
    StandingChange.SUSPEND: ("Suspended", "ban", "wait"),
    StandingChange.END: ("The partnership ended", "x", "stop"),
    "ended_records": ("What it worked on has ended", "x", ""),
    StandingChange.REINSTATE: ("Reinstated", "refresh", "ok"),
    MilestoneKind.FIRST_REGISTRATION: ("First registration", "flag", "ok"),
    MilestoneKind.FIRST_WIN: ("First win", "trophy", "ok"),
    "first_undone": ("Not the first after all", "arrow-back-up", "wait"),
}


@dataclass(frozen=True)
class Told:
    """An entry as templates/components/timeline.html shows it."""

    title: str
    when: datetime
    who: str
    body: str
    icon: str
    tone: str


def tell(entries: Iterable[FirmEntry], *, vendor: bool) -> list[Told]:
    """The entries in words, in their order. They come from `visible_to`, with their actors and roles."""
    return [_told(entry, vendor=vendor) for entry in entries]


def _told(entry: FirmEntry, *, vendor: bool) -> Told:
    title, icon, tone = _KINDS.get(
        entry.kind, (str(entry.data.get("title") or "Something changed"), "point", "")
    )
    return Told(
        title=title,
        when=entry.at,
        who=_who(entry, vendor=vendor),
        body="\n".join(line for line in _body(entry) if line),
        icon=icon,
        tone=tone,
    )


def _who(entry: FirmEntry, *, vendor: bool) -> str:
    if entry.actor is None:
        return "The portal"
    if entry.actor.is_vendor and not vendor:
        return f"{entry.actor}, {entry.actor.role.name.lower()}"
    return str(entry.actor)


def _body(entry: FirmEntry) -> Iterable[str]:
    data: Mapping[str, Any] = entry.data
    if entry.kind in StandingChange.values and "from" in data:
        yield f"From “{_status(data['from'])}” to “{_status(data['to'])}”."
    if entry.kind == "created":
        yield f"As “{_status(data.get('to'))}”" + (
            f", after application {code}." if (code := data.get("application")) else "."
        )
    if person := data.get("person"):
        yield str(person)
    for name, (before, after) in dict(data.get("changes", {})).items():
        yield f"{FIELDS.get(name, name)}: {before or 'empty'} → {after or 'empty'}"
    if entry.kind in ("step_done", "step_undone"):
        yield str(data.get("title", ""))
    if number := data.get("number"):
        yield f"{data.get('source', '')}: {number} {'step' if number == 1 else 'steps'}"
    if label := data.get("label"):
        yield str(label)
    if reason := data.get("reason"):
        yield str(reason)
    done = dict(data.get("done") or {})
    if done:
        yield ", ".join(_counted(number, words) for words, number in done.items()) + "."
    if left := data.get("left"):
        yield f"{left} more ended in the background afterwards."


def _counted(number: int, words: str) -> str:
    """'2 leads pulled back', '1 lead pulled back', '1 invitation or application ended'."""
    if number == 1:
        words = re.sub(r"s\b", "", words).replace(" and ", " or ")
    return f"{number:,} {words}"


def _status(value: object) -> str:
    return PartnerStatus(str(value)).label if value in PartnerStatus.values else str(value)
