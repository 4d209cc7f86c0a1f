"""Forms of a merge."""

from django import forms

from core.fields import LineField, TextField


class SearchForm(forms.Form):
    """Which other record."""

    q = LineField(
        max_length=200,
        required=False,
        label="Name, city, website or code",
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class MergeForm(forms.Form):
    """Why the two are one firm."""

    reason = TextField(
        label="Why they are one firm",
        max_length=2000,
        help_text="Kept with the merge. The firms don't read it.",
        error_messages={"required": "Say why they are one firm."},
    )
