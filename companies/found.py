"""What a search found, ready to be shown: highlights, reasons in words, the tier explained. One shape for every page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from companies.evidence import CROWD, Candidate, SearchResult
from companies.matching import CompanyQuery, domain_as_name
from companies.matching.fold import clean_display
from companies.models import Company, NamedAccount
from companies.querysets import CompanyQuerySet
from companies.reasons import TIERS, Reason, Tier, highlighted, percent, reasons, tier_by
from companies.search import SearchFailed, search
from companies.thresholds import thresholds
from companies.words import country_name

# As many as are no crowd yet.
LIMIT = CROWD
# So many of a crowd are shown where none of it stands out.
_CLOSEST = 10


@dataclass(frozen=True)
class Found:
    """A candidate as pages show it. `also` is the other name by which it was found, marked; empty when by its own."""

    company: Company
    name: SafeString
    also: SafeString | str
    tier: Tier
    percent: str
    reasons: list[Reason]
    accounts: list[NamedAccount]


@dataclass(frozen=True)
class Findings:
    """The answer to a question. `failed`: it could not be finished. `containing`: names that hold the letters typed."""

    found: list[Found]
    containing: list[Company]
    crowd: bool = False
    failed: bool = False

    @property
    def is_empty(self) -> bool:
        """Finished, and nothing there: too many to tell apart are not nothing."""
        return not (self.found or self.containing or self.crowd or self.failed)


def look_up(companies: CompanyQuerySet, query: CompanyQuery, *, exclude: Iterable[int] = ()) -> Findings:
    """The companies that the query may mean, then those of `companies` whose names contain its letters.

    A website typed as the name counts as both. Of a crowd in which none is likely enough for a look the closest are listed
    all the same. Never raises: a search that fails is told as failed.
    """
    left_out = set(exclude)
    failed = False
    result = SearchResult([])
    closest = list[Candidate]()
    limits = thresholds()
    try:
        asked = _with_domain(query)
        result = search(asked, limit=LIMIT, exclude=left_out, least=limits.review)
        if result.crowd and not result.candidates:
            closest = search(asked, limit=_CLOSEST, exclude=left_out, least=0.0).candidates
    except SearchFailed:
        failed = True
    tiers = [(one, tier_by(one.score, one.tier, limits)) for one in result.candidates]
    tiers += [(one, TIERS["crowd"]) for one in closest]
    meant = next((one.company for one, tier in tiers if tier.code == "same"), None)
    found = [
        shown(one, tier=TIERS["related"] if meant and meant.is_parent_or_child_of(one.company) else tier)
        for one, tier in tiers
    ]
    found += [shown(candidate, tier=TIERS["different"]) for candidate in result.ruled_out]
    containing: list[Company] = []
    if len(found) < LIMIT:
        seen = left_out | {one.company.pk for one in found}
        rows = companies.called_with(clean_display(query.name)).exclude(pk__in=seen).order_by("name", "pk")
        containing = list(rows.with_open_claims()[:LIMIT])
    return Findings(found, containing, crowd=result.crowd, failed=failed)


def shown(candidate: Candidate, *, tier: Tier) -> Found:
    """A candidate as pages show it."""
    signals = [signal.as_json() for signal in candidate.signals]
    company = candidate.company
    by_own_name = candidate.matched_name == company.name
    return Found(
        company=company,
        name=highlighted(company.name, signals if by_own_name else [], "theirs"),
        also="" if by_own_name else highlighted(candidate.matched_name, signals, "theirs"),
        tier=tier,
        percent=percent(candidate.score),
        reasons=reasons(signals),
        accounts=candidate.named_accounts,
    )


def differs(one: str, other: str) -> bool:
    """Whether two facts contradict: unknown is not different."""
    return bool(one and other) and " ".join(one.casefold().split()) != " ".join(other.casefold().split())


def beside(one: Company, other: Company, signals: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Two companies field by field for components/compare.html; `ours` of the signals is the first.

    Both must come from `with_active_names`.
    """
    signals = list(signals)
    rows: list[dict[str, Any]] = [
        _names("Names", one, other, signals),
        _row("Website", one.domain or one.website, other.domain or other.website),
        _row("Country", country_name(one.country), country_name(other.country)),
        _row("Place", f"{one.postcode} {one.city}".strip(), f"{other.postcode} {other.city}".strip()),
        _row("Telephone", one.phone, other.phone),
        _row("Industry", str(one.industry or ""), str(other.industry or "")),
        _row("Belongs to", str(one.parent or ""), str(other.parent or "")),
    ]
    return [row for row in rows if row["left"] or row["right"]]


def _names(label: str, one: Company, other: Company, signals: list[Mapping[str, Any]]) -> dict[str, Any]:
    left, right = (
        format_html_join(
            "",
            '<span class="compare-line" dir="auto">{}</span>',
            ((highlighted(text, signals, side),) for text in _all_names(company)),
        )
        for company, side in ((one, "ours"), (other, "theirs"))
    )
    return {"label": label, "left": left, "right": right, "differs": False}


def _all_names(company: Company) -> list[str]:
    return [company.name, *(text for text in company.active_names if text != company.name)][:8]


def _row(label: str, left: str, right: str) -> dict[str, Any]:
    return {"label": label, "left": left, "right": right, "differs": differs(left, right)}


def _with_domain(query: CompanyQuery) -> CompanyQuery:
    domain = "" if query.domain else domain_as_name(query.name)
    return CompanyQuery(query.name, domain=domain, country=query.country) if domain else query
