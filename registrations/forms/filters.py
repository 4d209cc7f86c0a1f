"""Filters of the list of registrations, kept in the address. What cannot be read filters nothing."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from accounts.models import User
from partners.models import Partner
from registrations.enums import OPEN, Status
from registrations.forms.fields import LineField
from registrations.models import Registration
from registrations.workflow import label_for

ENDING = {"7": "In 7 days", "14": "In 14 days", "30": "In 30 days"}
GROUPS = {"open": "Open", "ended": "Ended"}
_ENDED = tuple(status for status in Status if status not in (*OPEN, Status.DRAFT))


class RegistrationFilters(forms.Form):
    """Text, status, firm (for the vendor), end of protection."""

    q = LineField(label="Company, deal or reference", max_length=200, required=False)
    status = forms.ChoiceField(label="Status", required=False)
    partner = forms.ModelChoiceField(
        Partner.objects.none(), label="Partner", required=False, to_field_name="code"
    )
    ending = forms.ChoiceField(
        label="Protection ends", required=False, choices=[("", "Any time"), *ENDING.items()]
    )

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        shown = [status for status in Status if status != Status.DRAFT or not person.is_vendor]
        named = [(status.value, label_for(status, vendor=person.is_vendor)) for status in shown]
        self._choices("status", [("", "All"), *GROUPS.items(), *named])
        self.fields["q"].widget.attrs["type"] = "search"
        if person.is_vendor:
            field = self.fields["partner"]
            field.queryset = Partner.objects.visible_to(person)  # type: ignore[attr-defined]
            field.empty_label = "All partners"  # type: ignore[attr-defined]
        else:
            del self.fields["partner"]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """Filter → value, those in force only."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def apply(self, rows: QuerySet[Registration], now: datetime) -> QuerySet[Registration]:
        """The rows that all filters let through."""
        chosen = self.chosen
        if text := chosen.get("q"):
            found = Q(company_name__icontains=text) | Q(deal_name__icontains=text) | Q(code__iexact=text)
            rows = rows.filter(found)
        match chosen.get("status"):
            case "open":
                rows = rows.filter(status__in=OPEN)
            case "ended":
                rows = rows.filter(status__in=_ENDED)
            case str(status):
                rows = rows.filter(status=status)
        if partner := chosen.get("partner"):
            rows = rows.filter(partner=partner)
        if days := chosen.get("ending"):
            rows = rows.filter(status=Status.APPROVED, protected_until__lte=now + timedelta(days=int(days)))
        return rows

    def words_of(self, name: str) -> str:
        """The filter in force as a chip says it."""
        value = self.chosen[name]
        if name == "q":
            return f"“{value}”"
        if name == "partner":
            return str(value)
        words = dict(self.fields[name].choices)[value]  # type: ignore[attr-defined]
        return f"Ends {words.lower()}" if name == "ending" else words
