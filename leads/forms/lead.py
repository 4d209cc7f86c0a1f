"""A lead as the vendor writes it."""

from typing import Any

from django import forms
from django.db.models import Q

from catalog.choosing import LinesField
from catalog.models import Currency, Territory
from core.fields import PhoneField
from leads.models import Lead
from leads.services.keeping import EDITABLE
from programs.enums import ProgramStatus
from programs.models import Program
from registrations.forms.fields import AmountField, CompanyNameField, LineField, TextField, WebsiteField
from registrations.forms.register import country_field, currency_field


class LeadForm(forms.Form):
    """Company, need, contact. Only these fields are read from a request, whatever else it sends."""

    company_name = CompanyNameField(label="Company", help_text="The legal name, as far as you know it.")
    website = WebsiteField(label="Website (optional)", required=False)
    country = country_field(label="Country", required=True)
    city = LineField(label="City (optional)", max_length=120, required=False)
    postcode = LineField(label="Postcode (optional)", max_length=20, required=False)
    need = TextField(
        label="What do they need?",
        max_length=2000,
        help_text="Partners read this before they answer, in the pool, too: leave names and numbers out of it.",
        error_messages={"required": "Say in a sentence what the company needs."},
    )
    product_lines = LinesField(
        label="Product lines",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one product line.",
            "invalid_choice": "Choose product lines from the list.",
        },
    )
    territory = forms.ModelChoiceField(
        Territory.objects.all(),
        label="Territory (optional)",
        required=False,
        empty_label="The country's",
        error_messages={"invalid_choice": "Choose a territory from the list."},
    )
    value = AmountField(label="Value (optional)", required=False)
    currency = currency_field(label="Currency")
    contact_name = LineField(label="Name (optional)", max_length=120, required=False)
    contact_title = LineField(label="Role (optional)", max_length=120, required=False)
    contact_email = forms.EmailField(
        label="E-mail (optional)",
        required=False,
        error_messages={"invalid": "Enter an e-mail address such as name@example.com."},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    contact_phone = PhoneField(label="Telephone (optional)", max_length=40, required=False)
    program = forms.ModelChoiceField(
        Program.objects.none(),
        label="Only for firms of a program (optional)",
        required=False,
        empty_label="For all firms",
        help_text="The pool and the ways that choose by themselves keep it to the firms that take part.",
        error_messages={"invalid_choice": "Choose a program from the list."},
    )
    source = LineField(
        label="Where it comes from (optional)",
        max_length=120,
        required=False,
        help_text="A fair, a campaign, a call. Partners do not see it.",
    )
    note = TextField(
        label="Note (optional)", max_length=2000, required=False, help_text="For your own people alone."
    )

    company = ("company_name", "website", "country", "city", "postcode")
    needs = ("need", "product_lines", "territory", "value", "currency", "program")
    contact = ("contact_name", "contact_title", "contact_email", "contact_phone")
    ours = ("source", "note")

    def __init__(self, *args: Any, lead: Lead | None = None, **options: Any) -> None:
        initial: dict[str, Any] = {"currency": Currency.objects.filter(rate_to_base=1).order_by("id").first()}
        if lead is not None:
            initial = {name: getattr(lead, name) for name in EDITABLE}
            initial["product_lines"] = list(lead.product_lines.all())
        super().__init__(*args, **{"initial": initial, **options})
        if lead is not None:
            self.fields["product_lines"].keep(initial["product_lines"])  # type: ignore[attr-defined]
        kept = lead.program_id if lead is not None else None
        choices = Program.objects.filter(Q(status=ProgramStatus.OPEN) | Q(pk=kept)).order_by("name")
        self.fields["program"].queryset = choices  # type: ignore[attr-defined]

    @property
    def fields_of_lead(self) -> dict[str, Any]:
        """What the service takes as fields."""
        return {name: self.cleaned_data[name] for name in EDITABLE}

    @property
    def sections(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """The fields in groups: title, sentence, fields."""
        return [
            ("Company", "", [self[name] for name in self.company]),
            ("Need", "", [self[name] for name in self.needs]),
            (
                "Contact",
                "A firm sees the contact once it has the lead, not in the pool.",
                [self[name] for name in self.contact],
            ),
            ("For us", "", [self[name] for name in self.ours]),
        ]
