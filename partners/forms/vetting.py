"""Deciding an application."""

from typing import Any

from django import forms

from accounts.models import User
from catalog.models import Territory
from core.fields import LineField, MailField, TextField
from partners.enums import ApplicationReason, PartnerKind
from partners.forms.fields import FirmNameField
from partners.models import Application
from partners.services.vetting import Terms


class _Decision(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class AcceptApplicationForm(_Decision):
    """On what terms the firm is taken in."""

    name = FirmNameField(label="Name", help_text="As it is shown everywhere in the portal.")
    kind = forms.ChoiceField(
        choices=PartnerKind.choices,
        label="Kind",
        help_text="The checklist and the steps of onboarding follow from it.",
    )
    manager = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label="Channel manager (optional)",
        empty_label="Nobody yet",
        help_text="Looks after the firm and decides its registrations.",
    )
    territories = forms.ModelMultipleChoiceField(
        Territory.objects.none(),
        required=False,
        label="Territories (optional)",
        widget=forms.CheckboxSelectMultiple,
    )
    admin_name = LineField(max_length=120, label="First admin")
    admin_email = MailField(
        max_length=254, label="Their address", help_text="Gets the invitation to create an account."
    )
    text = TextField(max_length=2000, required=False, label="A word to the applicant (optional)")

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": application.version,
            "name": application.name,
            "kind": application.kind,
            "admin_name": application.contact_name,
            "admin_email": application.contact_email,
            "territories": Territory.objects.filter(countries__contains=[str(application.country)]),
        }
        super().__init__(*args, **kwargs)
        referees = User.objects.filter(is_active=True, role__permissions__contains=["registrations.decide"])
        self.fields["manager"].queryset = referees.order_by("name")  # type: ignore[attr-defined]
        self.fields["territories"].queryset = Territory.objects.order_by("name")  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """What was entered, for the service."""
        names = ("name", "kind", "manager", "territories", "admin_name", "admin_email")
        return Terms(**{name: self.cleaned_data[name] for name in names})


class DeclineApplicationForm(_Decision):
    """Why the firm is not taken in; the applicant reads both."""

    reason = forms.ChoiceField(
        choices=[("", "Choose a reason"), *ApplicationReason.choices],
        label="Reason",
        error_messages={"required": "Choose a reason from the list."},
    )
    text = TextField(
        max_length=2000,
        label="What the applicant reads",
        error_messages={"required": "Write a sentence or two that the applicant will read."},
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": application.version}
        super().__init__(*args, **kwargs)


class NoteForm(forms.Form):
    """A note for the vendor's own side."""

    text = TextField(
        max_length=4000,
        label="A note for our side",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write the note first."},
    )
