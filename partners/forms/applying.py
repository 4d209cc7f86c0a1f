"""The public application form."""

from typing import Any

from django import forms
from django_countries import countries

from accounts.zones import is_zone
from core.fields import LineField, MailField, PhoneField, TextField
from partners.enums import PartnerKind
from partners.forms.fields import FirmNameField, FirmWebsiteField


class ApplyForm(forms.Form):
    """What a firm says of itself. `fax` is a trap: people don't see it, programs that fill in everything do."""

    name = FirmNameField(
        label="Name of your firm", widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    kind = forms.ChoiceField(
        choices=[("", "Choose what fits best"), *PartnerKind.choices],
        label="What is your firm?",
        error_messages={"required": "Choose what fits your firm best."},
    )
    country = forms.ChoiceField(
        label="Country", error_messages={"required": "Choose the country that your firm sits in."}
    )
    city = LineField(max_length=120, required=False, label="City (optional)")
    website = FirmWebsiteField()
    about = TextField(
        max_length=2000,
        label="What do you sell, and to whom?",
        help_text="Two or three sentences are enough.",
        error_messages={"required": "Say in a few words what you sell, and to whom."},
    )
    contact_name = LineField(
        max_length=120,
        label="Your name",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    contact_title = LineField(
        max_length=120,
        required=False,
        label="Your role there (optional)",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    contact_email = MailField(
        max_length=254,
        label="Your e-mail address at the firm",
        help_text="We send a link there to confirm the application, then our answer.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Enter your e-mail address."},
    )
    contact_phone = PhoneField(
        max_length=40,
        required=False,
        label="Telephone (optional)",
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )
    # Where the browser stands (static/js/forms.js); without scripts, or made up, it is UTC until somebody changes it.
    time_zone = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-time-zone": "yes", "autocomplete": "off"})
    )
    fax = forms.CharField(required=False, label="Leave this empty")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "Choose a country"), *countries]  # type: ignore[attr-defined]

    def clean_time_zone(self) -> str:
        """A time zone that people can choose."""
        said = str(self.cleaned_data["time_zone"])
        return said if is_zone(said) else "UTC"

    def is_trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.data.get("fax"))

    def given(self) -> dict[str, Any]:
        """The fields for the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "fax"}
