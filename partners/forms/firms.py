"""Forms about firms."""

from typing import Any

from django import forms
from django_countries import countries

from accounts.forms import TimeZoneField
from accounts.models import User
from core.fields import LineField
from partners.enums import PartnerStatus, PartnerTier
from partners.forms.fields import FirmNameField, FirmWebsiteField
from partners.models import Partner
from partners.services.firms import BEGINS

_BEGINS = {
    PartnerStatus.PROSPECT: "As a prospect: nothing happens yet",
    PartnerStatus.ONBOARDING: "With onboarding: it gets the steps of its kind",
    PartnerStatus.ACTIVE: "Active at once, without onboarding",
}


class PartnerFilter(forms.Form):
    """The list's filters; what can't be read counts as not given."""

    q = forms.CharField(
        max_length=200,
        required=False,
        label="Name, city, website or code",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    status = forms.ChoiceField(choices=[("", "Any status"), *PartnerStatus.choices], required=False)
    tier = forms.ChoiceField(choices=[("", "Any tier"), *PartnerTier.choices], required=False)
    country = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, used: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((code, countries.name(code) or code) for code in used), key=lambda pair: pair[1])
        self.fields["country"].choices = [("", "Any country"), *named]  # type: ignore[attr-defined]


class PartnerForm(forms.ModelForm):
    """A firm's profile, for operations. Its status is changed by buttons of its own; a new firm begins somewhere."""

    name = FirmNameField()
    website = FirmWebsiteField()
    time_zone = TimeZoneField(help_text="New people of the firm start with it.")
    begins = forms.ChoiceField(
        label="How does it begin?",
        choices=[(status.value, _BEGINS[status]) for status in BEGINS],
        initial=PartnerStatus.ONBOARDING,
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Partner
        fields = (
            *("name", "kind", "tier", "country", "city", "website", "time_zone"),
            *("manager", "territories", "industries"),
        )
        error_messages = {
            "country": {"required": "Choose the country that the firm sits in."},
        }
        labels = {
            "city": "City (optional)",
            "manager": "Channel manager (optional)",
        }
        help_texts = {
            "manager": "Registrations of the firm come to this person's desk.",
        }
        widgets = {"territories": forms.CheckboxSelectMultiple, "industries": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        if self.instance.pk:
            del self.fields["begins"]
        if self.instance.pk and self.instance.status == PartnerStatus.ONBOARDING:
            words = (
                "Another type brings the onboarding steps of that type in place of those that are not done."
            )
            self.fields["kind"].help_text = words
        self.fields["country"].choices = [("", "Choose a country"), *countries]  # type: ignore[attr-defined]
        referees = User.objects.filter(is_active=True, role__permissions__contains=["registrations.decide"])
        manager = self.fields["manager"]
        manager.queryset = referees.order_by("name")  # type: ignore[attr-defined]
        manager.empty_label = "Nobody yet"  # type: ignore[attr-defined]
        for name in ("territories", "industries"):
            self.fields[name].label = f"{name.capitalize()} (optional)"
            self.fields[name].required = False

    def clean_name(self) -> str:
        """The name, if no other firm has it."""
        name: str = self.cleaned_data["name"]
        if Partner.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is a partner with this name already.")
        return name

    def given(self) -> dict[str, Any]:
        """The columns that were entered, for the services."""
        lists = ("territories", "industries", "version", "begins")
        return {name: value for name, value in self.cleaned_data.items() if name not in lists}


class OwnProfileForm(forms.ModelForm):
    """What a firm says of itself."""

    website = FirmWebsiteField()
    city = LineField(max_length=120, required=False, label="City (optional)")
    time_zone = TimeZoneField(
        help_text="Deadlines of your firm are counted in it, and new colleagues start with it."
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Partner
        fields = ("website", "city", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
