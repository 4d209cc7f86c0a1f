"""Forms about firms and their people."""

import re
from typing import Any

from django import forms
from django_countries import countries

from accounts.forms import TimeZoneField
from accounts.models import Role, User
from partners.enums import PartnerStatus, PartnerTier
from partners.models import Partner
from partners.permissions import roles_to_give

_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_WEBSITE = re.compile(r"^[\w.-]+\.[\w-]{2,}(:\d+)?(/\S*)?$")


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
    """A firm's profile."""

    time_zone = TimeZoneField(help_text="New people of the firm start with it.")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Partner
        fields = (
            *("name", "kind", "tier", "status", "country", "city", "website", "time_zone"),
            *("manager", "territories", "industries"),
        )
        error_messages = {
            "name": {"required": "Enter the firm's name."},
            "country": {"required": "Choose the country that the firm sits in."},
        }
        labels = {
            "city": "City (optional)",
            "website": "Website (optional)",
            "manager": "Channel manager (optional)",
        }
        help_texts = {
            "status": "Active firms register deals. Suspended and ended ones are refused; the others go to review.",
            "manager": "Registrations of the firm come to this person's desk.",
        }
        widgets = {"territories": forms.CheckboxSelectMultiple, "industries": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.fields["country"].choices = [("", "Choose a country"), *countries]  # type: ignore[attr-defined]
        referees = User.objects.filter(is_active=True, role__permissions__contains=["registrations.decide"])
        manager = self.fields["manager"]
        manager.queryset = referees.order_by("name")  # type: ignore[attr-defined]
        manager.empty_label = "Nobody yet"  # type: ignore[attr-defined]
        for name in ("territories", "industries"):
            self.fields[name].label = f"{name.capitalize()} (optional)"
            self.fields[name].required = False

    def clean_name(self) -> str:
        """The name without stray spaces, if no other firm has it."""
        name = " ".join(self.cleaned_data["name"].split())
        if not any(character.isalnum() for character in name):
            raise forms.ValidationError("Enter the firm's name with at least one letter or digit.")
        if Partner.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is a partner with this name already.")
        return name

    def clean_website(self) -> str:
        """Without the scheme, so that nothing but a web address can stand there."""
        website = _SCHEME.sub("", self.cleaned_data["website"].strip()).rstrip("/")
        if website and not _WEBSITE.match(website):
            raise forms.ValidationError("Enter a web address such as northgate.example.")
        return website

    def given(self) -> dict[str, Any]:
        """The columns that were entered, for the services."""
        lists = ("territories", "industries", "version")
        return {name: value for name, value in self.cleaned_data.items() if name not in lists}


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        max_length=254, label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(max_length=120, required=False, label="Name (optional)")
    role = forms.ModelChoiceField(
        Role.objects.none(), to_field_name="code", empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, by: User, partner: Partner | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = roles_to_give(by, partner).order_by("id")
        role = self.fields["role"]
        role.queryset = roles  # type: ignore[attr-defined]
        role.initial = roles.first()


class AcceptForm(forms.Form):
    """What a newcomer enters."""

    name = forms.CharField(
        max_length=120, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 15 characters. A few words in a row are easy to remember.",
    )
    time_zone = TimeZoneField(help_text="Times are shown in it. You can change it later.")
