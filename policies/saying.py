"""The small change of the policy's sentences: who acts, and figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from catalog.money import whole
from core import shown


class Kind(StrEnum):
    """Who acts: what a partner does, what a partner leaves, what the portal or the vendor does."""

    DO = "do"
    DONT = "dont"
    WE = "we"


@dataclass(frozen=True)
class Said:
    """A sentence. `has_effect` is False where it restricts nobody, or another setting leaves it without any."""

    kind: Kind
    text: str
    has_effect: bool = True


def days(number: int) -> str:
    """'1 day', '30 days'."""
    return "1 day" if number == 1 else f"{number} days"


def business_days(number: int) -> str:
    """'1 business day', '2 business days'."""
    return "1 business day" if number == 1 else f"{number} business days"


def percent(score: float) -> str:
    """A score from 0 to 1 as a policy names it: '35%'."""
    return shown.percent(score * 100)


def amount(value: Decimal, base: str) -> str:
    """'90,000 EUR', with cents where there are some: '1,250.50 EUR'."""
    number = f"{value:,.2f}" if value % 1 else whole(value)
    return f"{number} {base}".strip()


def day_list(numbers: Sequence[int]) -> str:
    """'14 days, 7 days and 1 day'."""
    return joined([days(number) for number in sorted(numbers, reverse=True)])


def joined(words: Sequence[str], last: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end
