"""Forms of tiers: what a tier asks for, a decision on a move, a figure that a person enters."""

from decimal import Decimal
from typing import Any

from django import forms

from core.fields import DayField, LineField, TextField
from partners.enums import PartnerTier
from programs import measures
from programs.ladder import LADDER
from programs.models import Program

_NUMBER = {
    "invalid": "Enter a number.",
    "required": "Enter a number.",
    "max_digits": "This number is too long.",
}


class CriterionForm(forms.Form):
    """At least so much of a figure for a tier, from a day on."""

    tier = forms.ChoiceField(
        label="Tier", choices=[(tier, PartnerTier(tier).label) for tier in reversed(LADDER[1:])]
    )
    measure = forms.ChoiceField(label="Figure")
    threshold = forms.DecimalField(
        label="At least",
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        error_messages=_NUMBER | {"min_value": "Enter a number above 0."},
    )
    program = forms.ModelChoiceField(
        label="Binds",
        queryset=Program.objects.order_by("name"),
        required=False,
        empty_label="All firms",
        help_text="With a program: only firms that take part in it.",
    )
    starts_on = DayField(
        label="From", help_text="Today or later: what was asked on days that have passed stays."
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(measure.code, measure.label) for measure in measures.all_measures()]
        self.fields["measure"].choices = choices  # type: ignore[attr-defined]


class DropForm(forms.Form):
    last_day = DayField(label="Last day")


class DecisionForm(forms.Form):
    """A reason: the firm reads that of a move down, the vendor's people that of a decline."""

    reason = TextField(label="Reason", max_length=1000, required=False)


class FigureForm(forms.Form):
    """A figure that is not computed."""

    measure = forms.ChoiceField(label="Figure")
    value = forms.DecimalField(label="Value", max_digits=14, decimal_places=2, error_messages=_NUMBER)
    note = LineField(label="Where it comes from (optional)", max_length=300, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        entered = [(one.code, one.label) for one in measures.all_measures() if one.entered]
        self.fields["measure"].choices = entered  # type: ignore[attr-defined]
        if len(entered) == 1:
            self.fields["measure"].widget = forms.HiddenInput()
            self.fields["measure"].initial = entered[0][0]
            self.fields["value"].label = entered[0][1]
            self.fields["value"].help_text = measures.measure_of(entered[0][0]).hint  # type: ignore[union-attr]
