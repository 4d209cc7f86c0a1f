"""The forms about groups; the rule itself is read by builder_form.py."""

from typing import Any

from django import forms

from partners.enums import PickKind
from partners.models import Partner


class Line(forms.CharField):
    """One line of text without what can't be shown."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        messages = {"max_length": f"Use at most {max_length} characters. This has %(show_value)d."}
        options["error_messages"] = messages | options.get("error_messages", {})
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return " ".join("".join(one if one.isprintable() else " " for one in text).split())

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: what is pasted stays whole and the error says how long it may be.
        attributes = super().widget_attrs(widget)
        attributes.pop("maxlength", None)
        return {"dir": "auto", "autocomplete": "off"} | attributes


class GroupForm(forms.Form):
    """Name and note of a group."""

    name = Line(
        max_length=80,
        label="Name",
        error_messages={"required": "Enter a name, such as ‘Gold partners in Europe’."},
    )
    note = Line(
        max_length=300,
        required=False,
        label="What it is for (optional)",
        help_text="For your colleagues: partners never see how they are grouped.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class GroupFilter(forms.Form):
    """The list's search, and the code of a firm whose groups are wanted."""

    q = Line(
        max_length=200,
        required=False,
        label="Name, note or code",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    firm = Line(max_length=16, required=False, widget=forms.HiddenInput)


class PickForm(forms.Form):
    """A firm by hand: which, in or out, and why."""

    firm = Line(
        max_length=200,
        label="Firm",
        help_text="Its name or code.",
        widget=forms.TextInput(attrs={"list": "pick-firms"}),
        error_messages={"required": "Enter the name or code of the firm."},
    )
    kind = forms.ChoiceField(
        label="By hand, the firm is",
        choices=[
            (PickKind.ADDED.value, "added, whatever the rule says"),
            (PickKind.EXCLUDED.value, "excluded, whatever the rule says"),
        ],
        widget=forms.RadioSelect,
        initial=PickKind.ADDED.value,
    )
    reason = Line(
        max_length=300,
        label="Why",
        error_messages={"required": "Say why: who looks at the group next year wants to know."},
    )

    def clean_firm(self) -> Partner:
        """The firm with this name or code."""
        text = self.cleaned_data["firm"]
        found = (
            Partner.objects.filter(name__iexact=text).first()
            or Partner.objects.filter(code__iexact=text).first()
        )
        if found is None:
            fitting = list(Partner.objects.mentioning(text).order_by("name")[:4])
            if len(fitting) == 1:
                return fitting[0]
            names = ", ".join(firm.name for firm in fitting[:3])
            raise forms.ValidationError(
                f"Several firms fit, such as {names}. Enter the whole name."
                if fitting
                else "No firm has this name or code."
            )
        return found
