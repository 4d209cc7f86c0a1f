"""The ladder of tiers as a calculation: which tier figures earn, and what is missing to the next. Nothing here asks the
database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from partners.enums import PartnerTier

LADDER: tuple[str, ...] = tuple(PartnerTier.values)  # from the lowest to the highest
BASE = LADDER[0]


@dataclass(frozen=True)
class Ask:
    """One criterion: at least `threshold` of `measure` for `tier`; with `program`, for firms enrolled there only."""

    tier: str
    measure: str
    threshold: Decimal
    program: int | None = None


@dataclass(frozen=True)
class Gap:
    """What a tier asks for beside what a firm has. `program` as in the Ask."""

    measure: str
    value: Decimal
    threshold: Decimal
    program: int | None = None

    @property
    def is_met(self) -> bool:
        """Whether there is enough."""
        return self.value >= self.threshold

    @property
    def missing(self) -> Decimal:
        """How much there is still to come; 0 when it is met."""
        return max(self.threshold - self.value, Decimal(0))


Asks = Mapping[str, list[Ask]]  # by tier


def binding(asks: Iterable[Ask], programs: frozenset[int]) -> dict[str, list[Ask]]:
    """The asks that bind a firm enrolled in `programs`, by tier; tiers that ask for nothing are not in it."""
    found: dict[str, list[Ask]] = {}
    for ask in asks:
        if ask.program is None or ask.program in programs:
            found.setdefault(ask.tier, []).append(ask)
    return found


def gaps(asks: Iterable[Ask], figures: Mapping[str, Decimal]) -> list[Gap]:
    """Each ask beside the figure."""
    return [
        Gap(ask.measure, figures.get(ask.measure, Decimal(0)), ask.threshold, ask.program) for ask in asks
    ]


def earned(asks: Asks, figures: Mapping[str, Decimal]) -> str:
    """The highest tier that the figures reach: step by step, every tier that asks for something must be met before the
    one above it. A tier without criteria is given by hand, so it is passed over and never earned."""
    reached = BASE
    for tier in LADDER[1:]:
        wanted = asks.get(tier, [])
        if not wanted:
            continue
        if not all(gap.is_met for gap in gaps(wanted, figures)):
            break
        reached = tier
    return reached


def due_tier(asks: Asks, figures: Mapping[str, Decimal], tier: str) -> str:
    """The tier that a firm which has `tier` should have. Nobody is moved down from a tier that asks for nothing now."""
    found = earned(asks, figures)
    if rank(found) < rank(tier) and not asks.get(tier):
        return tier
    return found


def next_tier(asks: Asks, tier: str) -> str | None:
    """The next tier above `tier` that asks for something; None at the top."""
    return next((above for above in LADDER[rank(tier) + 1 :] if asks.get(above)), None)


def by_hand_above(asks: Asks, tier: str) -> list[str]:
    """The tiers above `tier` that ask for nothing, so that a person alone gives them: those below the next one that asks
    for something, or, at the top of what figures reach, all."""
    found = []
    for above in LADDER[rank(tier) + 1 :]:
        if asks.get(above):
            break
        found.append(above)
    return found


def rank(tier: str) -> int:
    """A tier's place on the ladder, 0 the lowest."""
    return LADDER.index(tier)
