"""The filters of the reports: forms sent by GET. What can't be read counts as not given."""

from typing import Any

from django import forms

from catalog.models import ProductLine, Territory
from partners.models import Group
from registrations.enums import OPEN, Status
from reports.enums import Age, Sort
from reports.open_registrations import Filter

_OPEN_STATUSES = [(status, Status(status).label) for status in OPEN]


class OpenRegistrationsFilter(forms.Form):
    """What the first report shows, and in which order."""

    partner = forms.CharField(
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "list": "report-partners", "autocomplete": "off"}),
    )
    group = forms.ModelChoiceField(
        Group.objects.all(), to_field_name="code", required=False, label="Group", empty_label="All partners"
    )
    territory = forms.ModelChoiceField(
        Territory.objects.all(), to_field_name="code", required=False, empty_label="All territories"
    )
    product = forms.ModelChoiceField(
        ProductLine.objects.all(),
        to_field_name="code",
        required=False,
        label="Product line",
        empty_label="All product lines",
    )
    age = forms.ChoiceField(
        choices=[("", "Any age"), *Age.choices], required=False, label="Age since submission"
    )
    status = forms.ChoiceField(choices=[("", "All open"), *_OPEN_STATUSES], required=False)
    sort = forms.ChoiceField(choices=Sort.choices, required=False, initial=Sort.VALUE_DOWN, label="Order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get("sort"):
            self.data = {**self.data.dict(), "sort": Sort.VALUE_DOWN.value}  # type: ignore[attr-defined]

    def read(self) -> tuple[Filter, str]:
        """The filter and the sort; a field that holds nonsense is left out."""
        self.is_valid()
        given = self.cleaned_data
        wanted = Filter(
            partner=given.get("partner") or "",
            group=given.get("group"),
            territory=given.get("territory"),
            product_line=given.get("product"),
            age=given.get("age") or "",
            status=given.get("status") or "",
        )
        return wanted, given.get("sort") or Sort.VALUE_DOWN.value
