"""Fields that take what people really type: pasted rubbish, 'https://', '120 000'. Errors say what to do."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from companies.matching.domains import host_of
from companies.naming import why_no_name
from core.fields import DayField, LineField, TextField, without_controls

__all__ = [
    "AmountField",
    "CompanyNameField",
    "CountField",
    "DayField",
    "LineField",
    "TextField",
    "WebsiteField",
    "amount_in",
    "without_controls",
]

_WHOLE_DIGITS = 12
_THOUSANDS = re.compile(r"\d{1,3}([.,]\d{3})+")
_GROUPING = re.compile(r"[\s_'’٬]")


class CompanyNameField(LineField):
    """The legal name of a company, in whichever script."""

    def __init__(self, **options: Any) -> None:
        words = {"required": "Enter the company's name."}
        super().__init__(max_length=200, error_messages=words, **options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (why := why_no_name(value)):
            raise forms.ValidationError(why)


class WebsiteField(LineField):
    """'https://www.Acme.example/shop' becomes 'acme.example'."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, **options)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        if not typed:
            return ""
        host = host_of(typed.replace(" ", "")).removeprefix("www.")
        if not host or re.match(r"\s*(javascript|data|file|mailto):", typed, re.IGNORECASE):
            raise forms.ValidationError("Enter a web address such as example.com, or leave it empty.")
        return _readable(host)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        plain = {"dir": "ltr", "inputmode": "url", "autocapitalize": "off", "spellcheck": "false"}
        return super().widget_attrs(widget) | plain


def _readable(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host


class AmountField(forms.CharField):
    """Money with the separators of any country: '120 000', '1.250,50', "1'000'000"; the currency is chosen beside it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "dir": "ltr"})
    words = "Enter the number alone, such as 120000 or 120 000.50."

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, Decimal):
            return value
        typed = without_controls(super().to_python(value) or "").strip()
        return amount_in(typed) if typed else None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,.2f}".removesuffix(".00") if isinstance(value, Decimal) else value


def amount_in(typed: str) -> Decimal:
    """The amount in a typed text, with two decimals at most. Raises forms.ValidationError, in words."""
    text = _GROUPING.sub("", unicodedata.normalize("NFKC", typed)).replace("٫", ".")
    if text.startswith("-") and text[1:2].isdigit():
        raise forms.ValidationError("Enter an amount of zero or more.")
    if not text or not all(character.isdecimal() or character in ".," for character in text):
        raise forms.ValidationError(AmountField.words)
    text = "".join(c if c in ".," else str(unicodedata.digit(c)) for c in text)
    try:
        amount = Decimal(_with_point(text))
    except InvalidOperation:
        raise forms.ValidationError(AmountField.words) from None
    if amount >= 10**_WHOLE_DIGITS:
        raise forms.ValidationError(f"Enter an amount of at most {_WHOLE_DIGITS} digits.")
    return amount


def _with_point(text: str) -> str:
    """'1.250,50' → '1250.50'. A lone separator before exactly three digits groups, since money has two decimals."""
    marks = [character for character in text if character in ".,"]
    if not marks:
        return text
    last = marks[-1]
    whole, _, rest = text.rpartition(last)
    if len(set(marks)) == 2:
        groups, decimals = re.split(r"[.,]", whole), rest
    elif len(marks) > 1 or len(rest) == 3:
        groups, decimals = text.split(last), ""
    else:
        groups, decimals = [whole], rest
    fits = marks.count(last) == 1 or len(set(marks)) == 1
    if not fits or len(decimals) > 2 or not all(len(group) == 3 for group in groups[1:]):
        raise forms.ValidationError(AmountField.words)
    return f"{''.join(groups) or '0'}.{decimals or '0'}"


class CountField(forms.IntegerField):
    """A number of pieces: '1 000' and '1,000' are a thousand."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"})

    def __init__(self, **options: Any) -> None:
        words = {
            "invalid": "Enter a whole number.",
            "min_value": "Enter %(limit_value)s or more.",
            "max_value": "Enter at most %(limit_value)s.",
        }
        super().__init__(error_messages=words, **options)

    def to_python(self, value: Any) -> int | None:
        text = _GROUPING.sub("", without_controls(str(value if value is not None else "")))
        return super().to_python(re.sub(r"[.,]", "", text) if _THOUSANDS.fullmatch(text) else text)
