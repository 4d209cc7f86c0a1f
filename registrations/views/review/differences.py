"""What changed since a form was opened: field, before, after, by whom. Read from the timeline, which has it all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from accounts.models import User
from registrations import comparison
from registrations.enums import Action, ContactMade, Stage, Status
from registrations.models import Registration, TimelineEntry
from registrations.services import new_rules, rival_ends
from registrations.views.review.ages import ago
from registrations.workflow import label_for

_MOST = 12
_FIELDS = {
    "stage": "Stage",
    "value": "Value",
    "expected_close": "Expected close",
    "next_step": "Next step",
    "contact_made": "Contact so far",
    "contact_on": "Contact on",
    "competitors": "Competitors",
    "reviewer": "Reviewer",
    "territory": "Territory",
    "partner": "Partner",
}
_LABELS = {"stage": Stage, "contact_made": ContactMade}
# Entries that say something in one sentence, beside status and fields.
_SAID = {
    "attached": ("Evidence", "name"),
    "conflict_found": ("Candidates", "with"),
    "snoozed": ("Set aside", "text"),
    new_rules.BEGAN: ("Rule that began", "text"),
    new_rules.ENDED: ("Rule that ended", "text"),
    new_rules.FIRM: ("The firm", "text"),
    rival_ends.KIND: ("Candidates", "text"),
    Action.ANSWER: ("The partner's answer", "text"),
    Action.UPDATE: ("Update", "text"),
    Action.JUDGE: ("Company", "company"),
}

# What of it a partner reads: their own side's.
_BY_PARTNERS = {"attached", Action.ANSWER, Action.UPDATE}


@dataclass(frozen=True)
class Difference:
    """One thing that is otherwise than it was."""

    what: str
    before: str
    after: str
    who: str
    when: str


def differences_since(
    registration: Registration, number: int, now: datetime, user: User, *, own: bool = False
) -> list[Difference]:
    """What others (and the reader, with `own`) changed after timeline entry `number`, oldest first; one query."""
    entries = registration.timeline.visible_to(user).filter(number__gt=number)
    if not own:
        entries = entries.exclude(actor=user)
    found: list[Difference] = []
    for entry in entries.select_related("actor").order_by("number")[:_MOST]:
        found += _of(entry, registration, now, vendor=user.is_vendor)
    return found[:_MOST]


def _of(
    entry: TimelineEntry, registration: Registration, now: datetime, *, vendor: bool
) -> Iterator[Difference]:
    who = str(entry.actor) if entry.actor else "The portal"
    when = ago(entry.at, now)
    data = entry.data
    before, after = data.get("from"), data.get("to")
    if before in Status.values and after in Status.values and before != after:
        was, now_is = label_for(before, vendor=vendor), label_for(after, vendor=vendor)
        yield Difference("Status", was, now_is, who, when)
    for name, pair in (data.get("changes") or {}).items():
        was, now_is = (_words(name, value, registration) for value in pair)
        yield Difference(_FIELDS.get(name, name.replace("_", " ").capitalize()), was, now_is, who, when)
    if entry.kind in _SAID and (vendor or entry.kind in _BY_PARTNERS):
        label, key = _SAID[entry.kind]
        text = str(data.get(key, ""))
        if entry.kind == Action.JUDGE:
            text = f"{'The same as' if data.get('verdict') == 'same' else 'Different from'} {text}"
        if text:
            yield Difference(label, "", text, who, when)


def _words(name: str, value: Any, registration: Registration) -> str:
    """A value of the timeline, which keeps text, as the page would show it."""
    text = "" if value is None else str(value)
    if not text:
        return ""
    if name in _LABELS and text in _LABELS[name].values:
        return str(_LABELS[name](text).label)
    try:
        if name == "value":
            return comparison.money(Decimal(text), registration.currency.code)
        if name in ("expected_close", "contact_on"):
            return comparison.day(date.fromisoformat(text))
    except (InvalidOperation, ValueError):
        return text
    return text
