"""The form of a step that a program gives to the firms that join it."""

from typing import Any

from django import forms

from partners.forms.plans import STEP, StepForm
from programs.models import ProgramStep


class ProgramStepForm(StepForm):
    """One step; it never holds back a firm's own onboarding."""

    class Meta:
        model = ProgramStep
        fields = STEP

    def __init__(self, *args: Any, lacking: int = 0, **options: Any) -> None:
        """`lacking` is how many firms take part and don't have it."""
        super().__init__(*args, **options)
        self.fields["required"].label = "Needed before the next stage opens"
        if lacking:
            self.fields["give"] = forms.BooleanField(
                required=False,
                label=_give_label(lacking, is_new=self.instance.pk is None),
                help_text="Each gets it once. Its days count from today, or from when its stage opens there.",
            )


def _give_label(lacking: int, *, is_new: bool) -> str:
    if lacking == 1:
        who = "the 1 firm that takes part already"
        return f"Give it to {who}, too" if is_new else f"Give it to {who} and does not have it"
    who = f"the {lacking:,} firms that take part already"
    return f"Give it to {who}, too" if is_new else f"Give it to {who} and don’t have it"
