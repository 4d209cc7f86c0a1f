"""Choosing product lines in forms."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import Q

from catalog.models import ProductLine


class LinesField(forms.ModelMultipleChoiceField):
    """Product lines to tick: those that are sold, and what `keep` adds."""

    def __init__(self, **options: Any) -> None:
        super().__init__(ProductLine.objects.filter(is_active=True), **options)

    def keep(self, lines: Collection[ProductLine]) -> None:
        """Offers these as well, marked where they are no longer sold: who changes something else does not lose them."""
        chosen = [line.pk for line in lines]
        self.queryset = ProductLine.objects.filter(Q(is_active=True) | Q(pk__in=chosen))

    def label_from_instance(self, line: ProductLine) -> str:
        """'Gateways', 'Gateways (no longer sold)'."""
        return line.name if line.is_active else f"{line.name} (no longer sold)"
