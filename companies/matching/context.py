"""Signals beside the name: domain, country, city, postcode, telephone."""

from __future__ import annotations

import re
from functools import cache

from companies.matching.domains import evident_domain
from companies.matching.fold import clean, to_ascii
from companies.matching.normalise import normalise
from companies.matching.seats import seat_behind
from companies.matching.types import CompanyFacts, CompanyQuery, Signal
from companies.matching.wordlists import mapping


@cache
def _weights() -> dict[str, float]:
    return {code: float(value) for code, value in mapping("other_fields").items()}


def context_signals(query: CompanyQuery, facts: CompanyFacts) -> list[Signal]:
    """What the other fields say; a field missing on either side says nothing."""
    if not (query.domain or facts.domain or query.country or query.city or query.postcode or query.phone):
        return []
    found = [
        _domain(query, facts),
        _country(query, facts),
        _place(query.city, facts.city, "same_city", "city"),
    ]
    found.append(_place(query.postcode, facts.postcode, "same_postcode", "postcode"))
    found.append(_phone(query.phone, facts.phone))
    return [signal for signal in found if signal is not None]


def seat_signals(ours: str, theirs: str) -> list[Signal]:
    """What two cities say that stand behind the names: one behind one of them says nothing."""
    one = seat_behind(ours)
    other = seat_behind(theirs) if one else ""
    if not other or one == other:
        return []
    return [_signal("other_seat", f"Different cities: {one.title()} and {other.title()}", ours, theirs)]


def _signal(code: str, label: str, ours: str, theirs: str) -> Signal:
    return Signal(code, label, _weights()[code], ours[:300], theirs[:300])


def _domain(query: CompanyQuery, facts: CompanyFacts) -> Signal | None:
    ours, theirs = evident_domain(query.domain), evident_domain(facts.domain)
    if ours and ours == theirs:
        return _signal("same_domain", f"The same website or mail domain, {ours}", ours, theirs)
    if _is_name(ours, facts.names) or _is_name(theirs, (query.name,)):
        return _signal(
            "domain_is_name", "The domain of one is the name of the other", ours or query.name, theirs
        )
    if ours and theirs:
        return _signal("other_domain", f"Different domains: {ours} and {theirs}", ours, theirs)
    return None


def _is_name(domain: str, names: tuple[str, ...]) -> bool:
    label = domain.partition(".")[0].replace("-", "")
    return len(label) >= 3 and any(normalise(name).joined == label for name in names)


def _country(query: CompanyQuery, facts: CompanyFacts) -> Signal | None:
    ours, theirs = query.country.strip().upper(), facts.country.strip().upper()
    if not ours or not theirs:
        return None
    if ours == theirs:
        return _signal("same_country", "The same country", ours, theirs)
    return _signal("other_country", f"Different countries: {ours} and {theirs}", ours, theirs)


def _place(ours: str, theirs: str, code: str, word: str) -> Signal | None:
    one, other = (re.sub(r"[^a-z0-9]", "", to_ascii(clean(text))) for text in (ours, theirs))
    return _signal(code, f"The same {word}", ours, theirs) if one and one == other else None


def _phone(ours: str, theirs: str) -> Signal | None:
    # The last eight digits: the country code and trunk zero are written or left out at will.
    one, other = (re.sub(r"\D", "", text[:60])[-8:] for text in (ours, theirs))
    same = len(one) >= 7 and one == other
    return _signal("same_phone", "The same telephone number", ours, theirs) if same else None
