"""What people can change about themselves."""

from typing import Any

from django import forms

from accounts import zones
from accounts.models import User


class TimeZoneField(forms.ChoiceField):
    """A time zone, by region and city."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=zones.choices, **{"label": "Time zone", **kwargs})


class Profile(forms.ModelForm):
    """Name and time zone. The address is the sign-in, and the role is given by others."""

    time_zone = TimeZoneField(help_text="Times in the portal and in mails are shown in it.")

    class Meta:
        model = User
        fields = ("name", "time_zone")

    def clean_name(self) -> str:
        """The name without stray spaces."""
        name = " ".join(self.cleaned_data["name"].split())
        if not any(character.isalnum() for character in name):
            raise forms.ValidationError("Enter your name with at least one letter.")
        return name


class AbsenceForm(forms.Form):
    """Days away, both included, and who stands in."""

    starts_on = forms.DateField(
        label="First day away",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose the first day you are away."},
    )
    ends_on = forms.DateField(
        label="Last day away",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose the last day you are away."},
    )
    delegate = forms.ModelChoiceField(
        User.objects.none(),
        label="Who stands in for you",
        help_text="They see your reviews with their own and get your mails about them meanwhile.",
        empty_label="Choose a colleague",
        error_messages={
            "required": "Choose who stands in for you.",
            "invalid_choice": "Choose a colleague from the list.",
        },
    )

    def __init__(self, *args: Any, delegates: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(pk__in=[person.pk for person in delegates]).order_by("name", "pk")
        self.fields["delegate"].queryset = people  # type: ignore[attr-defined]
