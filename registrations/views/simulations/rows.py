"""What the pages of a simulation print, formatted once in Python."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from catalog.money import whole
from core.tables import Cell as Written
from partners.enums import PartnerTier
from policies.outcome import Landing
from registrations.enums import Occasion
from registrations.models import SimulatedCase, Simulation
from registrations.simulation.comparing import Part
from registrations.simulation.heads import head_of
from registrations.simulation.tally import Cell, Key, matrix
from registrations.simulation.telling import LANDED, LANDING_WORDS, LANDINGS, change_words, rule_words

_PARTS = {Part.CAME: "New", Part.GONE: "No longer", Part.STAYS: "Still"}
_EARLIER = 5


@dataclass(frozen=True)
class Number:
    """One field of the table 'before → after'."""

    number: str
    value: str
    label: str
    url: str = ""
    same: bool = False
    chosen: bool = False


@dataclass(frozen=True)
class TableRow:
    """All that landed in one place then."""

    label: str
    status: str
    cells: list[Number]
    total: str


@dataclass(frozen=True)
class Table:
    """Before → after, and its changes as a list, the most first."""

    columns: list[tuple[str, str]]
    rows: list[TableRow]
    changes: list[Number] = field(default_factory=list)


@dataclass(frozen=True)
class ShownCase:
    """One changed case."""

    code: str
    url: str
    company: str
    partner: str
    tier: str
    at: str
    occasion: str
    before: str
    before_label: str
    after: str
    after_label: str
    reasons: list[tuple[str, str]]
    value: str
    reconstructed: bool
    unsettled: bool


def table_of(cells: Mapping[Key, Cell], address: str, chosen: str) -> Table:
    """The table and its changes; each number that changed leads to its cases."""
    found = matrix(cells)
    # Few versions ask for more than was filled in: a column of dashes would only be in the way.
    landings = [
        after
        for after in LANDINGS
        if after in LANDED or any(found[before, after].number for before in LANDED)
    ]
    lines = []
    for before in LANDED:
        row = [_field(before, after, found[before, after], address, chosen) for after in landings]
        total = sum(found[before, after].number for after in landings)
        lines.append(TableRow(LANDING_WORDS[before], before.value, row, f"{total:,}"))
    changed = [
        (found[before, after].number, _field(before, after, found[before, after], address, chosen))
        for before in LANDED
        for after in LANDINGS
        if before != after and found[before, after].number
    ]
    changed.sort(key=lambda pair: -pair[0])
    return Table(
        [(landing.value, LANDING_WORDS[landing]) for landing in landings],
        lines,
        [cell for _, cell in changed],
    )


def _field(before: Landing, after: Landing, cell: Cell, address: str, chosen: str) -> Number:
    change = f"{before}-{after}"
    linked = before != after and cell.number
    return Number(
        number=f"{cell.number:,}" if cell.number else "–",
        value=whole(cell.value) if cell.number else "",
        label=change_words(before, after),
        url=f"{address}?change={change}#cases" if linked else "",
        same=before == after,
        chosen=change == chosen,
    )


def shown(case: SimulatedCase) -> ShownCase:
    """A case as its row tells it."""
    deal = case.registration
    return ShownCase(
        code=deal.code,
        url=reverse("registrations:registration", args=[deal.code]),
        company=deal.company_name,
        partner=deal.partner.name,
        tier=tier_words(case.tier),
        at=_day(timezone.localtime(case.at)),
        occasion="" if case.occasion == Occasion.SUBMISSION else Occasion(case.occasion).label,
        before=case.before,
        before_label=LANDING_WORDS[Landing(case.before)],
        after=case.after,
        after_label=LANDING_WORDS[Landing(case.after)],
        reasons=[
            ("" if case.unsettled else _PARTS[Part(reason["part"])], reason["words"])
            for reason in case.reasons
        ],
        value=whole(case.value_in_base),
        reconstructed=case.reconstructed,
        unsettled=case.unsettled,
    )


def header(base: str) -> list[str]:
    """The columns of the export."""
    return [
        *("Registration", "Company", "Partner", "Tier", "Asked", "At", "Landed in", "Would land in"),
        *("Finding", "In words", f"Value in {base}", "Reconstructed"),
    ]


def exported(case: SimulatedCase, zone: tzinfo) -> list[Written]:
    """A line of the export."""
    deal = case.registration
    words = " ".join(f"{_PARTS[Part(reason['part'])]}: {reason['words']}" for reason in case.reasons)
    return [
        *(deal.code, deal.company_name, deal.partner.name, tier_words(case.tier)),
        *(Occasion(case.occasion).label, case.at.astimezone(zone)),
        *(LANDING_WORDS[Landing(case.before)], LANDING_WORDS[Landing(case.after)]),
        *(rule_words(case.rule), words, case.value_in_base, "yes" if case.reconstructed else "no"),
    ]


def earlier(simulations: QuerySet[Simulation]) -> list[dict[str, Any]]:
    """The last simulations of a version, for a list."""
    return [
        {
            "url": reverse("registrations:simulation", args=[found.code]),
            "head": head_of(found),
        }
        for found in simulations.select_related("created_by").order_by("-id")[:_EARLIER]
    ]


def tiers_of(simulation: Simulation) -> list[tuple[str, str]]:
    """The tiers of the firms among the cases."""
    found = SimulatedCase.objects.filter(simulation=simulation).values_list("tier", flat=True)
    return [(tier, tier_words(tier)) for tier in sorted(set(found.distinct())) if tier]


def tier_words(tier: str) -> str:
    """A tier by its name, or by its code where there is none such any more."""
    return dict(PartnerTier.choices).get(tier, tier)


def without(request: HttpRequest, *names: str) -> str:
    """The address without these filters, from the start of the list."""
    query = request.GET.copy()
    for name in (*names, "after"):
        query.pop(name, None)
    return f"?{query.urlencode()}#cases"


def export_url(request: HttpRequest, simulation: Simulation) -> str:
    """The export of what is listed."""
    query = request.GET.copy()
    query.pop("after", None)
    path = reverse("registrations:export_simulation", args=[simulation.code])
    return f"{path}?{query.urlencode()}" if query else path


def _day(moment: datetime) -> str:
    return f"{moment:%-d %b %Y}"
