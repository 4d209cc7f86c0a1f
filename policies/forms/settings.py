"""The settings of a registration policy as fields of a form."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from partners.enums import PartnerKind, PartnerTier
from policies.enums import RequiredField, Treatment
from policies.facts import GATHERED_FROM
from policies.forms.fields import AmountField, boxes
from policies.forms.numbers import DaysField, PercentField, WholeField
from policies.saying import percent
from policies.settings import SETTINGS, Values
from policies.words import LABELS

_SCORES = ("same_score", "review_score")
_AMOUNTS = ("auto_approve_below", "least_value")
# Short enough for the list on a phone; the sentence beside it says who looks.
_TREATMENTS = [(one.value, "Looked at first" if one is Treatment.REVIEW else one.label) for one in Treatment]


def _days(help_text: str = "") -> WholeField:
    return WholeField(least=1, most=730, help_text=help_text)


def _limit() -> WholeField:
    return WholeField(least=1, most=1_000_000, required=False, help_text="At a time. Empty: no limit.")


class SettingsForm(forms.Form):
    """All settings. Likelihoods are entered in percent and kept as probabilities."""

    registering_kinds = forms.MultipleChoiceField(
        **boxes(choices=PartnerKind, help_text="None ticked: partners of all kinds.")
    )
    least_tier = forms.ChoiceField(choices=PartnerTier)
    onboarding_partners = forms.ChoiceField(choices=_TREATMENTS)
    outside_territory = forms.ChoiceField(
        choices=_TREATMENTS,
        help_text="By the company's country, for partners that have territories.",
    )
    least_value = AmountField(help_text="0: deals of any size.")
    required_fields = forms.MultipleChoiceField(
        **boxes(
            choices=[(field.value, field.label[0].upper() + field.label[1:]) for field in RequiredField],
            help_text="The company's name and country, the value and a product line are always asked for.",
        )
    )

    refuse_public_tender = forms.BooleanField(required=False)
    evidence_required = forms.BooleanField(
        required=False, help_text="Without it the registration goes to review instead of being approved."
    )
    prechecks_per_day = WholeField(
        least=1,
        most=32_767,
        help_text="How often the people of a firm together can ask in 24 hours.",
    )
    prechecks_per_person = WholeField(
        least=1,
        most=32_767,
        help_text="How often one person can ask in 24 hours. Pauses in typing a name do not count.",
    )
    auto_approve = forms.BooleanField(required=False, help_text="Off: every registration is looked at.")
    auto_approve_below = AmountField()
    review_score = PercentField(
        help_text="In percent. A company at least this likely to be a registered one is compared by a person. "
        f"Simulations can try values from {percent(GATHERED_FROM)} on."
    )
    same_score = PercentField(help_text="In percent. From here on the two count as the same company.")
    waitlist_same = forms.BooleanField(
        required=False, help_text="A registration of a company that is surely held joins the line by itself."
    )
    offer_business_days = WholeField(least=1, most=60, help_text="In business days of the partner's country.")
    scope_product_line = forms.BooleanField(
        required=False, help_text="Off: a holder keeps others out whatever the product."
    )
    scope_territory = forms.BooleanField(
        required=False, help_text="On: a holder keeps others out in its own territory only."
    )
    scope_industry = forms.BooleanField(
        required=False, help_text="On: a holder keeps others out in its own industry only."
    )
    scope_family = forms.BooleanField(
        required=False, help_text="On: a holder also keeps others out at parents and subsidiaries."
    )
    review_other_scope = forms.BooleanField(
        required=False, help_text="Off: whoever is outside the holder's scope is approved like anybody else."
    )
    review_sla_business_days = WholeField(least=1, most=60, help_text="In business days.")
    protection_days = _days("In days, from approval and from each update.")
    reminder_days = _days("In days without an update.")
    final_notice_days = DaysField(
        required=False,
        help_text="Days ahead of the end, with commas between: 7, 1.",
    )
    warning_days_before_expiry = _days(
        "In days. Counted from when the notice was really handed to the mail server."
    )
    grace_days = WholeField(least=0, most=90, help_text="In days after the end. 0: the deal expires at once.")
    escalation_days = WholeField(least=0, most=730, help_text="In days ahead of the end. 0: never.")
    update_evidence_required = forms.BooleanField(
        required=False, help_text="The day of a contact since the last update, or a file."
    )
    extensions_most = WholeField(
        least=0, most=100, help_text="0: protection is not extended, only updates renew it."
    )
    extension_days = _days("In days, added to the end of protection.")
    extension_evidence_required = forms.BooleanField(
        required=False, help_text="Off: a sentence is enough to ask for one."
    )
    open_most_registered = _limit()
    open_most_silver = _limit()
    open_most_gold = _limit()
    open_most_platinum = _limit()
    cooling_off_days = WholeField(
        least=0,
        most=730,
        help_text="In days, before a firm registers a company again that it let expire.",
    )
    appeal_days = _days("In days from the decision.")
    right_notice_days = WholeField(
        least=0,
        most=730,
        help_text="In days. Firms concerned are told this long before, and so is its holder before it ends early. 0: none.",
    )

    def __init__(self, *args: Any, base: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SETTINGS:
            self.fields[name].label = LABELS[name]
        for name in _AMOUNTS:
            words = self.fields[name].help_text
            self.fields[name].help_text = f"In {base}. {words}".strip()

    @property
    def valid_settings(self) -> Mapping[str, Any]:
        """The settings that were entered and are values, each by itself."""
        self.is_valid()
        found = {name: self.cleaned_data[name] for name in SETTINGS if name in self.cleaned_data}
        for name in _SCORES:
            if name in found:
                found[name] = float(found[name] / Decimal(100))
        return found

    @property
    def unfinished(self) -> dict[str, str]:
        """What was entered that is no value, as text."""
        self.is_valid()
        return {name: str(self.data.get(name, "")) for name in SETTINGS if name in self.errors}

    @property
    def problems(self) -> dict[str, str]:
        """Why those are none: setting → words."""
        self.is_valid()
        return {name: " ".join(map(str, self.errors[name])) for name in SETTINGS if name in self.errors}


def as_entered(values: Values) -> dict[str, Any]:
    """Settings as somebody would enter them."""
    entered = {**values}
    for name in _SCORES:
        entered[name] = f"{values[name] * 100:.4g}"
    entered["final_notice_days"] = ", ".join(str(number) for number in values["final_notice_days"])
    return entered
