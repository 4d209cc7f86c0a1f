"""A do or don't in operations' own words."""

from django import forms

from core.fields import DayField
from policies.enums import Advice
from policies.services.guidance import LONGEST


class TextForm(forms.Form):
    kind = forms.ChoiceField(label="What is it?", choices=Advice, widget=forms.RadioSelect, initial=Advice.DO)
    text = forms.CharField(
        label="The sentence",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Partners read it among the sentences that the settings make.",
        error_messages={"required": "Enter the sentence that partners shall read."},
    )
    begins_on = DayField(label="Shown from", help_text="Today: at once.")
    # What stood before and after the text as the form was opened.
    neighbours = forms.CharField(required=False, widget=forms.HiddenInput)
