"""Dates, money and sizes as text, in the reader's time zone: formatted once in Python, never in the cells of a list."""

from decimal import Decimal

from catalog.models import Currency
from core.shown import day, days_to, days_until, moment, number, size, unbroken

__all__ = ["day", "days_to", "days_until", "moment", "money", "number", "size", "unbroken"]


def money(amount: Decimal | None, currency: Currency | str) -> str:
    """'120,000 EUR'; '' for none. The space does not break."""
    return "" if amount is None else f"{number(amount)}\u00a0{currency}"
