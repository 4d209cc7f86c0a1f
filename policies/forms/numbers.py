"""Numbers as people type them: whole ones, percents, and days with commas between. Errors say what to enter."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms

# White space of all kinds, and what stands between thousands where no comma or point does.
GROUPING = re.compile(r"[\s'’٬]")
_GROUPED = re.compile(r"-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_BETWEEN = re.compile(r"[\s,;،]+")
_ARABIC_POINT = "٫"


def plain(typed: str) -> str:
    """With the digits of any script as 0 to 9, and signs and widths as usual."""
    text = (
        unicodedata.normalize("NFKC", typed.replace("\x00", "")).replace("−", "-").replace(_ARABIC_POINT, ".")
    )
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


class WholeField(forms.IntegerField):
    """A whole number. Its box is a text's, so that nothing that was typed disappears."""

    widget = forms.TextInput

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        words = {
            "required": "Enter a number.",
            "invalid": "Enter a whole number.",
            "min_value": f"Enter {least:,} or more.",
            "max_value": f"Enter {most:,} or less.",
        }
        super().__init__(min_value=least, max_value=most, error_messages=words, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return super().to_python(value)
        text = GROUPING.sub("", plain(value))
        return super().to_python(re.sub(r"[.,]", "", text) if _GROUPED.fullmatch(text) else text)


class PercentField(forms.DecimalField):
    """A likelihood from 0 to 100 percent, with one decimal at most."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        words = {
            "required": "Enter a number from 0 to 100.",
            "invalid": "Enter a number from 0 to 100, such as 85 or 42.5.",
            "min_value": "Enter 0 or more.",
            "max_value": "Enter 100 or less.",
            "max_decimal_places": "Enter one decimal at most, such as 42.5.",
        }
        super().__init__(min_value=0, max_value=100, decimal_places=1, error_messages=words, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "dir": "ltr"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            text = GROUPING.sub("", plain(value)).rstrip("%٪")
            value = text.replace(",", ".")
        return super().to_python(value)


class DaysField(forms.CharField):
    """Several numbers of days, from 1 to 730, with commas between: a list of them."""

    widget = forms.TextInput
    _LEAST, _MOST, _MANY = 1, 730, 10

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "dir": "ltr"}

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        words = [word for word in _BETWEEN.split(plain(super().to_python(value) or "")) if word]
        if not all(
            word.isdecimal() and len(word) < 9 and self._LEAST <= int(word) <= self._MOST for word in words
        ):
            raise forms.ValidationError(
                f"Enter days from {self._LEAST} to {self._MOST} with commas between, such as 7, 1."
            )
        if len(words) > self._MANY:
            raise forms.ValidationError(f"Enter at most {self._MANY} days.")
        return [int(word) for word in words]
