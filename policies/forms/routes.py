"""A review route, and trying out where a deal goes."""

from decimal import Decimal
from typing import Any

from django import forms

from accounts.models import Role
from catalog.choosing import LinesField
from catalog.models import ProductLine
from policies.forms.fields import AmountField, boxes
from policies.models import ReviewRoute
from policies.services.routes import Leads, deciders

MANAGER = "manager"


class RouteForm(forms.Form):
    """Which registrations go to whom."""

    product_lines = LinesField(
        to_field_name="code",
        **boxes(label="Product lines", help_text="A deal with one of these. None ticked: any."),
    )
    value_from = AmountField(label="From a value of", required=False)
    to = forms.ChoiceField(label="Goes to", error_messages={"required": "Choose who looks at it."})

    def __init__(self, *args: Any, base: str, route: ReviewRoute | None = None, **options: Any) -> None:
        """`route` is the one that is changed: the form is filled with it."""
        super().__init__(*args, **{"initial": _initial_of(route) if route else None, **options})
        if route is not None:
            self.fields["product_lines"].keep(route.product_lines.all())  # type: ignore[attr-defined]
        self.fields["value_from"].help_text = f"In {base}. Empty: deals of any size."
        roles = Role.objects.filter(permissions__contains=["registrations.decide"])
        self.roles = {f"role:{role.code}": role for role in roles}
        self.people = {f"person:{person.pk}": person for person in deciders()}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", "Choose who looks at it"),
            (MANAGER, "The partner's own manager"),
            (
                "A role, the one with the fewest reviews",
                [(key, str(role)) for key, role in self.roles.items()],
            ),
            ("A person", [(key, str(person)) for key, person in self.people.items()]),
        ]

    def leads(self) -> Leads:
        """What was entered."""
        to = self.cleaned_data["to"]
        return Leads(
            product_lines=list(self.cleaned_data["product_lines"]),
            value_from=self.cleaned_data["value_from"] or Decimal(0),
            person=self.people.get(to),
            role=self.roles.get(to),
        )


def _initial_of(route: ReviewRoute) -> dict[str, Any]:
    to = f"role:{route.role.code}" if route.role else MANAGER
    return {
        "product_lines": [line.code for line in route.product_lines.all()],
        "value_from": route.value_from or None,
        "to": f"person:{route.person_id}" if route.person_id else to,
    }


class TryForm(forms.Form):
    """A deal that does not exist."""

    value = AmountField(label="A deal of")
    product_line = forms.ModelChoiceField(
        ProductLine.objects.filter(is_active=True),
        to_field_name="code",
        label="on",
        empty_label="Choose a product line",
    )

    def __init__(self, *args: Any, base: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["value"].label = f"A deal of ({base})"
