"""Forms of what a program holds: the search for items of the library, and an incentive to come."""

from typing import Any

from django import forms

from core.fields import DayField, LineField, TextField
from programs.models import PlannedIncentive


class PickForm(forms.Form):
    """Words to look for in the library."""

    q = LineField(
        label="Search the library",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class IncentiveForm(forms.Form):
    """What is planned, and for when as far as that is known."""

    name = LineField(label="Name", max_length=120, error_messages={"required": "Give it a name."})
    text = TextField(
        label="What is planned",
        max_length=1000,
        help_text="Firms that may see the program read this.",
        error_messages={"required": "Say in a sentence what is planned."},
    )
    starts_on = DayField(label="From (optional)", required=False)
    ends_on = DayField(
        label="Until (optional)", required=False, help_text="After this day firms don't see it any more."
    )

    def __init__(self, *args: Any, incentive: PlannedIncentive | None = None, **options: Any) -> None:
        if incentive is not None:
            names = ("name", "text", "starts_on", "ends_on")
            options["initial"] = {name: getattr(incentive, name) for name in names}
        super().__init__(*args, **options)
