"""Which of the companies that bear a name is the one meant by it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from companies.facts import facts_of, is_compatible, is_the_name, known_as
from companies.matching import CompanyFacts, CompanyQuery, Name, evident_domain, normalise
from companies.models import Company

# How a company's name stands to the text asked for.
_THE_VERY_TEXT, _LETTER_BY_LETTER, _AS_TYPED, _SAME_FORM, _BY_ITS_WORDS = range(5)


def the_one_meant(query: CompanyQuery, companies: Iterable[Company]) -> Company | None:
    """Of companies loaded by `with_active_names`, `with_different_from` and `load_merged` the one that has exactly the query's
    name, with nothing against it: the one with its website, then with the name nearest to the text asked for ('Nord AG' is
    rather 'Nord AG' than 'Nord GmbH'), with its country, the oldest. Each counts as what it is itself, or as a record that was
    merged into it, whichever fits better: what people declared to be one is not asked again.

    None where nobody has that name; and where it fits two that people have told apart equally well, or one by its website and
    the other by its text: a person has to say which one of them it is, or that it is a third.
    """
    bearers = [bearer for company in companies if (bearer := _bearer(query, company)) is not None]
    if not bearers:
        return None
    best = min(bearers, key=lambda bearer: bearer.order)
    equal = sorted((one for one in bearers if one.evidence == best.evidence), key=lambda bearer: bearer.order)
    return next((one.company for one in equal if not one.is_contested_by(bearers)), None)


def facts_meant(query: CompanyQuery, company: Company) -> CompanyFacts:
    """The company's facts; where the query is exactly a record that was merged into it, that one's with all the names."""
    whole = facts_of(company)
    if not company.merged:
        return whole
    bearer = _bearer(query, company)
    return replace(bearer.known, names=whole.names) if bearer else whole


def _bearer(query: CompanyQuery, company: Company) -> _Bearer | None:
    asked = normalise(query.name)
    found = [
        _Bearer(query, company, known, _nearness(asked, name))
        for known in known_as(company)
        if is_compatible(query, known)
        for name in map(normalise, known.names)
        if is_the_name(asked, name)
    ]
    return min(found, key=lambda bearer: bearer.order, default=None)


def _nearness(one: Name, other: Name) -> int:
    if _plain(one.raw) == _plain(other.raw):
        return _THE_VERY_TEXT
    if _letters(one.raw) == _letters(other.raw):
        return _LETTER_BY_LETTER
    if one.form_class == other.form_class:
        return _AS_TYPED if one.typed == other.typed else _SAME_FORM
    return _BY_ITS_WORDS


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _letters(text: str) -> str:
    return "".join(character for character in _plain(text) if character.isalnum())


class _Bearer:
    """A company that bears the query's name, by what it is known as, and what speaks for it. Lower is better."""

    def __init__(self, query: CompanyQuery, company: Company, known: CompanyFacts, near: int) -> None:
        country, domain = query.country.strip().upper(), evident_domain(query.domain)
        self.company, self.known, self.near = company, known, near
        self.evidence = (not domain or evident_domain(known.domain) != domain, near)
        self.order = (*self.evidence, not country or known.country != country, company.pk or 0)

    def is_contested_by(self, bearers: Iterable[_Bearer]) -> bool:
        """Whether somebody declared one of them different from it that the query fits no worse by all that speaks."""
        told_apart = [one for one in bearers if one.company.pk in self.company.different_from]
        return any(one.evidence == self.evidence or not self._is_nearer_than(one) for one in told_apart)

    def _is_nearer_than(self, other: _Bearer) -> bool:
        return all(mine <= theirs for mine, theirs in zip(self.evidence, other.evidence, strict=True))
