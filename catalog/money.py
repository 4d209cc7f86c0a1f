"""The base currency, and amounts as words: formatted once in Python instead of by a filter in every cell."""

from decimal import Decimal

from catalog.models import Currency


def base_currency() -> str:
    """The code of the currency that all rates lead to: the one with rate 1, the first of them. Empty if there is none."""
    found = Currency.objects.filter(rate_to_base=1).order_by("pk").values_list("code", flat=True).first()
    return found or ""


def whole(amount: Decimal | None) -> str:
    """'1,234,567', rounded to units; empty for None."""
    return "" if amount is None else f"{amount:,.0f}"
