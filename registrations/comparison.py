"""The side-by-side: a registration and one candidate, field by field, with what met marked. No queries of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django_countries import countries

from companies.matching import evident_domain
from companies.models import NamedAccount
from registrations.models import Registration

Span = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """A line of the comparison. `left` and `right` are text or safe HTML; empty where nothing was said."""

    label: str
    left: str
    right: str
    differs: bool


@dataclass(frozen=True)
class Reason:
    """Why two companies look like one (or not): `sign` is '+', '−' or '' and `weight` tells how much in words."""

    words: str
    sign: str
    weight: str
    strength: int


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


def reasons(signals: Iterable[dict[str, Any]], *, turned: bool = False) -> list[Reason]:
    """The signals in words, the weightiest first; the starting point that all comparisons share is left out.

    `turned`: the comparison is read from the other side, so 'new' and 'known' change places.
    """
    told = [signal for signal in signals if signal.get("code") != "base"]
    told.sort(key=lambda signal: -abs(signal.get("contribution", 0)))
    return [_reason(signal, turned) for signal in told]


def turn(signals: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same signals read from the other side."""
    pairs = (("ours", "theirs"), ("ours_spans", "theirs_spans"))
    turned = []
    for signal in signals:
        copy = dict(signal)
        for one, two in pairs:
            copy[one], copy[two] = signal.get(two), signal.get(one)
        turned.append(copy)
    return turned


def marked(text: str, spans: Iterable[Span]) -> SafeString:
    """`text` escaped, with `spans` (start, end) in <mark>; spans may overlap or lie outside."""
    pieces, position = [], 0
    for start, end in _joined(spans, len(text)):
        pieces.append((conditional_escape(text[position:start]), conditional_escape(text[start:end])))
        position = end
    body = format_html_join("", "{}<mark>{}</mark>", pieces)
    return format_html("{}{}", body, text[position:])


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
    """Which stretches of a value met something on the other side: the signals that speak of its field."""

    _ABOUT = {"Website": "domain", "Contact e-mail": "domain", "City": "city", "Postcode": "postcode"}

    def __init__(self, signals: Sequence[dict[str, Any]]) -> None:
        self.signals = [signal for signal in signals if signal.get("contribution", 0) > 0]

    def on(self, label: str, value: str, side: str) -> SafeString:
        spans: list[Span] = []
        for signal in self.signals:
            text = signal.get(side) or ""
            at = value.casefold().find(text.casefold()) if text and self._speaks_of(label, signal) else -1
            if at >= 0:
                spans += [(at + start, at + end) for start, end in _met(signal, side)]
        return marked(value, spans)

    def _speaks_of(self, label: str, signal: dict[str, Any]) -> bool:
        if label == "Company":
            return (
                bool(signal.get("ours_spans") or signal.get("theirs_spans"))
                or signal.get("code") == "initials"
            )
        return label in self._ABOUT and self._ABOUT[label] in str(signal.get("code"))


def _met(signal: dict[str, Any], side: str) -> list[Span]:
    """The stretches of one side that met: those of the signal, else all of it; of initials their letters."""
    text = str(signal.get(side) or "")
    if signal.get("code") == "initials" and " " in text.strip():
        other = str(signal.get("theirs" if side == "ours" else "ours") or "")
        letters = sum(character.isalnum() for character in other)
        begins = [at for at in range(len(text)) if text[at].isalnum() and (at == 0 or text[at - 1] in " -/&")]
        return [(at, at + 1) for at in begins[:letters]]
    return [(start, end) for start, end in signal.get(f"{side}_spans") or [(0, len(text))]]


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


def _reason(signal: dict[str, Any], turned: bool) -> Reason:
    contribution = float(signal.get("contribution", 0))
    words = str(signal.get("label") or "")
    if turned:
        words = (
            words.replace("the new name", "\0")
            .replace("the known name", "the new name")
            .replace("\0", "the known name")
        )
    size = abs(contribution)
    strength = 3 if size >= 2 else 2 if size >= 0.75 else 1
    weight = ("a little", "clearly", "strongly")[strength - 1]
    if contribution > 0:
        return Reason(words, "+", f"speaks {weight} for the same company", strength)
    return Reason(words, "−", f"speaks {weight} against it", strength)


def _joined(spans: Iterable[Span], length: int) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _period(account: NamedAccount) -> str:
    if account.ends_on is None:
        return f"since {day(account.effective_from)}"
    return f"{day(account.effective_from)} to {day(account.ends_on)}"
