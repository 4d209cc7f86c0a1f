"""A split or a transfer: what a manager proposes, and why a partner declines."""

from django import forms

from registrations.enums import AgreementKind
from registrations.forms.fields import TextField


class ProposeForm(forms.Form):
    kind = forms.ChoiceField(
        label="What you propose",
        choices=[
            (AgreementKind.SPLIT, "A split: both sell, the holder goes on holding the deal"),
            (AgreementKind.TRANSFER, "A transfer: the holder gives the deal to the other"),
        ],
        widget=forms.RadioSelect,
        initial=AgreementKind.SPLIT,
    )
    other_share = forms.IntegerField(
        label="Share of the newcomer",
        min_value=1,
        max_value=99,
        required=False,
        initial=50,
        help_text="In percent, for a split. The holder keeps the rest.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            "Choose a share from 1 to 99 percent; the holder keeps the rest.",
        ),
    )
    text = TextField(
        label="Why",
        max_length=2000,
        help_text="Both partners read this. Leave their names out: until both agree neither learns who the other is.",
        error_messages={"required": "Write why. Both partners read it."},
    )


class DisagreeForm(forms.Form):
    text = TextField(
        label="Why (optional)",
        max_length=2000,
        required=False,
        help_text="Your channel manager can read this.",
    )
