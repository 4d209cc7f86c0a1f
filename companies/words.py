"""Changes of a company in sentences."""

from __future__ import annotations

from typing import Any

from django_countries import countries

from companies.enums import ChangeKind
from companies.models import Change

_FACTS = {
    "website": "Website",
    "country": "Country",
    "city": "City",
    "postcode": "Postcode",
    "phone": "Telephone",
}


def country_name(code: str) -> str:
    """The country in words, the code itself where it isn't known; empty for none."""
    return countries.name(code) or code


def told(change: Change) -> str:
    """What was changed, without who and when. Reads `change.name`."""
    if change.kind == ChangeKind.FACTS:
        return "; ".join(_fact(change, field) for field in _FACTS if field in change.after)
    if change.kind == ChangeKind.PARENT:
        return _parent(change.before.get("parent"), change.after.get("parent"))
    assert change.name is not None
    if change.kind == ChangeKind.NAME_ADDED:
        return f"Added the name “{change.name.text}” ({change.name.get_kind_display().lower()})"
    return f"Withdrew the name “{change.name.text}”"


def _fact(change: Change, field: str) -> str:
    before, after = change.before.get(field), change.after.get(field)
    if field == "country":
        before, after = country_name(before or ""), country_name(after or "")
    if not before:
        return f"{_FACTS[field]} set to {after}"
    return (
        f"{_FACTS[field]} changed from {before} to {after}"
        if after
        else f"{_FACTS[field]} {before} taken out"
    )


def _parent(before: dict[str, Any] | None, after: dict[str, Any] | None) -> str:
    if after is None:
        return f"No longer belongs to {before['name'] if before else 'anybody'}"
    return f"Belongs to {after['name']}" + (f", no longer to {before['name']}" if before else "")
