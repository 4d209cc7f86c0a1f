"""Who may see groups, and which of them a word is about."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Group


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, user: "User") -> "GroupQuerySet":
        """All for the vendor's staff; partners are not told how they are sorted."""
        return self if user.may("partners.view_all") else self.none()

    def mentioning(self, text: str) -> "GroupQuerySet":
        """Groups with `text` in their name or note, or with it as their code."""
        if not text:
            return self
        return self.filter(Q(name__icontains=text) | Q(note__icontains=text) | Q(code__iexact=text))
