"""The ladder as pages show it: the firm's tier, the next one, and a bar for each thing that it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from partners.enums import PartnerTier
from partners.models import Partner
from programs import measures
from programs.ladder import BASE, Gap, rank
from programs.models import Program
from programs.services.tiers.standing import Standing, standings_of


@dataclass(frozen=True)
class Bar:
    """One thing that a tier asks for. `value` and `most` are plain numbers for <progress>; the words say the same."""

    label: str
    hint: str
    value: str
    most: str
    shown: str
    asked: str
    missing: str
    is_met: bool
    program: str


@dataclass(frozen=True)
class Ladder:
    """Where a firm stands: its tier, the next one that asks for something (empty where none does) with its bars, the
    tiers before that which are given by hand, and the bars that keep the present one."""

    tier: str
    next_tier: str
    bars: list[Bar]
    keeping: list[Bar]
    earned: str
    steps: list[dict[str, Any]]
    by_hand: list[str]

    @property
    def met(self) -> int:
        """How many of the next tier's bars are full."""
        return sum(bar.is_met for bar in self.bars)

    @property
    def by_hand_words(self) -> str:
        """What a reader should know of the tiers that no figures lead to; empty where there are none."""
        if not self.by_hand:
            return ""
        one, names = len(self.by_hand) == 1, " and ".join(self.by_hand)
        if self.next_tier:
            lie, ask = ("lies", "it asks") if one else ("lie", "they ask")
            return f"{names} {lie} between: {ask} for no figures and {'is' if one else 'are'} given by hand."
        return f"{names} {'asks' if one else 'ask'} for no figures: {'it is' if one else 'they are'} given by hand."


def ladder_of(partner: Partner, at: datetime) -> Ladder:
    """The ladder of one firm, with its figures as they are at this moment."""
    return ladder_from(standings_of([partner], at)[partner.pk])


def ladder_from(standing: Standing) -> Ladder:
    """The same from a standing that is known."""
    partner, above = standing.partner, standing.next_tier
    return Ladder(
        tier=partner.get_tier_display(),
        next_tier=PartnerTier(above).label if above else "",
        bars=bars_of(standing.gaps.get(above, []) if above else []),
        keeping=bars_of(standing.gaps.get(partner.tier, [])),
        earned=PartnerTier(standing.earned).label,
        steps=[
            {
                "label": tier.label,
                "state": "current"
                if tier == partner.tier
                else "done"
                if rank(tier) < rank(partner.tier)
                else "todo",
                "note": "" if tier == BASE or tier in standing.gaps else "By hand",
            }
            for tier in PartnerTier
            if standing.gaps
        ],
        by_hand=[PartnerTier(tier).label for tier in standing.by_hand],
    )


def bars_of(gaps: Sequence[Gap]) -> list[Bar]:
    """The gaps of one tier as bars, those still open first."""
    named = {gap.program for gap in gaps if gap.program is not None}
    programs = dict(Program.objects.filter(pk__in=named).values_list("pk", "name")) if named else {}
    ordered = sorted(gaps, key=lambda gap: gap.is_met)
    return [_bar(gap, programs.get(gap.program, "") if gap.program else "") for gap in ordered]


def _bar(gap: Gap, program: str) -> Bar:
    measure = measures.measure_of(gap.measure)
    unit = measure.unit() if measure else ""

    def say(value: Decimal, rounding: str = ROUND_FLOOR) -> str:
        return measure.shown(value, unit, rounding=rounding) if measure else str(value)

    return Bar(
        label=measure.label if measure else gap.measure,
        hint=measure.hint if measure else "",
        value=f"{min(gap.value, gap.threshold):f}",
        most=f"{gap.threshold:f}",
        shown=say(gap.value),
        asked=say(gap.threshold),
        missing="" if gap.is_met else say(gap.missing, ROUND_CEILING),
        is_met=gap.is_met,
        program=program,
    )
