"""Figures as text: percentages are written, and rounded, the same way everywhere."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from core import shown


@pytest.mark.parametrize(
    ("value", "text"),
    [(60, "60%"), (Decimal("62.5"), "62.5%"), (Decimal("40.00"), "40%"), (0.35 * 100, "35%"), (0, "0%")],
)
def test_a_percentage_has_a_decimal_only_where_it_says_something(value, text):
    assert shown.percent(value) == text


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(2, 3, 67), (1, 3, 33), (1, 8, 13), (0, 3, 0), (3, 3, 100), (999, 1000, 99), (1, 1000, 1), (0, 0, 0)],
)
def test_a_share_is_rounded_and_neither_all_nor_none_unless_it_is(part, whole, share):
    assert shown.share(part, whole) == share


def test_no_page_and_no_mail_writes_a_space_before_the_sign_or_a_month_in_full():
    """Dates are short in lists, so in the sentences that lists quote, too."""
    spaced = re.compile(r"\}(\s|&nbsp;)%(?!\})|\bj F\b")
    found = [
        f"{path.name}: {line.strip()}"
        for folder in ("templates",)
        for path in Path(settings.BASE_DIR, folder).rglob("*.*")
        if path.suffix in (".html", ".txt")
        for line in path.read_text().splitlines()
        if spaced.search(line)
    ]
    assert found == []
