"""Which values of a registration policy's settings contradict each other, and what their author may not have meant."""

from collections.abc import Iterable

from policies.contradictions import deciding, protecting
from policies.contradictions.check import Check, Ground, Told
from policies.contradictions.ground import ground_now
from policies.contradictions.remarks import REMARKS
from policies.settings import Values

__all__ = ["CHECKS", "REMARKS", "Ground", "Told", "contradictions", "ground_now", "remarks"]

CHECKS = (*protecting.CHECKS, *deciding.CHECKS)
_UNKNOWN = Ground()


def contradictions(values: Values, ground: Ground = _UNKNOWN) -> dict[str, Told]:
    """Setting → what is wrong with it beside the others, the first thing of each. Empty when all fit together, and with
    what `ground` says of the catalogue and the firms."""
    return _said(CHECKS, values, ground)


def remarks(values: Values, ground: Ground = _UNKNOWN) -> dict[str, Told]:
    """Setting → what it does beside the others that its author may not have meant. None of it forbids anything."""
    return _said(REMARKS, values, ground)


def _said(checks: Iterable[Check], values: Values, ground: Ground) -> dict[str, Told]:
    found: dict[str, Told] = {}
    for check in checks:
        if check.setting not in found and (words := check.words(values, ground)):
            found[check.setting] = Told(check.setting, check.beside, words)
    return found
