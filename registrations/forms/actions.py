"""What a partner says after submitting: an update, an answer, how it ended, a file."""

from datetime import date
from typing import Any

from django import forms

from core.uploads import kinds_in_words
from registrations.enums import ContactMade, LossReason, Stage
from registrations.forms.fields import AmountField, DayField, LineField, TextField
from registrations.models import Registration
from registrations.services.partner_actions import UPDATABLE


class AnswerForm(forms.Form):
    text = TextField(
        label="Your answer",
        max_length=2000,
        error_messages={"required": "Write your answer, so that the review can go on."},
    )


class WithdrawForm(forms.Form):
    text = TextField(
        label="Why (optional)",
        max_length=2000,
        required=False,
        help_text="Your channel manager can read this.",
    )


class DeclineForm(forms.Form):
    text = TextField(
        label="Why (optional)",
        max_length=2000,
        required=False,
        help_text="Your channel manager can read this.",
    )


class UpdateForm(forms.Form):
    """A qualifying update: what changed, or a sentence about what happened."""

    note = TextField(
        label="What happened?",
        max_length=2000,
        required=False,
        help_text="A sentence is enough: a meeting, an offer, a next step. Or change something below.",
    )
    stage = forms.ChoiceField(label="Stage", choices=Stage, required=False)
    value = AmountField(label="Value", required=False)
    expected_close = DayField(label="Expected to close", required=False)
    next_step = LineField(label="Next step (optional)", max_length=300, required=False)
    contact_made = forms.ChoiceField(label="Last contact", choices=ContactMade, required=False)
    contact_on = DayField(label="When (optional)", required=False)
    competitors = LineField(label="Competitors (optional)", max_length=200, required=False)

    file = forms.FileField(
        label="A file that shows it (optional)",
        required=False,
        help_text=f"{kinds_in_words()}. Up to 10 MB.",
        error_messages={"empty": "The file is empty.", "invalid": "Choose a file."},
    )

    def __init__(self, *args: Any, registration: Registration, today: date, **options: Any) -> None:
        initial = {name: getattr(registration, name) for name in UPDATABLE}
        super().__init__(*args, **{"initial": initial, **options})
        self.today = today

    def clean_contact_on(self) -> date | None:
        day: date | None = self.cleaned_data["contact_on"]
        if day is not None and day > self.today:
            raise forms.ValidationError("This day lies in the future. Choose the day the contact took place.")
        return day

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the deal that were sent; a field that was not sent changes nothing."""
        kept = {name: self.cleaned_data[name] for name in UPDATABLE if name in self.data}
        if not kept.get("stage"):
            kept.pop("stage", None)
        return kept


class WonForm(forms.Form):
    value = AmountField(
        label="Final value", error_messages={"required": "Enter the value the deal was won with."}
    )
    closed_on = DayField(label="Won on")


class LostForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why was it lost?",
        choices=[("", "Choose a reason"), *LossReason.choices],
        error_messages={
            "required": "Choose why the deal was lost.",
            "invalid_choice": "Choose a reason from the list.",
        },
    )
    closed_on = DayField(label="Lost on")
    text = TextField(label="What could have helped? (optional)", max_length=2000, required=False)


class AttachForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text=f"{kinds_in_words()}. Up to 10 MB.",
        max_length=None,
        error_messages={
            "required": "Choose a file first.",
            "empty": "The file is empty.",
            "invalid": "Choose a file.",
        },
    )
