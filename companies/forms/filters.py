"""What lists are narrowed by; every value is optional and anything unreadable is ignored."""

from django import forms
from django_countries import countries

from companies.enums import AccountKind, SuggestionState
from companies.matching.fold import LONGEST
from companies.reasons import TIERS


class CompanySearchForm(forms.Form):
    """Which company is meant."""

    q = forms.CharField(
        label="Name or website",
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "type": "search"}),
    )
    website = forms.CharField(
        label="Website",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    country = forms.ChoiceField(label="Country", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Any"), *((code, name) for code, name in countries)]


class NamedAccountFilter(forms.Form):
    """Which claims of direct sales."""

    q = forms.CharField(label="Company, owner or reference", required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any"), *AccountKind.choices])
    force = forms.ChoiceField(
        label="In force",
        required=False,
        choices=[("", "Any"), ("now", "Now"), ("later", "Later"), ("ended", "Ended")],
    )


class DoublesFilter(forms.Form):
    """Which pairs that look like doubles."""

    q = forms.CharField(label="Company", required=False, max_length=200)
    tier = forms.ChoiceField(
        label="How likely",
        required=False,
        choices=[("", "Any"), *((code, TIERS[code].words) for code in ("same", "review", "possible"))],
    )
    country = forms.ChoiceField(label="Country", required=False)
    state = forms.ChoiceField(
        required=False, choices=[("", "Open"), *SuggestionState.choices], widget=forms.HiddenInput
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Any"), *((code, name) for code, name in countries)]
