"""Messy input is accepted, what cannot be meant is refused in words."""

from decimal import Decimal

import pytest
from django.forms import ValidationError

from registrations.forms.fields import (
    AmountField,
    CompanyNameField,
    CountField,
    TextField,
    WebsiteField,
    amount_in,
)

ARABIC = "شركة الاتصالات السعودية"


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("120000", "120000"),
        (" 120 000 ", "120000"),
        ("120\u202f000,50", "120000.50"),
        ("120,000", "120000"),
        ("120.000", "120000"),
        ("1.234.567", "1234567"),
        ("1,234,567.89", "1234567.89"),
        ("1.234.567,8", "1234567.8"),
        ("1'000'000", "1000000"),
        ("12.5", "12.5"),
        ("٣٠٠٬٠٠٠", "300000"),
        ("999 999 999 999.99", "999999999999.99"),
    ],
)
def test_amounts_with_the_separators_of_any_country(typed, amount):
    assert amount_in(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["abc", "1.5m", "1e5", "1.2.3", "1,23,456", "1,234.5678", "$", "12 USD", "NaN", "½"]
)
def test_what_is_no_plain_amount_is_refused(typed):
    with pytest.raises(ValidationError, match="Enter the number alone"):
        amount_in(typed)


def test_amounts_out_of_range():
    with pytest.raises(ValidationError, match="zero or more"):
        amount_in("-5")
    with pytest.raises(ValidationError, match="at most 12 digits"):
        amount_in("1 000 000 000 000")


def test_an_amount_is_shown_grouped_and_without_empty_cents():
    assert AmountField().prepare_value(Decimal("120000.00")) == "120,000"
    assert AmountField().prepare_value(Decimal("1.50")) == "1.50"
    assert AmountField().prepare_value("1o0") == "1o0"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Acme   Pumps \t GmbH\n", "Acme Pumps GmbH"),
        ("Ac\x00me\x07 GmbH", "Acme GmbH"),
        ("\u202eevil\u202c Inc", "evil Inc"),
        (ARABIC, ARABIC),
        ("👩\u200d💻 Labs", "👩\u200d💻 Labs"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_company_names_keep_what_can_be_shown(typed, kept):
    assert CompanyNameField().clean(typed) == kept


@pytest.mark.parametrize("typed", ["😀😀😀", "...", "—"])
def test_company_names_need_a_letter_or_digit(typed):
    with pytest.raises(ValidationError, match="at least one letter or digit"):
        CompanyNameField().clean(typed)


def test_company_names_empty_or_too_long():
    with pytest.raises(ValidationError, match=r"Enter the company's name\."):
        CompanyNameField().clean(" \x00 ")
    with pytest.raises(ValidationError, match=r"Use at most 200 characters\. This has 201\."):
        CompanyNameField().clean("x" * 201)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.Acme.example/shop?a=1", "acme.example"),
        (" www.acme.example ", "acme.example"),
        ("acme.example", "acme.example"),
        ("xn--mller-kva.de", "müller.de"),
        ("", ""),
    ],
)
def test_websites_become_a_host(typed, kept):
    assert WebsiteField(required=False).clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "no", "http://", "data:text/html,x.y", "a" * 300 + ".com"]
)
def test_what_is_no_website_is_refused(typed):
    with pytest.raises(ValidationError, match=r"web address such as example\.com"):
        WebsiteField(required=False).clean(typed)


def test_text_keeps_its_lines():
    assert TextField(max_length=50).clean("one\r\ntwo \x00\n\n") == "one\ntwo"


def test_counts_take_thousands_but_no_fractions():
    field = CountField(min_value=1, max_value=9_999_999)
    assert [field.clean(typed) for typed in ("12", "1 000", "1,000", "1.000.000")] == [
        12,
        1000,
        1000,
        1_000_000,
    ]
    for wrong in ("1.5", "0", "-3", "10000000", "x", "9" * 5000):
        with pytest.raises(ValidationError):
            field.clean(wrong)
