"""The case as a page: the tree of values in the words and the order of a reader."""

from typing import Any

from companies.models import Company
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.case_file.wording import is_told, label, models_of_tables, moment, words

# What every case begins with; other tables follow by themselves.
_FIRST = ("decisions", "lines", "holdings", "conflicts", "attachments")
_TITLES = {
    "agreements": "Splits and transfers",
    "attachments": "Evidence",
    "conflicts": "What the conflict check found",
    "customer_letters": "Letters of the customer",
    "holdings": "Protected scopes",
    "incoming_mails": "Mails that came in",
    "lines": "Product lines",
    "milestones": "Reminders and notices",
    "policy_runs": "What the policy said",
}


def page_of(case: dict[str, Any]) -> dict[str, Any]:
    """The context of templates/registrations/case_file/case.html."""
    return {
        "portal": case["portal"],
        "exported_at": moment(case["exported_at"]),
        "exported_by": case["exported_by"]["name"],
        "how": case["how_to_verify"],
        "companies": [
            {"facts": _facts(Company, row["fields"]), "names": [name["text"] for name in row["names"]]}
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
        "partner": words(None, "partner", fields["partner"]),
        "status": Status(fields["status"]).label,
        "chain": row["chain"],
        "facts": _facts(Registration, fields),
        "timeline": [
            {
                **entry,
                "number": entry["content"]["number"],
                "at": moment(entry["content"]["at"]),
                "vendor_only": entry["content"]["audience"] == "vendor",
            }
            for entry in row["timeline"]
        ],
        "tables": [_table(name, row[name]) for name in names if row[name]],
        "mails": [
            {**mail, "written_at": moment(mail["written_at"]), "sent_at": moment(mail["sent_at"])}
            for mail in row["mails"]
        ],
    }


def _table(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    model = models_of_tables().get(name)
    columns = [key for key in rows[0] if any(is_told(key, row[key]) for row in rows)]
    return {
        "title": _TITLES.get(name, label(name)),
        "columns": [label(key) for key in columns],
        "rows": [[words(model, key, row[key]) for key in columns] for row in rows],
    }


def _facts(model: type[Company] | type[Registration], fields: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (label(name), words(model, name, value)) for name, value in fields.items() if is_told(name, value)
    ]
