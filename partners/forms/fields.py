"""Fields that several forms about firms share."""

import re
from typing import Any

from django import forms

from core.fields import LineField, narrow

_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_WEBSITE = re.compile(r"^[\w.-]+\.[\w-]{2,}(:\d+)?(/\S*)?$")


class FirmNameField(LineField):
    """The name of a firm: at least one letter or digit, in whichever script."""

    def __init__(self, **options: Any) -> None:
        words = {"required": "Enter the firm's name."}
        super().__init__(max_length=200, error_messages=words, **options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not any(character.isalnum() for character in value):
            raise forms.ValidationError("Enter the firm's name with at least one letter or digit.")


class FirmWebsiteField(LineField):
    """'https://Firm.example/' becomes 'Firm.example': nothing but a web address can stand there."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, required=False, label="Website (optional)", **options)

    def to_python(self, value: Any) -> str:
        website = _SCHEME.sub("", narrow(super().to_python(value))).rstrip("/")
        if website and not _WEBSITE.match(website):
            raise forms.ValidationError("Enter a web address such as northgate.example.")
        return website

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        plain = {"dir": "ltr", "inputmode": "url", "autocapitalize": "off", "spellcheck": "false"}
        return super().widget_attrs(widget) | plain
