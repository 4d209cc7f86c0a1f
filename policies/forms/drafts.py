"""Writing at a draft, and publishing it."""

from datetime import datetime
from typing import Any

from django import forms

from policies.forms.fields import MomentField
from policies.forms.settings import SettingsForm, as_entered
from policies.models import RegistrationPolicy
from policies.services.checking import NOTE_LENGTH
from policies.settings import settings_of

_NOW, _LATER = "now", "later"


class DraftForm(SettingsForm):
    """A draft: its settings, its note, and the state that its author saw."""

    note = forms.CharField(
        max_length=NOTE_LENGTH,
        required=False,
        label="What changes, and why",
        help_text="Partners read this too. It can wait until you publish.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, draft: RegistrationPolicy, base: str) -> "DraftForm":
        """The form filled with the draft, with what is no value yet as it was entered."""
        return cls(initial=_entered(draft), base=base)


def unfinished_words(draft: RegistrationPolicy, base: str) -> dict[str, str]:
    """Why what is no value yet is none: setting → words."""
    said = DraftForm(_entered(draft), base=base).problems
    return {name: said.get(name, "This is no value yet.") for name in draft.unfinished}


def _entered(draft: RegistrationPolicy) -> dict[str, Any]:
    return {
        **as_entered(settings_of(draft)),
        **draft.unfinished,
        "note": draft.note,
        "revision": draft.revision,
    }


class PublishForm(forms.Form):
    """When a draft begins, and what is said about it."""

    note = forms.CharField(
        max_length=NOTE_LENGTH,
        label="What changes, and why",
        help_text="Partners read this, too.",
        error_messages={"required": "Say what changes and why, for those who read it later."},
    )
    begins = forms.ChoiceField(
        choices=[(_NOW, "As soon as it is published"), (_LATER, "On a day that I choose")],
        widget=forms.RadioSelect,
        initial=_LATER,
        label="It begins",
    )
    effective_from = MomentField(
        required=False,
        label="Day and time",
        help_text="In your time zone. Only for a later begin.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A later begin needs its day."""
        given = super().clean() or {}
        if (
            given.get("begins") == _LATER
            and not given.get("effective_from")
            and "effective_from" not in self.errors
        ):
            self.add_error("effective_from", "Enter the day and time from which the version applies.")
        return given

    def begin(self) -> datetime | None:
        """When the version begins; None for at once."""
        moment: datetime | None = self.cleaned_data["effective_from"]
        return moment if self.cleaned_data["begins"] == _LATER else None
