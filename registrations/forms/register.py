"""The short form that a registration begins with."""

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django_countries import countries
from django_countries.fields import CountryField

from accounts.models import User
from catalog.models import Currency
from companies.matching import CompanyQuery
from registrations.forms.fields import AmountField, CompanyNameField, WebsiteField

NO_COUNTRY = "Choose a country"


def country_field(**options: Any) -> forms.ChoiceField:
    """A choice among all countries, the empty one in words."""
    field = CountryField(blank=True, blank_label=NO_COUNTRY).formfield(
        error_messages={
            "required": "Choose the company's country.",
            "invalid_choice": "Choose a country from the list.",
        },
        **options,
    )
    assert isinstance(field, forms.ChoiceField)
    return field


def currency_field(**options: Any) -> forms.ModelChoiceField:
    """A choice among the currencies of the catalogue, by code."""
    words = {"required": "Choose the currency.", "invalid_choice": "Choose a currency from the list."}
    return forms.ModelChoiceField(Currency.objects.all(), empty_label=None, error_messages=words, **options)


class QuickForm(forms.Form):
    """Company, website, country, value: enough to begin. `form_key` makes a repeated POST the same draft."""

    company_name = CompanyNameField(
        label="Company", help_text="The legal name of the customer, as far as you know it."
    )
    website = WebsiteField(label="Website (optional)", required=False)
    country = country_field(label="Country", required=True)
    value = AmountField(
        label="Value", error_messages={"required": "Enter the value of the deal; an estimate will do."}
    )
    currency = currency_field(label="Currency")
    form_key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("country", str(person.member.partner.country))
        self.initial.setdefault("currency", Currency.objects.filter(rate_to_base=1).order_by("id").first())
        self.initial.setdefault("form_key", str(uuid4()))

    @staticmethod
    def answered(before: Mapping[str, str]) -> dict[str, Any]:
        """What was answered on the policy's page already, to begin with: country and currency as codes, the value as it was
        typed. What is none of these is left out."""
        found: dict[str, Any] = {}
        if before.get("country", "") in countries:
            found["country"] = before["country"]
        if typed := before.get("value"):
            with suppress(forms.ValidationError):
                found["value"] = AmountField(required=False).clean(typed[:40])
        if code := before.get("currency"):
            known = {row.code: row for row in Currency.objects.all()}
            found |= {"currency": known[code]} if code in known else {}
        return found

    def clean_form_key(self) -> UUID:
        try:
            return UUID(self.cleaned_data["form_key"])
        except ValueError:
            return uuid4()

    @property
    def answers(self) -> dict[str, Any]:
        """What the draft is begun with."""
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}


class PrecheckForm(forms.Form):
    """What is asked while typing: half-typed websites and countries are no mistake here."""

    company_name = CompanyNameField()
    website = forms.CharField(required=False)
    country = country_field(required=False)
    value = forms.CharField(required=False)
    currency = forms.CharField(required=False)

    def query(self) -> CompanyQuery:
        """The question for the conflict check; what cannot be read is left out."""
        given = getattr(self, "cleaned_data", {})
        try:
            website = WebsiteField(required=False).clean(given.get("website", ""))
        except forms.ValidationError:
            website = ""
        return CompanyQuery(
            name=given.get("company_name", ""), domain=website, country=str(given.get("country") or "")
        )

    def value_in_base(self) -> Decimal | None:
        """The value in the base currency; None as long as it cannot be read. One query, whatever was given."""
        given = getattr(self, "cleaned_data", {})
        pk = given.get("currency", "")
        rates = Currency.objects.filter(pk=int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 10 else 0)
        rate = rates.values_list("rate_to_base", flat=True).first()
        try:
            value = AmountField(required=False).clean(given.get("value", ""))
        except forms.ValidationError:
            value = None
        return value * rate if value is not None and rate is not None else None
