"""Forms about certificates and their types."""

from datetime import timedelta
from typing import Any

from django import forms

from core.fields import DayField, LineField, TextField
from core.uploads import kinds_in_words
from partners.certificates.enums import CertificateKind, HeldBy
from partners.models import Certificate, CertificateType, Member, Partner
from partners.services.certificates import Paper


class CertificateForm(forms.Form):
    """What stands on the paper, and the paper itself."""

    type = forms.ModelChoiceField(
        CertificateType.objects.none(),
        to_field_name="code",
        empty_label="Choose what it is",
        label="Certification or licence",
        error_messages={"required": "Choose what it is.", "invalid_choice": "Choose one from the list."},
    )
    member = forms.ModelChoiceField(
        Member.objects.none(),
        required=False,
        empty_label="The firm itself",
        label="Made out to",
        error_messages={"invalid_choice": "Choose somebody of the firm."},
    )
    number = LineField(
        label="Number",
        max_length=80,
        help_text="As it stands on the paper.",
        error_messages={"required": "Enter the number that stands on the paper."},
    )
    valid_from = DayField(
        label="Valid from", error_messages={"required": "Choose the day from which it is valid."}
    )
    valid_to = DayField(
        label="Valid to (optional)", required=False, help_text="Leave it empty where the paper names no end."
    )
    file = forms.FileField(
        label="The certificate as a file",
        required=False,
        help_text=f"{kinds_in_words()}. Up to 10 MB.",
        error_messages={"empty": "The file is empty.", "invalid": "Choose a file."},
    )

    def __init__(
        self, *args: Any, partner: Partner, follows: Certificate | None = None, **options: Any
    ) -> None:
        options["initial"] = {**_continued(follows), **(options.get("initial") or {})}
        super().__init__(*args, **options)
        types = CertificateType.objects.offered()
        members = Member.objects.filter(partner=partner, user__is_active=True).select_related("user")
        member: Any = self.fields["member"]
        if follows is not None:
            types, members = types.filter(pk=follows.type_id), members.filter(pk=follows.member_id or 0)
        self.fields["type"].queryset = types  # type: ignore[attr-defined]
        member.queryset = members.order_by("user__name", "pk")
        member.label_from_instance = lambda one: one.user.name or one.user.email
        if follows is not None and follows.member_id:
            member.empty_label = None

    def paper(self) -> Paper:
        """What was entered, for the services."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return Paper(**said)


def _continued(follows: Certificate | None) -> dict[str, Any]:
    """A renewal begins where the one before ends; most keep the number."""
    if follows is None:
        return {}
    begins = follows.valid_to + timedelta(days=1) if follows.valid_to else None
    return {
        "type": follows.type.code,
        "member": follows.member_id,
        "number": follows.number,
        "valid_from": begins,
    }


class ReasonForm(forms.Form):
    """Why a certificate is rejected or revoked."""

    reason = TextField(
        label="Why",
        max_length=2000,
        help_text="The firm reads this.",
        error_messages={"required": "Say why, so that the firm knows what to do."},
    )


class TypeForm(forms.Form):
    """A type of certificate."""

    name = LineField(label="Name", max_length=120, error_messages={"required": "Enter a name."})
    kind = forms.ChoiceField(label="Kind", choices=CertificateKind.choices)
    issuer = LineField(label="Issuer", max_length=120, error_messages={"required": "Enter who gives it out."})
    held_by = forms.ChoiceField(label="Made out to", choices=HeldBy.choices)
    validity_months = forms.IntegerField(
        label="Valid for so many months (optional)",
        required=False,
        min_value=1,
        max_value=600,
        help_text="The longest that one is valid. Leave it empty where the paper says it.",
        error_messages={"invalid": "Enter a whole number of months."},
    )
    needs_file = forms.BooleanField(
        label="The certificate has to be added as a file", required=False, initial=True
    )
    offered = forms.BooleanField(
        label="New certificates of this type are taken",
        required=False,
        initial=True,
        help_text="From firms. Training that grants the type goes on granting it until its path is changed.",
    )
    note = TextField(
        label="How to come by it (optional)", max_length=1000, required=False, help_text="Partners read this."
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def given(self) -> dict[str, Any]:
        """The columns that were entered, for the services."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class CertificateFilter(forms.Form):
    """The vendor's list: text, type, firm; what can't be read filters nothing."""

    q = LineField(
        max_length=200,
        required=False,
        label="Firm, person, number or code",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    type = forms.ModelChoiceField(
        CertificateType.objects.all(), to_field_name="code", required=False, empty_label="Any type"
    )
    within = forms.ChoiceField(
        choices=[("", "Within 60 days"), ("30", "Within 30 days"), ("7", "Within 7 days")],
        required=False,
        label="Lapses",
    )
    view = forms.CharField(required=False, widget=forms.HiddenInput)
    firm = forms.CharField(required=False, widget=forms.HiddenInput)
