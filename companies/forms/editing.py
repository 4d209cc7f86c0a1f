"""What people change about a company. Each change carries a reason, and the version that the person saw."""

from django import forms
from django_countries import countries

from companies.enums import NameKind
from companies.matching.fold import LONGEST


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label="Reason (optional)",
        required=False,
        max_length=2000,
        help_text="Kept with your name and today's date.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NameForm(ReasonForm):
    """Another name of a company."""

    text = forms.CharField(
        label="Name",
        max_length=LONGEST,
        error_messages={"required": "Enter the name."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        label="What kind of name it is",
        choices=[choice for choice in NameKind.choices if choice[0] != NameKind.LEGAL],
        initial=NameKind.ALIAS,
    )
    field_order = ("text", "kind", "reason")


class FactsForm(ReasonForm):
    """What the search knows beside the names."""

    website = forms.CharField(
        label="Website (optional)",
        required=False,
        max_length=300,
        help_text="The address without its path is what the search compares. Free mail and shared hosts don't count.",
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    country = forms.ChoiceField(label="Country (optional)", required=False)
    city = forms.CharField(label="City (optional)", required=False, max_length=120)
    postcode = forms.CharField(label="Postcode (optional)", required=False, max_length=20)
    phone = forms.CharField(
        label="Telephone (optional)",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    field_order = ("website", "country", "city", "postcode", "phone", "reason")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Not known"), *((code, name) for code, name in countries)]
