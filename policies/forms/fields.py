"""Fields of the policies' forms: moments, amounts and lists of boxes. Errors say what to do."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from policies.forms.numbers import GROUPING, plain

_WORDS = "Enter the number alone, such as 120000 or 120 000.50."
_WHOLE_DIGITS = 12


class MomentField(forms.DateTimeField):
    """A day with a time from the browser's own calendar, in the reader's time zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ["%Y-%m-%d %H:%M"]
    default_error_messages = {"invalid": "Enter a day and a time such as 2027-03-31 09:00."}

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            words = "The clocks change in that hour, so that time comes twice or not at all. Choose another."
            raise forms.ValidationError(words) from error


class AmountField(forms.CharField):
    """An amount with the separators of any country: '120 000', '1.250,50', "1'000'000"."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "dir": "ltr"})

    default_error_messages = {"required": "Enter an amount."}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, Decimal):
            return value
        typed = super().to_python((value or "").replace("\x00", "") if isinstance(value, str) else value)
        return amount_in(typed) if typed else None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,.2f}".removesuffix(".00") if isinstance(value, Decimal) else value


def amount_in(typed: str) -> Decimal:
    """The amount in a typed text. A lone separator before exactly three digits groups. Raises forms.ValidationError."""
    text = GROUPING.sub("", plain(typed))
    if re.fullmatch(r"-[0-9.,]+", text):
        raise forms.ValidationError("An amount can't be below zero.")
    if not re.fullmatch(r"[0-9.,]*[0-9][0-9.,]*", text):
        raise forms.ValidationError(_WORDS)
    last = max(text.rfind("."), text.rfind(","))
    marks = {mark for mark in ".," if mark in text}
    decimal = last >= 0 and text.count(text[last]) == 1 and (len(marks) == 2 or len(text) - last - 1 != 3)
    whole = re.sub(r"[.,]", "", text[:last] if decimal else text)
    amount = Decimal(f"{whole or '0'}.{text[last + 1 :] or '0'}" if decimal else whole)
    # Rounded before it is measured, and not at all where it has more digits than can be rounded.
    amount = amount.quantize(Decimal("0.01")) if amount < 10**_WHOLE_DIGITS else amount
    if amount >= 10**_WHOLE_DIGITS:
        raise forms.ValidationError(f"Enter an amount of at most {_WHOLE_DIGITS} digits.")
    return amount


def boxes(**options: Any) -> dict[str, Any]:
    """Options of a field whose choices are boxes to tick, none of which has to be."""
    return {"widget": forms.CheckboxSelectMultiple, "required": False} | options
