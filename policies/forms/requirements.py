"""What a product line requires: the form, whose effect is shown before it is saved."""

import hashlib
from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms

from catalog.models import Territory
from core.fields import DayField
from partners.enums import PartnerKind, PartnerTier
from partners.models import Group
from policies.certificates import types_to_ask_for
from policies.enums import Barred
from policies.forms.fields import boxes
from policies.models import ProductAuthorisation
from policies.services.requirements import Asked


class RequirementForm(forms.Form):
    """Empty lists ask for nothing. `seen` is the mark of what the author was shown the effect of."""

    kinds = forms.MultipleChoiceField(
        **boxes(label="Types of partners", choices=PartnerKind, help_text="One of these. None ticked: all.")
    )
    least_tier = forms.ChoiceField(
        label="Lowest tier", choices=[("", "Any tier"), *PartnerTier.choices], required=False
    )
    certificates = forms.MultipleChoiceField(
        **boxes(label="Certificates and licences", help_text="All of these, valid on the day.")
    )
    territories = forms.ModelMultipleChoiceField(
        Territory.objects.all(),
        to_field_name="code",
        **boxes(
            label="Territories",
            help_text="Sold to customers in these, by firms that work there. None ticked: everywhere.",
        ),
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        to_field_name="code",
        **boxes(
            label="Groups of partners",
            help_text="In one of these. None ticked: all. Partners read that you choose them, not the group's name.",
        ),
    )
    effect = forms.ChoiceField(
        label="Registrations of firms that lack something",
        choices=Barred,
        widget=forms.RadioSelect,
        initial=Barred.REFUSED,
    )
    begins_on = DayField(label="First day", help_text="Today: at once. The firms that it touches are told.")
    note = forms.CharField(
        label="What changes, and why",
        max_length=200,
        error_messages={"required": "Say what changes and why, for those who read it later."},
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, held: Collection[str] = (), saving: bool = True, **options: Any) -> None:
        """`held`: certificates that are asked for already. The effect is shown without a note, too: it is needed to save."""
        super().__init__(*args, **options)
        self._saving = saving
        types = types_to_ask_for(held)
        self.fields["certificates"].choices = types  # type: ignore[attr-defined]
        if not types:
            self.fields["certificates"].help_text = "There are no types of certificates yet."
        if not self.fields["groups"].choices:  # type: ignore[attr-defined]
            self.fields["groups"].help_text = "There are no groups yet."

    def full_clean(self) -> None:
        """The note may wait until saving; the field stays one that has to be filled in for who reads the page."""
        note = self.fields["note"]
        note.required = self._saving
        super().full_clean()
        note.required = True

    @classmethod
    def starting_from(cls, row: ProductAuthorisation | None, today: date) -> "RequirementForm":
        """The form filled with what applies now."""
        initial: dict[str, Any] = {"begins_on": today, "based_on": 0}
        if row is not None:
            initial |= {
                "kinds": row.kinds,
                "least_tier": row.least_tier,
                "certificates": row.certificates,
                "territories": [territory.code for territory in row.territories.all()],
                "groups": [group.code for group in row.groups.all()],
                "effect": row.effect,
                "based_on": row.pk,
            }
        return cls(initial=initial, held=row.certificates if row else ())

    def asked(self) -> Asked:
        """What was ticked."""
        names = ("kinds", "least_tier", "certificates", "territories", "groups", "effect")
        return Asked(**{name: self.cleaned_data[name] for name in names})

    def mark(self) -> str:
        """What the effect depends on, as a short mark: the same as `seen` if the author saw just this effect."""
        asked = self.asked()
        told = [
            sorted(asked.kinds),
            asked.least_tier,
            sorted(asked.certificates),
            sorted(territory.pk for territory in asked.territories),
            sorted(group.pk for group in asked.groups),
            asked.effect,
            self.cleaned_data["begins_on"].isoformat(),
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
