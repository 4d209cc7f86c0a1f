"""The whole draft: everything optional while it is written, complete when it is checked."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from catalog.models import Industry, ProductLine, Territory
from core.fields import PhoneField
from policies.enums import RequiredField
from registrations.enums import ContactMade, Stage
from registrations.forms.fields import (
    AmountField,
    CompanyNameField,
    CountField,
    DayField,
    LineField,
    TextField,
    WebsiteField,
)
from registrations.forms.register import country_field, currency_field
from registrations.models import Registration
from registrations.services.drafts import EDITABLE, LineInput

MOST_LINES = 20
_MOST_PIECES = 9_999_999
_OPTIONAL = " (optional)"
_NO_STAGE = {"invalid_choice": "Choose a stage from the list."}


class DetailsForm(forms.Form):
    """A draft's fields. Only these are read from a request, whatever else it sends."""

    company_name = CompanyNameField(label="Legal name")
    website = WebsiteField(label="Website (optional)", required=False)
    country = country_field(label="Country", required=False)
    city = LineField(label="City (optional)", max_length=120, required=False)
    postcode = LineField(label="Postcode (optional)", max_length=20, required=False)
    industry = forms.ModelChoiceField(
        Industry.objects.all(), label="Industry (optional)", required=False, empty_label="Not chosen"
    )
    contact_name = LineField(label="Name (optional)", max_length=120, required=False)
    contact_title = LineField(label="Role (optional)", max_length=120, required=False)
    contact_email = forms.EmailField(
        label="E-mail (optional)",
        required=False,
        error_messages={"invalid": "Enter an e-mail address such as name@example.com."},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    contact_phone = PhoneField(label="Telephone (optional)", max_length=40, required=False)
    deal_name = LineField(
        label="Name of the deal (optional)",
        max_length=200,
        required=False,
        help_text="What your own people call it, such as “Plant monitoring”.",
    )
    value = AmountField(
        label="Value of the deal",
        required=False,
        help_text="Where the product lines carry values, this is their total.",
    )
    currency = currency_field(label="Currency")
    expected_close = DayField(label="Expected to close", required=False)
    stage = forms.ChoiceField(label="Stage", choices=Stage, required=False, error_messages=_NO_STAGE)
    competitors = LineField(label="Competitors (optional)", max_length=200, required=False)
    next_step = LineField(label="Next step (optional)", max_length=300, required=False)
    tender = forms.TypedChoiceField(
        label="Is it a public tender?",
        choices=[("no", "No"), ("yes", "Yes")],
        coerce=lambda chosen: chosen == "yes",
        empty_value="",
        required=False,
        widget=forms.RadioSelect,
    )
    territory = forms.ModelChoiceField(
        Territory.objects.all(), label="Territory (optional)", required=False, empty_label="Not chosen"
    )
    contact_made = forms.ChoiceField(
        label="What contact took place?", choices=ContactMade, required=False, error_messages=_NO_STAGE
    )
    contact_on = DayField(label="When (optional)", required=False)
    contact_note = TextField(
        label="What was agreed (optional)",
        max_length=2000,
        required=False,
        help_text="A sentence or two that show a channel manager that you are at work there.",
    )

    def __init__(
        self, *args: Any, draft: Registration, today: date, asked: Collection[str], **options: Any
    ) -> None:
        """`asked` names what the policy wants filled in before submitting."""
        initial: dict[str, Any] = {name: getattr(draft, name) for name in EDITABLE}
        initial["tender"] = "yes" if draft.tender else "no"
        super().__init__(*args, **{"initial": initial, **options})
        self.today = today
        for name in RequiredField.values:
            label = str(self.fields[name].label).removesuffix(_OPTIONAL)
            self.fields[name].label = label if name in asked else f"{label}{_OPTIONAL}"

    def clean_expected_close(self) -> date | None:
        day: date | None = self.cleaned_data["expected_close"]
        if day is not None and day < self.today:
            raise forms.ValidationError("This day has passed. Choose today or a later day.")
        return day

    def clean_contact_on(self) -> date | None:
        day: date | None = self.cleaned_data["contact_on"]
        if day is not None and day > self.today:
            raise forms.ValidationError("This day lies in the future. Choose the day the contact took place.")
        return day

    def clean_tender(self) -> bool:
        return bool(self.cleaned_data["tender"])

    def clean_stage(self) -> str:
        return self.cleaned_data["stage"] or Stage.PROSPECTING

    @property
    def valid_part(self) -> dict[str, Any]:
        """What can be stored of what was sent: fields that were sent and are in order. Call after is_valid()."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.data}


class LineForm(forms.Form):
    """One product line of the deal; a row left empty is no line."""

    product_line = forms.ModelChoiceField(
        ProductLine.objects.none(), label="Product line", required=False, empty_label="Choose a product line"
    )
    quantity = CountField(label="Quantity", required=False, min_value=1, max_value=_MOST_PIECES)
    value = AmountField(label="Value (optional)", required=False)

    def __init__(self, *args: Any, lines: list[ProductLine], **options: Any) -> None:
        super().__init__(*args, **options)
        number = str(self.prefix).rpartition("-")[2]
        if number.isdecimal():  # in the error summary: 'Line 2, value: …'
            for field in self.fields.values():
                field.label = (
                    f"Line {int(number) + 1}, {str(field.label).removesuffix(' (optional)').lower()}"
                )
        field = self.fields["product_line"]
        field.queryset = ProductLine.objects.filter(pk__in=[line.pk for line in lines])  # type: ignore[attr-defined]
        # The choices are read once for all rows.
        field.choices = [("", "Choose a product line"), *((line.pk, line.name) for line in lines)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        said = values.get("value") is not None or values.get("quantity") not in (None, 1)
        if not values.get("product_line") and said and "product_line" not in self.errors:
            self.add_error("product_line", "Choose the product line, or take this row away.")
        return values

    @property
    def line(self) -> LineInput | None:
        """The row as the service takes it; None for an empty one."""
        chosen = self.cleaned_data.get("product_line")
        if not chosen:
            return None
        return LineInput(chosen, self.cleaned_data.get("quantity") or 1, self.cleaned_data.get("value"))


class BaseLines(forms.BaseFormSet):
    """All product lines of a draft."""

    def clean(self) -> None:
        if any(self.errors):
            return
        seen: set[int] = set()
        total = Decimal(0)
        for form in self.forms:
            line = form.line
            if line is None:
                continue
            if line.product_line.pk in seen:
                form.add_error(
                    "product_line", "This product line is listed above already. Put both in one row."
                )
            seen.add(line.product_line.pk)
            total += line.value or 0
        if total >= 10**12:
            raise forms.ValidationError("The values of the product lines add up to more than 12 digits.")

    @property
    def lines(self) -> list[LineInput]:
        """The rows that say something. Call after is_valid()."""
        return [form.line for form in self.forms if form.line is not None]


LinesFormSet = forms.formset_factory(
    LineForm,
    formset=BaseLines,
    extra=0,
    min_num=0,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES,
    validate_max=True,
)
