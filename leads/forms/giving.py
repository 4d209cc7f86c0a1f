"""How a lead is given: one choice among the ways and the firms."""

from typing import Any

from django import forms

from leads.enums import CloseReason, Onward, Way
from leads.models.rotation import LARGEST_WEIGHT
from partners.models import Partner
from registrations.forms.fields import LineField, TextField

BY_ITSELF = (Way.TERRITORY, Way.ROTATION, Way.POOL)
_CHOOSE = {"required": "Choose who gets the lead.", "invalid_choice": "Choose who gets the lead."}


class GiveForm(forms.Form):
    """`to` is a way that chooses by itself, or the code of a firm."""

    to = forms.ChoiceField(label="Who gets it", error_messages=_CHOOSE)
    onward = forms.ChoiceField(
        label="If the firm declines or stays silent", choices=Onward, initial=Onward.ROTATION
    )
    message = TextField(
        label="A word to the firm (optional)",
        max_length=1000,
        required=False,
        help_text="It stands in the mail and on the lead's page.",
    )

    def __init__(self, *args: Any, firms: list[Partner], **options: Any) -> None:
        super().__init__(*args, **options)
        self.firms = {firm.code: firm for firm in firms}
        ways = [(way.value, way.label) for way in BY_ITSELF]
        self.fields["to"].choices = [*ways, *((code, firm.name) for code, firm in self.firms.items())]  # type: ignore[attr-defined]

    @property
    def firm(self) -> Partner | None:
        """The firm chosen by hand."""
        return self.firms.get(self.cleaned_data["to"])


class GiveManyForm(forms.Form):
    """Several leads at once, by a way that chooses by itself."""

    way = forms.ChoiceField(choices=[(way.value, way.label) for way in BY_ITSELF])
    lead = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sent = self.data.getlist("lead") if hasattr(self.data, "getlist") else []
        self.fields["lead"].choices = [(code, code) for code in sent[:100]]  # type: ignore[attr-defined]


class TakeBackForm(forms.Form):
    text = TextField(
        label="Why (optional)",
        max_length=1000,
        required=False,
        help_text="The firm that has the lead reads this.",
    )


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why is it closed?",
        choices=[("", "Choose a reason"), *CloseReason.choices],
        error_messages={
            "required": "Choose why the lead is closed.",
            "invalid_choice": "Choose a reason from the list.",
        },
    )
    text = LineField(label="Note (optional)", max_length=300, required=False)


class WeightsForm(forms.Form):
    """A weight for each firm, by its code."""

    def __init__(self, *args: Any, weights: dict[Partner, int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.partners = {partner.code: partner for partner in weights}
        for partner, weight in weights.items():
            self.fields[partner.code] = forms.TypedChoiceField(
                label=partner.name,
                initial=weight,
                coerce=int,
                choices=[(number, _weight_words(number)) for number in range(LARGEST_WEIGHT + 1)],
                error_messages={"invalid_choice": "Choose a weight from the list."},
            )

    @property
    def weights(self) -> dict[Partner, int]:
        """What was chosen."""
        return {self.partners[code]: weight for code, weight in self.cleaned_data.items()}


def _weight_words(number: int) -> str:
    return "0 – sits out" if number == 0 else str(number)
