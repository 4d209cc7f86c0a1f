"""Forms of exclusive rights: a new one, its end, taking it back."""

from datetime import date
from typing import Any

from django import forms

from catalog.models import Industry, ProductLine, Territory
from policies.enums import Barred
from policies.firms import selling_firms
from policies.forms.fields import DayField
from policies.services.rights import Wanted

_WHY = {"required": "Say why, for those who read it later."}


class RightForm(forms.Form):
    """Who gets what, where, for whom and how long."""

    partner = forms.ModelChoiceField(
        selling_firms(),
        to_field_name="code",
        empty_label="Choose a partner",
        error_messages={"required": "Choose the partner."},
    )
    product_line = forms.ModelChoiceField(
        ProductLine.objects.filter(is_active=True),
        to_field_name="code",
        required=False,
        empty_label="All product lines",
    )
    territory = forms.ModelChoiceField(
        Territory.objects.all(), to_field_name="code", required=False, empty_label="Everywhere"
    )
    industry = forms.ModelChoiceField(
        Industry.objects.all(), to_field_name="code", required=False, empty_label="All industries"
    )
    begins_on = DayField(label="First day")
    ends_on = DayField(label="Last day (optional)", required=False, help_text="Empty: until further notice.")
    effect = forms.ChoiceField(
        label="What other partners get",
        choices=Barred,
        widget=forms.RadioSelect,
        initial=Barred.REFUSED,
        help_text="For new registrations inside it. They never read whose right it is.",
    )
    note = forms.CharField(
        label="Why", max_length=300, help_text="Partners don't read this.", error_messages=_WHY
    )
    nobody_concerned = forms.BooleanField(
        label="Nobody is concerned: begin before the notice period is over",
        required=False,
        help_text="Refused where the portal finds firms that are: they hear of it ahead.",
    )

    def __init__(self, *args: Any, earliest: date, saving: bool = True, **options: Any) -> None:
        """A note is needed to give the right, not to try it (`saving` False)."""
        super().__init__(*args, **options)
        self._saving = saving
        self.fields["begins_on"].help_text = f"With notice: {earliest:%-d %b %Y} or later."
        self.initial.setdefault("begins_on", earliest)
        named = ("product_line", "territory", "industry")
        if not any(self.fields[name].queryset.exists() for name in named):  # type: ignore[attr-defined]
            words = (
                "The catalogue has no product line, territory or industry yet that a right could be about."
            )
            self.fields["product_line"].help_text = words

    def full_clean(self) -> None:
        """The note may wait; the field stays one that has to be filled in for who reads the page."""
        note = self.fields["note"]
        note.required = self._saving
        super().full_clean()
        note.required = True

    def wanted(self) -> Wanted:
        """What was asked for."""
        return Wanted(**self.cleaned_data)


class EndForm(forms.Form):
    """The last day of a right."""

    on = DayField(label="Last day")
    note = forms.CharField(
        label="Why", max_length=300, help_text="Partners don't read this.", error_messages=_WHY
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class TakeBackForm(forms.Form):
    """Taking back what has not begun."""

    note = forms.CharField(
        label="Why", max_length=300, help_text="Partners don't read this.", error_messages=_WHY
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
