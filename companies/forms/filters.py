"""What lists are narrowed by; every value is optional and anything unreadable is ignored."""

from django import forms
from django_countries import countries

from companies.enums import AccountKind
from companies.matching.fold import LONGEST


class CompanySearchForm(forms.Form):
    """Which company is meant."""

    q = forms.CharField(label="Name or website", required=False, max_length=LONGEST)
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
