"""'May I register this?': what the rules need to know, and no name of a company, since names are for the check."""

from typing import Any

from django import forms
from django_countries import countries

from catalog.models import Currency, Industry, ProductLine
from policies.forms.fields import AmountField, boxes


class AskForm(forms.Form):
    """What is to be registered, for a customer where."""

    product_lines = forms.ModelMultipleChoiceField(
        ProductLine.objects.filter(is_active=True),
        to_field_name="code",
        **boxes(
            label="Product lines",
            required=True,
            error_messages={"required": "Tick at least one product line."},
        ),
    )
    country = forms.ChoiceField(
        label="Country of the customer", error_messages={"required": "Choose the customer's country."}
    )
    industry = forms.ModelChoiceField(
        Industry.objects.all(),
        to_field_name="code",
        required=False,
        empty_label="Not known",
        label="Industry (optional)",
    )
    value = AmountField(label="Value (optional)", required=False)
    currency = forms.ModelChoiceField(
        Currency.objects.all(), to_field_name="code", label="Currency", required=False, empty_label=None
    )
    tender = forms.BooleanField(label="It is a public tender", required=False)

    def __init__(self, *args: Any, base: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"].choices = [("", "Choose a country"), *countries]  # type: ignore[attr-defined]
        self.fields["currency"].initial = base
        if not self.fields["product_lines"].queryset.exists():  # type: ignore[attr-defined]
            self.fields[
                "product_lines"
            ].help_text = "There are none yet, and no deal can be registered before there are."
