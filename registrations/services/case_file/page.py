"""The case as a page: the tree of values in the words and the order of a reader."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from companies.models import Change, Company, NamedAccount, Verdict
from registrations.chains import Headline, providers
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.case_file.wording import is_told, label, models_of_tables, moment, words

# What every case begins with; other tables follow by themselves.
_FIRST = ("decisions", "lines", "holdings", "conflicts", "attachments")
_OF_COMPANIES: dict[str, type[Model]] = {"verdicts": Verdict, "changes": Change}
_TITLES = {
    "agreements": "Splits and transfers",
    "attachments": "Evidence",
    "changes": "What was changed about it",
    "conflicts": "What the conflict check found",
    "customer_letters": "Letters of the customer",
    "gifts": "Firms that had it",
    "holdings": "Protected scopes",
    "incoming_mails": "Mails that came in",
    "lines": "Product lines",
    "milestones": "Reminders and notices",
    "named_accounts": "What direct sales claims",
    "policy_runs": "What the policy said",
    "verdicts": "Same company or different ones",
}


def page_of(case: dict[str, Any]) -> dict[str, Any]:
    """The context of templates/registrations/case_file/case.html."""
    return {
        "portal": case["portal"],
        "exported_at": moment(case["exported_at"]),
        "exported_by": case["exported_by"]["name"],
        "how": case["how_to_verify"],
        "companies": [_company(row) for row in case["companies"]],
        "direct_sales": _tables(case, {"named_accounts": NamedAccount}),
        "parts": [part for part in _parts(case) if part["rows"]],
        "company": case["registrations"][0]["fields"]["company_name"],
    }


def _company(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "facts": _facts(Company, row["fields"]),
        "names": [name["text"] for name in row["names"]],
        "tables": _tables(row, _OF_COMPANIES),
    }


def _parts(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The registrations, then what other apps keep timelines of."""
    own: dict[str, type[Model]] = {**models_of_tables(), "fields": Registration}
    rows = [_row(row, own, _headline(row), "What was registered") for row in case["registrations"]]
    yield {"title": "Registration", "rows": rows}
    for other in providers():
        rows = [_row(row, other.models, other.headline(row), "What it says") for row in case[other.name]]
        yield {"title": other.title, "rows": rows}


def _headline(row: dict[str, Any]) -> Headline:
    fields = row["fields"]
    partner = words(None, "partner", fields["partner"])
    return Headline(fields["company_name"], partner, Status(fields["status"]).label)


def _row(
    row: dict[str, Any], models: dict[str, type[Model]], headline: Headline, heading: str
) -> dict[str, Any]:
    apart = {"code", "fields", "timeline", "chain", "mails"}
    names = sorted(set(row) - apart, key=lambda name: (_FIRST.index(name) if name in _FIRST else 99, name))
    return {
        "code": row["code"],
        "company": headline.company,
        "partner": headline.partner,
        "status": headline.status,
        "heading": heading,
        "chain": row["chain"],
        "facts": _facts(models["fields"], row["fields"]),
        "timeline": [
            {
                **entry,
                "number": entry["content"]["number"],
                "at": moment(entry["content"]["at"]),
                "vendor_only": entry["content"].get("audience") == "vendor",
            }
            for entry in row["timeline"]
        ],
        "tables": [_table(name, row[name], models.get(name)) for name in names if row[name]],
        "mails": [
            {**mail, "written_at": moment(mail["written_at"]), "sent_at": moment(mail["sent_at"])}
            for mail in row["mails"]
        ],
    }


def _tables(row: dict[str, Any], models: dict[str, type[Model]]) -> list[dict[str, Any]]:
    return [_table(name, row[name], model) for name, model in models.items() if row[name]]


def _table(name: str, rows: list[dict[str, Any]], model: type[Model] | None) -> dict[str, Any]:
    columns = [key for key in rows[0] if any(is_told(key, row[key]) for row in rows)]
    return {
        "title": _TITLES.get(name, label(name)),
        "columns": [label(key) for key in columns],
        "rows": [[words(model, key, row[key]) for key in columns] for row in rows],
    }


def _facts(model: type[Model], fields: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (label(name), words(model, name, value)) for name, value in fields.items() if is_told(name, value)
    ]
