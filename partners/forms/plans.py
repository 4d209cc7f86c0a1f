"""Steps of onboarding and items of the checklist, as operations write them."""

from typing import Any

from django import forms

from core.fields import LineField, TextField
from partners.enums import StepSide
from partners.models import ChecklistItem, PlanStep
from partners.services.plans import LINK_WORDS, leads_somewhere

STEP = ("title", "stage", "stage_title", "side", "due_days", "help", "link", "required", "place")


class StepForm(forms.ModelForm):
    """One step that firms are given; its model stands in the form made of it."""

    title = LineField(
        max_length=160, label="What is to be done?", error_messages={"required": "Name the step."}
    )
    stage = forms.IntegerField(
        min_value=1, max_value=9, label="Stage", help_text="A stage opens when the one before it is done."
    )
    stage_title = LineField(
        max_length=80, label="Title of the stage", error_messages={"required": "Name the stage."}
    )
    side = forms.ChoiceField(
        choices=[(StepSide.PARTNER, "The partner"), (StepSide.VENDOR, "Us")],
        label="Who does it?",
        widget=forms.RadioSelect,
    )
    due_days = forms.IntegerField(
        min_value=0,
        max_value=365,
        required=False,
        label="Due after how many days? (optional)",
        help_text="Counted from the day on which the stage opens. Whoever does it is reminded once.",
    )
    help = TextField(
        max_length=1000, required=False, label="What helps with it (optional)", widget=forms.Textarea
    )
    link = LineField(
        max_length=300,
        required=False,
        label="Address that it leads to (optional)",
        help_text="https://… or, inside the portal, /firm/",
    )
    required = forms.BooleanField(
        required=False, label="Needed before the next stage opens and before the firm is active"
    )
    place = forms.IntegerField(
        min_value=0,
        max_value=9999,
        required=False,
        label="Place in the stage (optional)",
        help_text="Lower comes first. Empty puts a new step last.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["place"] = None

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        if link and not leads_somewhere(link):
            raise forms.ValidationError(LINK_WORDS)
        return link

    def clean_place(self) -> int:
        """The place; a step that is there keeps its own where the field is empty."""
        return self.cleaned_data["place"] or (self.instance.place if self.instance.pk else 0)


class PlanStepForm(StepForm):
    """One step of a plan."""

    class Meta:
        model = PlanStep
        fields = STEP


class ChecklistItemForm(forms.ModelForm):
    """One thing to look at with an application."""

    label = LineField(
        max_length=200, label="What is to be looked at?", error_messages={"required": "Name what to look at."}
    )
    help = LineField(max_length=300, required=False, label="How (optional)")
    place = forms.IntegerField(min_value=0, max_value=9999, label="Place", help_text="Lower comes first.")

    class Meta:
        model = ChecklistItem
        fields = ("label", "help", "kind", "place", "required", "active")
        labels = {
            "kind": "For which kind of partner?",
            "required": "Needed before a firm can be taken in",
            "active": "In use: new applications get it",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        kinds.choices = [("", "Every kind"), *kinds.choices[1:]]  # type: ignore[attr-defined]
