"""Where firms stand on the ladder of tiers, from figures as they are at a moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from core.vendor_days import vendor_day
from partners.models import Partner
from programs import ladder, measures
from programs.ladder import Ask, Gap
from programs.models import Criterion, Enrolment


@dataclass(frozen=True)
class Standing:
    """One firm: its figures, the tier they earn, the tier that is due, and the gaps of each tier that asks for something."""

    partner: Partner
    figures: measures.Figures
    earned: str
    due: str
    gaps: dict[str, list[Gap]]

    @property
    def next_tier(self) -> str | None:
        """The next tier above the firm's own that asks for something; None at the top."""
        return ladder.next_tier(self._asked(), self.partner.tier)

    @property
    def by_hand(self) -> list[str]:
        """The tiers between the firm's own and the next one that ask for nothing: they are reached by hand alone."""
        return ladder.by_hand_above(self._asked(), self.partner.tier)

    def _asked(self) -> dict[str, list[Ask]]:
        return {
            tier: [Ask(tier, gap.measure, gap.threshold, gap.program) for gap in gaps]
            for tier, gaps in self.gaps.items()
        }


def standings_of(partners: Collection[Partner], at: datetime) -> dict[int, Standing]:
    """Where each of these firms stands: three queries and those of each measure that some tier asks for."""
    asks = asks_at(at)
    programs: dict[int, set[int]] = {partner.pk: set() for partner in partners}
    if any(ask.program is not None for ask in asks):
        rows = Enrolment.objects.counting_for_tiers().filter(partner__in=programs).order_by()
        for partner_id, program_id in rows.values_list("partner", "program"):
            programs[partner_id].add(program_id)
    figures = measures.figures_of((ask.measure for ask in asks), programs, at)
    return {
        partner.pk: _standing(partner, asks, frozenset(programs[partner.pk]), figures[partner.pk])
        for partner in partners
    }


def asks_at(at: datetime) -> list[Ask]:
    """What tiers ask for on the day of `at`, the vendor's."""
    rows = Criterion.objects.in_force(vendor_day(at)).order_by("measure", "program")
    return [Ask(row.tier, row.measure, row.threshold, row.program_id) for row in rows]


def _standing(
    partner: Partner, asks: list[Ask], programs: frozenset[int], figures: measures.Figures
) -> Standing:
    binding = ladder.binding(asks, programs)
    return Standing(
        partner=partner,
        figures=figures,
        earned=ladder.earned(binding, figures),
        due=ladder.due_tier(binding, figures, partner.tier),
        gaps={tier: ladder.gaps(wanted, figures) for tier, wanted in binding.items()},
    )
