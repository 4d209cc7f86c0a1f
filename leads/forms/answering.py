"""A firm's answer to a lead."""

from collections.abc import Collection
from copy import deepcopy
from datetime import date
from typing import Any

from django import forms

from leads.enums import DeclineReason
from leads.models import Lead
from registrations.forms.details import DetailsForm
from registrations.forms.fields import AmountField, DayField, LineField, TextField
from registrations.forms.register import currency_field


class AcceptForm(forms.Form):
    """What a registration needs and a lead does not know. `asked` names what else the policy wants filled in."""

    value = AmountField(
        label="Value of the deal",
        help_text="An estimate will do; you can change it later.",
        error_messages={"required": "Enter the value of the deal; an estimate will do."},
    )
    currency = currency_field(label="Currency")
    expected_close = DayField(
        label="When do you expect it to close?",
        error_messages={"required": "Choose the day you expect it to close."},
    )
    deal_name = LineField(
        label="Name of the deal (optional)",
        max_length=200,
        required=False,
        help_text="What your own people call it.",
    )

    def __init__(
        self, *args: Any, lead: Lead, today: date, asked: Collection[str] = (), **options: Any
    ) -> None:
        initial = {"value": lead.value, "currency": lead.currency}
        super().__init__(*args, **{"initial": initial, **options})
        self.today = today
        for name in asked:
            if name not in self.fields:
                self.fields[name] = deepcopy(DetailsForm.base_fields[name])
            field = self.fields[name]
            field.required, field.label = True, str(field.label).removesuffix(" (optional)")

    def clean_expected_close(self) -> date:
        day: date = self.cleaned_data["expected_close"]
        if day < self.today:
            raise forms.ValidationError("This day has passed. Choose today or a later day.")
        return day


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why do you decline?",
        choices=[("", "Choose a reason"), *DeclineReason.choices],
        error_messages={
            "required": "Choose why you decline.",
            "invalid_choice": "Choose a reason from the list.",
        },
    )
    text = TextField(
        label="More about it",
        max_length=2000,
        required=False,
        help_text="Needed with 'Another reason' only. Your channel manager reads this; another partner never does.",
    )
