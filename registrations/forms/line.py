"""Another place in line, and why."""

from collections.abc import Iterable
from typing import Any

from django import forms

from registrations.forms.fields import TextField


class PlaceForm(forms.Form):
    to_place = forms.TypedChoiceField(label="New place", coerce=int)
    reason = TextField(
        label="Why",
        max_length=2000,
        help_text="Every partner whose place changes reads this, and it stands in the case file. Leave names out.",
        error_messages={"required": "Say why: every partner whose place changes reads it."},
    )

    def __init__(self, *args: Any, places: Iterable[int], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["to_place"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(place, f"Number {place}") for place in places]
