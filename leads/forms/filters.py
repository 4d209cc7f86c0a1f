"""Filters of the vendor's list of leads, kept in the address. What cannot be read filters nothing."""

from typing import Any

from django import forms
from django.db.models import Q

from catalog.models import Territory
from leads.enums import LeadStatus
from leads.models import Gift
from leads.querysets import LeadQuerySet
from partners.models import Partner
from programs.models import Program
from registrations.forms.fields import LineField


class LeadFilters(forms.Form):
    """Text, territory, the firm that has or had it, the program that it is for; the status comes from the tabs."""

    q = LineField(
        label="Company, contact or source",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    territory = forms.ModelChoiceField(
        Territory.objects.all(), to_field_name="code", required=False, empty_label="All territories"
    )
    partner = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="code", required=False, empty_label="All partners"
    )
    program = forms.ModelChoiceField(
        Program.objects.none(), to_field_name="code", required=False, empty_label="All programs"
    )
    status = forms.ChoiceField(
        choices=[("", ""), *LeadStatus.choices], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        had = Partner.objects.filter(pk__in=Gift.objects.values("partner"))
        self.fields["partner"].queryset = had.order_by("name")  # type: ignore[attr-defined]
        kept = Program.objects.filter(leads__isnull=False).order_by("name").distinct()
        if kept.exists():
            self.fields["program"].queryset = kept  # type: ignore[attr-defined]
        else:
            del self.fields["program"]

    @property
    def chosen(self) -> dict[str, Any]:
        """Filter → value, those in force only."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, rows: LeadQuerySet) -> LeadQuerySet:
        """The rows that all filters but the status let through: what the tabs count."""
        chosen = self.chosen
        if text := chosen.get("q"):
            rows = rows.filter(
                Q(company_name__icontains=text)
                | Q(contact_name__icontains=text)
                | Q(source__icontains=text)
                | Q(code__iexact=text)
            )
        if territory := chosen.get("territory"):
            rows = rows.filter(territory=territory)
        if partner := chosen.get("partner"):
            rows = rows.filter(pk__in=Gift.objects.filter(partner=partner).values("lead"))
        if program := chosen.get("program"):
            rows = rows.filter(program=program)
        return rows

    def words_of(self, name: str) -> str:
        """The filter in force as a chip says it."""
        value = self.chosen[name]
        return f"“{value}”" if name == "q" else str(value)
