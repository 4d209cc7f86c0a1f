"""Inviting people, and what they enter when they come."""

from typing import Any

from django import forms

from accounts.forms import TimeZoneField
from accounts.models import Role, User
from core.fields import MailField
from partners.enums import PartnerFunction
from partners.models import Member, Partner
from partners.permissions import may_change_role, roles_to_give


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = MailField(
        max_length=254, label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(max_length=120, required=False, label="Name (optional)")
    role = forms.ModelChoiceField(
        Role.objects.none(), to_field_name="code", empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, by: User, partner: Partner | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = roles_to_give(by, partner).order_by("id")
        role = self.fields["role"]
        role.queryset = roles  # type: ignore[attr-defined]
        role.initial = roles.first()


class AcceptForm(forms.Form):
    """What a newcomer enters."""

    name = forms.CharField(
        max_length=120, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 15 characters. A few words in a row are easy to remember.",
    )
    time_zone = TimeZoneField(help_text="Times are shown in it. You can change it later.")


class MemberForm(forms.Form):
    """What a member may do in the portal, and does for the firm."""

    role = forms.ModelChoiceField(
        Role.objects.none(), to_field_name="code", empty_label=None, widget=forms.RadioSelect
    )
    functions = forms.MultipleChoiceField(
        choices=PartnerFunction.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Functions (optional)",
        help_text="What this person does for the firm, so that others know whom to ask.",
    )

    def __init__(self, *args: Any, by: User, member: Member, **kwargs: Any) -> None:
        kwargs["initial"] = {"role": member.user.role.code, "functions": member.functions}
        super().__init__(*args, **kwargs)
        if may_change_role(by, member.user):
            roles = roles_to_give(by, member.partner).order_by("id")
            self.fields["role"].queryset = roles  # type: ignore[attr-defined]
        else:
            del self.fields["role"]
