"""The form of a step that a program gives to the firms that join it."""

from typing import Any

from partners.forms.plans import STEP, StepForm
from programs.models import ProgramStep


class ProgramStepForm(StepForm):
    """One step; it never holds back a firm's own onboarding."""

    class Meta:
        model = ProgramStep
        fields = STEP

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["required"].label = "Needed before the next stage opens"
