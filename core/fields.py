"""Form fields that take what people really type or paste. Errors say what to do."""

import unicodedata
from typing import Any

from django import forms

_JOINERS = "\u200c\u200d"  # part of Persian, Indic and emoji spelling
# Letters that show nothing: Braille and Hangul blanks.
_BLANKS = "\u2800\u3164\u115f\u1160\uffa0"
_UNSHOWN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def without_controls(text: str, *, lines: bool = False) -> str:
    """The text without characters that cannot be shown: NUL and other controls, marks that turn a line's direction."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "\n" if lines else ""
    return "".join(_shown(character, kept) for character in text)


def _shown(character: str, kept: str) -> str:
    if character in kept or character in _JOINERS or unicodedata.category(character) not in _UNSHOWN:
        return character
    return " " if character.isspace() else ""


def _said(text: str) -> str:
    """The text, or '' where it would show nothing: joiners and blanks alone are no answer."""
    shown = any(not one.isspace() and one not in _JOINERS and one not in _BLANKS for one in text)
    return text if shown else ""


def too_long(limit: int) -> dict[str, str]:
    """The words for a text that is too long."""
    return {"max_length": f"Use at most {limit} characters. This has %(show_value)d."}


class LineField(forms.CharField):
    """One line of text in any script: inner spaces collapsed, invisible characters dropped."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        options.setdefault("error_messages", {})
        options["error_messages"] = too_long(max_length) | options["error_messages"]
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        return _said(" ".join(without_controls(super().to_python(value) or "").split()))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: a pasted name is kept whole and the error says how long it may be.
        attributes = super().widget_attrs(widget)
        attributes.pop("maxlength", None)
        # What the form says of its own widget counts: who fills in their own name lets the browser help.
        usual = {"dir": "auto", "autocomplete": "off"} | attributes
        return {name: value for name, value in usual.items() if name not in widget.attrs}


class TextField(LineField):
    """Several lines of text."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = without_controls(forms.CharField.to_python(self, value) or "", lines=True)
        return _said("\n".join(line.rstrip() for line in text.split("\n")).strip())

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"rows": 4}


def narrow(text: str) -> str:
    """The text with the wide letters, digits and dots of East Asian keyboards as those that addresses are made of."""
    return unicodedata.normalize("NFKC", text).replace("。", ".")


class MailField(forms.EmailField):
    """A mail address, as any keyboard types it."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(narrow(value) if isinstance(value, str) else value))


class PhoneField(LineField):
    """A telephone number in the digits that can be dialled; groups of other digits would be read from the wrong side."""

    def to_python(self, value: Any) -> str:
        text = narrow(super().to_python(value))
        return "".join(str(unicodedata.digit(one)) if one.isdecimal() else one for one in text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "tel", "dir": "ltr"}


class DayField(forms.DateField):
    """A day from the browser's own calendar, between the given years."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **options: Any) -> None:
        words = {"required": "Choose the day.", "invalid": "Enter a day such as 2027-03-31."}
        options["error_messages"] = words | options.get("error_messages", {})
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        day = super().to_python(without_controls(value).strip() if isinstance(value, str) else value)
        if day is not None and not 2000 <= day.year <= 2099:
            raise forms.ValidationError("Enter a year between 2000 and 2099.")
        return day
