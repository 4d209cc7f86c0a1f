"""Why a firm's status changes."""

from typing import Any

from django import forms

from core.fields import TextField
from partners.services.standing import REASON_LIMIT


class StandingForm(forms.Form):
    """The reason, which the firm reads."""

    reason = TextField(max_length=REASON_LIMIT, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, needed: bool, version: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": version}
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.required = needed
        reason.label = "Why? The firm reads this." if needed else "A word to the firm (optional)"
        reason.error_messages["required"] = "Say why; the firm reads it."
