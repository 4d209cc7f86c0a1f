"""Figures of firms by code, for tiers and for stages of journeys. Apps further up add theirs when they are ready
(registrations: won value, win rate); this app does not know them.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from core import shown

ZERO = Decimal(0)
_ONE, _TENTH = Decimal(1), Decimal("0.1")

# (partner ids, at) → partner id → value; firms without one may be left out, which means 0. The number of queries must not
# depend on the firms.
Compute = Callable[[Collection[int], datetime], dict[int, Decimal]]
Figures = dict[str, Decimal]


@dataclass(frozen=True)
class Measure:
    """A figure of a firm. `label` is its name ('Certified people'), `hint` says to partners how it is counted, `unit()`
    is '', '%', or the code of a currency. `entered`: a person enters it, from 0 to `most`."""

    code: str
    label: str
    hint: str
    compute: Compute
    unit: Callable[[], str] = str
    entered: bool = False
    most: Decimal = Decimal(100)

    def shown(self, value: Decimal, unit: str | None = None, *, rounding: str = ROUND_FLOOR) -> str:
        """The value as people read it: '3', '62%', '120,000 EUR'. Pass the `unit` to ask for it once for many values. Rounded
        down, so that nothing looks reached that is not; what is missing is rounded up (ROUND_CEILING)."""
        unit = self.unit() if unit is None else unit
        if unit == "%":
            return shown.percent(value.quantize(_TENTH, rounding))
        whole = value == value.to_integral_value() or unit
        number = f"{value.quantize(_ONE, rounding):,}" if whole else f"{value.quantize(_TENTH, rounding):,}"
        return f"{number}\u00a0{unit}".rstrip()


_measures: dict[str, Measure] = {}


def provide(measure: Measure) -> None:
    """Adds a measure; an app does so when it is ready. Raises ValueError for a code that another measure has."""
    known = _measures.setdefault(measure.code, measure)
    if known != measure:
        raise ValueError(f"There are two measures called {measure.code}.")


def all_measures() -> list[Measure]:
    """Every measure by its label."""
    return sorted(_measures.values(), key=lambda measure: measure.label)


def measure_of(code: str) -> Measure | None:
    """The measure with this code; None for one that no app knows (any more)."""
    return _measures.get(code)


def figures_of(codes: Iterable[str], partner_ids: Collection[int], at: datetime) -> dict[int, Figures]:
    """The figures with these codes of these firms at a moment; every firm has every code, 0 where there is nothing. A
    constant number of queries for each code. A code that nobody knows is 0: what it asks for is never met."""
    found: dict[int, Figures] = {pk: {} for pk in partner_ids}
    for code in dict.fromkeys(codes):
        measure = _measures.get(code)
        values = measure.compute(partner_ids, at) if measure else {}
        for pk, figures in found.items():
            figures[code] = values.get(pk, ZERO)
    return found
