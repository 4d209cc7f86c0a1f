"""The side-by-side: a registration and one candidate, field by field, with what met marked. No queries of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django_countries import countries

from companies.matching import evident_domain
from companies.models import NamedAccount
from companies.reasons import Span, highlighted, marked, spans_met
from registrations.models import Registration


@dataclass(frozen=True)
class Row:
    """A line of the comparison. `left` and `right` are text or safe HTML; empty where nothing was said."""

    label: str
    left: str
    right: str
    differs: bool


def compare_registrations(
    ours: Registration, theirs: Registration, signals: Sequence[dict[str, Any]]
) -> list[Row]:
    """`ours` is under review, `theirs` the rival; the signals' 'ours' belongs to the first of the two."""
    left, right = _facts(ours), _facts(theirs)
    marks = _Marks(signals)
    rows = []
    for (label, mine), (_, other) in zip(left, right, strict=True):
        rows.append(_row(label, mine, other, marks))
    rows.append(_row("Submitted", day(ours.submitted_at), day(theirs.submitted_at), marks, judged=False))
    return rows


def compare_account(
    ours: Registration, account: NamedAccount, signals: Sequence[dict[str, Any]]
) -> list[Row]:
    """`ours` against a claim of direct sales, which knows less: only what both have."""
    marks = _Marks(signals)
    return [
        _row("Company", ours.company_name, account.name, marks),
        _row("Website", ours.website, account.website or account.domain, marks),
        _row("Country", country(ours.country), country(account.country), marks),
        _row("Owner", ours.partner.name, f"{account.owner_name} (direct sales)", marks, judged=False),
        _row("In force", day(ours.submitted_at), _period(account), marks, judged=False),
    ]


def compare_claim(
    ours: Registration, claim: Mapping[str, Any], signals: Sequence[dict[str, Any]]
) -> list[Row]:
    """`ours` against a claim that an app further up provided, as it was when the check saw it (Claim.as_json)."""
    marks = _Marks(signals)
    products = ", ".join(line.product_line.name for line in ours.lines.all())
    since = parse_datetime(str(claim.get("since", "")))
    return [
        _row("Company", ours.company_name, str(claim.get("name", "")), marks),
        _row("Website", ours.website, str(claim.get("website", "")), marks),
        _row("Country", country(ours.country), country(claim.get("country")), marks),
        _row("Products", products, str(claim.get("products", "")), marks),
        _row("Partner", ours.partner.name, str(claim.get("partner", "")), marks, judged=False),
        _row("Counts from", day(ours.submitted_at), day(since), marks, judged=False),
    ]


def money(value: Decimal | None, currency: str) -> str:
    """'184,000 EUR', pence only where there are some; empty for None."""
    if value is None:
        return ""
    places = 0 if value == value.to_integral_value() else 2
    return f"{number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)}\u00a0{currency}"


def day(moment: datetime | date | None) -> str:
    """A day in the reader's time zone and format; empty for None."""
    if moment is None:
        return ""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return date_format(local, "j M Y")


def country(value: Any) -> str:
    """The name of a country given as django-countries' value or as ISO code."""
    code = str(getattr(value, "code", value) or "")
    return countries.name(code) or code


class _Marks:
    """What of a value stands on the other side, or differs from it there, by the signals that speak of its field."""

    _ABOUT = {"Website": "domain", "Contact e-mail": "domain", "City": "city", "Postcode": "postcode"}

    def __init__(self, signals: Sequence[dict[str, Any]]) -> None:
        self.signals = signals

    def on(self, label: str, value: str, side: str) -> SafeString:
        if label == "Company":
            return highlighted(value, self.signals, side)
        spans: list[Span] = []
        for signal in self.signals:
            text = signal.get(side) or ""
            at = value.casefold().find(text.casefold()) if text and self._speaks_for(label, signal) else -1
            if at >= 0:
                spans += [(at + start, at + end) for start, end in spans_met(signal, side)]
        return marked(value, spans)

    def _speaks_for(self, label: str, signal: dict[str, Any]) -> bool:
        about = label in self._ABOUT and self._ABOUT[label] in str(signal.get("code"))
        return about and signal.get("contribution", 0) > 0


def _facts(registration: Registration) -> list[tuple[str, str]]:
    r = registration
    lines = ", ".join(f"{line.product_line.name} × {number_format(line.quantity)}" for line in r.lines.all())
    return [
        ("Company", r.company_name),
        ("Website", r.website),
        ("Country", country(r.country)),
        ("Postcode", r.postcode),
        ("City", r.city),
        ("Deal", r.deal_name),
        ("Products", lines),
        ("Value", money(r.value, r.currency.code)),
        ("Expected close", day(r.expected_close)),
        ("Contact person", ", ".join(part for part in (r.contact_name, r.contact_title) if part)),
        ("Contact e-mail", r.contact_email),
    ]


def _row(label: str, left: str, right: str, marks: _Marks, *, judged: bool = True) -> Row:
    """Nothing differs where one side says nothing: unknown is not different."""
    plain = evident_domain if label == "Website" else _plain
    differs = judged and bool(left and right) and plain(left) != plain(right)
    return Row(label, marks.on(label, left, "ours"), marks.on(label, right, "theirs"), differs)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _period(account: NamedAccount) -> str:
    if account.ends_on is None:
        return f"since {day(account.effective_from)}"
    return f"{day(account.effective_from)} to {day(account.ends_on)}"
