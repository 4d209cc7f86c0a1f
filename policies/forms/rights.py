"""Forms of distribution rights: a new one, its end, taking it back."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from catalog.models import Industry, ProductLine, Territory
from core.fields import DayField
from partners.models import Partner
from policies.enums import Barred
from policies.firms import selling_firms
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
    is_exclusive = forms.ChoiceField(
        label="Who registers there",
        choices=[
            ("yes", "This partner alone: an exclusive right"),
            ("no", "This partner and others that hold a right there: not exclusive"),
        ],
        required=False,
        widget=forms.RadioSelect,
        initial="yes",
        help_text="An exclusive right overlaps no other. Several that are not exclusive may overlap.",
    )
    beside = forms.ModelMultipleChoiceField(
        selling_firms(),
        label="Other firms that get the same right now (optional)",
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The firms concerned are told once.",
        error_messages={"invalid_choice": "Choose firms from the list."},
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

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

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

    def clean_beside(self) -> QuerySet[Partner]:
        """What is tried is the right of one firm."""
        firms: QuerySet[Partner] = self.cleaned_data["beside"]
        if firms and not self._saving:
            raise forms.ValidationError(
                "One firm's right is tried at a time: leave this empty, and choose them to give it."
            )
        return firms

    def full_clean(self) -> None:
        """The note may wait; the field stays one that has to be filled in for who reads the page."""
        note = self.fields["note"]
        note.required = self._saving
        super().full_clean()
        note.required = True

    def wanted(self) -> Wanted:
        """What was asked for."""
        asked = {name: value for name, value in self.cleaned_data.items() if name not in ("beside", "seen")}
        return Wanted(**asked | {"is_exclusive": self.cleaned_data["is_exclusive"] != "no"})

    def firms(self) -> list[Partner]:
        """Who gets it."""
        return [self.cleaned_data["partner"], *self.cleaned_data["beside"]]

    def mark(self, concerned: Iterable[Partner]) -> str:
        """What giving it does, as a short mark: the same as `seen` if the author saw just these firms, for just this right."""
        wanted = self.wanted()
        told = [
            [firm.pk for firm in self.firms()],
            [one and one.pk for one in (wanted.product_line, wanted.territory, wanted.industry)],
            [wanted.begins_on.isoformat(), wanted.ends_on and wanted.ends_on.isoformat()],
            [wanted.is_exclusive, wanted.effect],
            sorted(firm.pk for firm in concerned),
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


class EndForm(forms.Form):
    """The last day of a right; `earliest` is the first that keeps to the notice period."""

    on = DayField(label="Last day")
    agreed = forms.BooleanField(
        label="The holder agreed to this day: end it before the notice period is over",
        required=False,
        help_text="Kept with the right. Say below who agreed, and when.",
    )
    note = forms.CharField(
        label="Why", max_length=300, help_text="Partners don't read this.", error_messages=_WHY
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, earliest: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].help_text = f"With notice: {earliest:%-d %b %Y} or later."
        self.initial.setdefault("on", earliest)


class TakeBackForm(forms.Form):
    """Taking back what has not begun."""

    note = forms.CharField(
        label="Why", max_length=300, help_text="Partners don't read this.", error_messages=_WHY
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
