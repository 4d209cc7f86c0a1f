"""Forms about agreements."""

from typing import Any

from django import forms

from core.fields import DayField, LineField, TextField
from core.uploads import kinds_in_words
from partners.enums import PartnerKind
from partners.services.agreements import Wording


class WordingForm(forms.Form):
    """A version: its words, a file, or both, and its days."""

    text = TextField(
        label="Text (optional)",
        max_length=60_000,
        required=False,
        help_text="What partners read and accept. A file can stand instead of it, or beside it.",
    )
    file = forms.FileField(
        label="File (optional)",
        required=False,
        help_text=f"{kinds_in_words()}. Up to 10 MB.",
        error_messages={"empty": "The file is empty.", "invalid": "Choose a file."},
    )
    changes = TextField(
        label="What is new (optional)",
        max_length=2000,
        required=False,
        help_text="In a few words: it stands in the mail to the firms.",
    )
    effective_on = DayField(
        label="Takes effect on", error_messages={"required": "Choose the day on which it takes effect."}
    )
    accept_by = DayField(
        label="To be accepted by", error_messages={"required": "Choose the day by which firms accept it."}
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].widget.attrs["rows"] = 14

    def wording(self) -> Wording:
        """What was entered, for the services."""
        said = self.cleaned_data
        return Wording(
            effective_on=said["effective_on"],
            accept_by=said["accept_by"],
            text=said["text"],
            changes=said["changes"],
            upload=said["file"],
        )


class AgreementForm(WordingForm):
    """A new agreement with its first version."""

    title = LineField(label="Title", max_length=160, error_messages={"required": "Enter a title."})
    kinds = forms.MultipleChoiceField(
        label="For which kinds of partners (optional)",
        choices=PartnerKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked means all kinds.",
    )
    field_order = ("title", "kinds", "text", "file", "effective_on", "accept_by")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["changes"]  # of a first version everything is new

    def wording(self) -> Wording:
        self.cleaned_data.setdefault("changes", "")
        return super().wording()
