"""The case as a page: the tree of values in the words and the order of a reader."""

import json
from datetime import datetime
from typing import Any

from registrations.enums import Status

# What every case begins with; other tables follow by themselves.
_FIRST = ("decisions", "lines", "holdings", "conflicts", "attachments")
_TITLES = {
    "attachments": "Evidence",
    "conflicts": "What the conflict check found",
    "holdings": "Protected scopes",
    "incoming_mails": "Mails that came in",
    "lines": "Product lines",
}
_NEVER_SHOWN = {"id", "registration"}


def page_of(case: dict[str, Any]) -> dict[str, Any]:
    """The context of templates/registrations/case_file/case.html."""
    return {
        "portal": case["portal"],
        "exported_at": _moment(case["exported_at"]),
        "exported_by": case["exported_by"]["name"],
        "how": case["how_to_verify"],
        "companies": [
            {"facts": _facts(row["fields"]), "names": [name["text"] for name in row["names"]]}
            for row in case["companies"]
        ],
        "registrations": [_registration(row) for row in case["registrations"]],
    }


def _registration(row: dict[str, Any]) -> dict[str, Any]:
    apart = {"code", "fields", "timeline", "chain", "mails"}
    names = sorted(set(row) - apart, key=lambda name: (_FIRST.index(name) if name in _FIRST else 99, name))
    fields = row["fields"]
    return {
        "code": row["code"],
        "company": fields["company_name"],
        "partner": _shown(fields["partner"]),
        "status": Status(fields["status"]).label,
        "chain": row["chain"],
        "facts": _facts(fields),
        "timeline": [
            {
                **entry,
                "number": entry["content"]["number"],
                "at": _moment(entry["content"]["at"]),
                "vendor_only": entry["content"]["audience"] == "vendor",
            }
            for entry in row["timeline"]
        ],
        "tables": [_table(name, row[name]) for name in names if row[name]],
        "mails": [
            {**mail, "written_at": _moment(mail["written_at"]), "sent_at": _moment(mail["sent_at"])}
            for mail in row["mails"]
        ],
    }


def _table(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    columns = [
        key
        for key in rows[0]
        if key not in _NEVER_SHOWN and any(row[key] not in (None, "", []) for row in rows)
    ]
    return {
        "title": _TITLES.get(name, _label(name)),
        "columns": [_label(key) for key in columns],
        "rows": [[_shown(row[key]) for key in columns] for row in rows],
    }


def _facts(fields: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_label(name), _shown(value))
        for name, value in fields.items()
        if name not in _NEVER_SHOWN and value not in (None, "", [])
    ]


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and {"name", "email"} <= set(value):
        return f"{value['name']} ({value['email']})"
    if isinstance(value, dict) and {"name", "code"} == set(value):
        return value["name"] if value["code"] in value["name"] else f"{value['name']} ({value['code']})"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return _moment(value) if isinstance(value, str) and _is_moment(value) else str(value)


def _is_moment(text: str) -> bool:
    return len(text) >= 19 and text[10:11] == "T" and text[:4].isdigit()


def _moment(text: str | None) -> str:
    if not text:
        return ""
    try:
        return f"{datetime.fromisoformat(text):%-d %B %Y, %H:%M:%S} UTC"
    except ValueError:
        return text
