"""Values of the case in a reader's words: the label of a code, the name of a country, what a signal says. case.json keeps
them as they are stored."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django_countries import countries

from companies.reasons import percent
from registrations.enums import Status
from registrations.models import Agreement, Registration
from registrations.referee_words import known_review_reasons, review_reason

# Of use to the portal, not to a reader; facts of the policy's questions are long, and in case.json.
_UNTOLD = {
    "id",
    "registration",
    "lead",
    "version",
    "protection_epoch",
    "epoch",
    "doubles_least",
    "doubles_seen",
    "undo",
    "facts",
    "only_refusals",
    "moved",
}
_LABELS = {
    "by": "By",
    "high": "And",
    "low": "Company",
    "rank": "Place in time of submission",
    "records": "Where the rules stand",
    "review_due_at": "Answer due",
    "sha256": "SHA-256",
}
_BY_REASON = {"review_reasons", "rules"}
_LIMIT = "the policy's limit"


def models_of_tables() -> dict[str, type[models.Model]]:
    """The model behind each table of a case, by the table's name there."""
    related = {
        str(relation.get_accessor_name()): relation.related_model
        for relation in Registration._meta.related_objects
        if isinstance(relation.related_model, type)
    }
    return {**related, "agreements": Agreement}


def is_told(name: str, value: Any) -> bool:
    """Whether the page shows the field."""
    return name not in _UNTOLD and value not in (None, "", [])


def label(name: str) -> str:
    """The heading of a field or a table: 'clock_due' → 'Clock due'."""
    return _LABELS.get(name) or name.replace("_", " ").capitalize()


def words(model: type[models.Model] | None, name: str, value: Any) -> str:
    """One value. `model` is where it is stored."""
    if value in (None, ""):
        return ""
    field: Any = model._meta.get_field(name) if model else None
    if name == "landing":
        return Status(value).label
    if field is not None and field.choices and not isinstance(value, list):
        return str(dict(field.flatchoices).get(value, value))
    if name == "country":
        return str(countries.name(value) or value)
    if name == "score":
        return percent(value)
    if isinstance(field, models.DecimalField):
        return f"{Decimal(value):,.2f}".removesuffix(".00")
    return _plain(name, value)


def moment(text: str | None) -> str:
    """A moment in UTC, or a day."""
    if not text:
        return ""
    try:
        if len(text) == 10:
            return f"{date.fromisoformat(text):%-d %b %Y}"
        return f"{datetime.fromisoformat(text):%-d %b %Y, %H:%M:%S} UTC"
    except ValueError:
        return text


def _plain(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_one(name, item) for item in value)
    if isinstance(value, dict):
        return _dict(value)
    return moment(value) if isinstance(value, str) and _is_moment(value) else str(value)


def _one(name: str, item: Any) -> str:
    """One of a list: a reason for a look, a signal of the conflict check, or where a rule stands."""
    if name in _BY_REASON:
        known = item in known_review_reasons()
        return review_reason(item, limit=_LIMIT).rstrip(".") if known else label(str(item))
    return str(item.get("label") or item.get("words", "")) if isinstance(item, dict) else str(item)


def _dict(value: dict[str, Any]) -> str:
    if {"name", "email"} <= set(value):
        return f"{value['name']} ({value['email']})"
    if set(value) == {"name", "code"}:
        return value["name"] if value["code"] in value["name"] else f"{value['name']} ({value['code']})"
    return "; ".join(
        f"{label(key)}: {_plain(key, inner)}" for key, inner in value.items() if is_told(key, inner)
    )


def _is_moment(text: str) -> bool:
    is_day = len(text) == 10 and text[:4].isdigit() and text[4] == text[7] == "-"
    return is_day or (len(text) >= 19 and text[10:11] == "T" and text[:4].isdigit())
