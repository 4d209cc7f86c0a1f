"""The form of a new version: the settings of the one in force, when it begins, and why."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField

from policies.models import RegistrationPolicy
from policies.rules import SETTINGS, contradictions, settings_of
from policies.words import LABELS

_NOW, _LATER = "now", "later"
_SCORES = ("same_score", "review_score")


def _days(help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=730, help_text=help_text)


def _limit() -> forms.IntegerField:
    return forms.IntegerField(
        min_value=1, max_value=1_000_000, required=False, help_text="At a time. Empty: no limit."
    )


def _likelihood(help_text: str) -> forms.DecimalField:
    return forms.DecimalField(min_value=0, max_value=100, decimal_places=1, help_text=help_text)


class NewVersion(forms.Form):
    """All settings. Likelihoods are entered in percent and kept as probabilities."""

    refuse_public_tender = forms.BooleanField(required=False)
    evidence_required = forms.BooleanField(
        required=False, help_text="Without it the registration goes to review instead of being approved."
    )
    prechecks_per_day = forms.IntegerField(
        min_value=1,
        max_value=32_767,
        help_text="How often the people of a firm together can ask in 24 hours.",
    )
    prechecks_per_person = forms.IntegerField(
        min_value=1,
        max_value=32_767,
        help_text="How often one person can ask in 24 hours. Pauses in typing a name do not count.",
    )
    auto_approve = forms.BooleanField(required=False, help_text="Off: every registration is looked at.")
    auto_approve_below = forms.DecimalField(min_value=0, max_digits=14, decimal_places=2)
    review_score = _likelihood(
        "In percent. A company at least this likely to be a registered one is compared by a person."
    )
    same_score = _likelihood("In percent. From here on the two count as the same company.")
    waitlist_same = forms.BooleanField(
        required=False, help_text="A registration of a company that is surely held joins the line by itself."
    )
    offer_business_days = forms.IntegerField(
        min_value=1, max_value=60, help_text="In business days of the partner's country."
    )
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
    review_sla_business_days = forms.IntegerField(min_value=1, max_value=60, help_text="In business days.")
    protection_days = _days("In days, from approval and from each update.")
    reminder_days = _days("In days without an update.")
    final_notice_days = SimpleArrayField(
        forms.IntegerField(min_value=1, max_value=730),
        max_length=10,
        required=False,
        help_text="Days ahead of the end, with commas between: 7, 1.",
    )
    warning_days_before_expiry = _days(
        "In days. Counted from when the notice was really handed to the mail server."
    )
    grace_days = forms.IntegerField(
        min_value=0, max_value=90, help_text="In days after the end. 0: the deal expires at once."
    )
    escalation_days = forms.IntegerField(
        min_value=0, max_value=730, help_text="In days ahead of the end. 0: never."
    )
    update_evidence_required = forms.BooleanField(
        required=False, help_text="The day of a contact since the last update, or a file."
    )
    extensions_most = forms.IntegerField(
        min_value=0, max_value=100, help_text="0: protection is not extended, only updates renew it."
    )
    extension_days = _days("In days, added to the end of protection.")
    extension_evidence_required = forms.BooleanField(
        required=False, help_text="Off: a sentence is enough to ask for one."
    )
    open_most_registered = _limit()
    open_most_silver = _limit()
    open_most_gold = _limit()
    open_most_platinum = _limit()
    cooling_off_days = forms.IntegerField(
        min_value=0,
        max_value=730,
        help_text="In days, before a firm registers a company again that it let expire.",
    )
    appeal_days = _days("In days from the decision.")

    begins = forms.ChoiceField(
        choices=[(_NOW, "As soon as it is published"), (_LATER, "On a day that I choose")],
        widget=forms.RadioSelect,
        initial=_NOW,
        label="It begins",
    )
    effective_from = forms.DateTimeField(
        required=False,
        label="Day and time",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="In your time zone. Only for a later begin.",
    )
    note = forms.CharField(
        max_length=200,
        label="What changes, and why",
        help_text="Partners read this too.",
        error_messages={"required": "Say what changes and why, for those who read it later."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, base: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SETTINGS:
            self.fields[name].label = LABELS[name]
        self.fields[
            "auto_approve_below"
        ].help_text = f"The value of the deal in {base}. Larger ones are looked at."

    @classmethod
    def starting_from(cls, policy: RegistrationPolicy, base: str) -> "NewVersion":
        """The form filled with a version's settings."""
        values = settings_of(policy)
        for name in _SCORES:
            values[name] = f"{values[name] * 100:.4g}"
        values["final_notice_days"] = ", ".join(str(number) for number in policy.final_notice_days)
        values["auto_approve_below"] = f"{policy.auto_approve_below:f}".removesuffix(".00")
        return cls(initial={**values, "begins": _NOW, "version": policy.version}, base=base)

    def clean(self) -> dict[str, Any]:
        """Adds what contradicts itself, so that all of it is told at once."""
        given = super().clean() or {}
        for name in _SCORES:
            if given.get(name) is not None:
                given[name] = float(given[name] / Decimal(100))
        if (
            given.get("begins") == _LATER
            and not given.get("effective_from")
            and "effective_from" not in self.errors
        ):
            self.add_error("effective_from", "Enter the day and time from which the version applies.")
        for setting, words in contradictions(given).items():
            if setting not in self.errors:
                self.add_error(setting, words)
        return given

    def settings(self) -> Mapping[str, Any]:
        """The settings that were entered."""
        return {name: self.cleaned_data[name] for name in SETTINGS}

    def begin(self) -> datetime | None:
        """When the version begins; None for at once."""
        moment: datetime | None = self.cleaned_data["effective_from"]
        return moment if self.cleaned_data["begins"] == _LATER else None
