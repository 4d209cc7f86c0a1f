"""Which policy is in force when."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User
    from policies.models import RegistrationPolicy


class RegistrationPolicyQuerySet(models.QuerySet["RegistrationPolicy"]):
    def visible_to(self, user: "User") -> "RegistrationPolicyQuerySet":
        """Every version for the vendor's staff; partners see all but those taken back before they began."""
        if not user.may("policies.view"):
            return self.none()
        return self if user.is_vendor else self.filter(withdrawn_at=None)

    def in_force(self, now: datetime) -> "RegistrationPolicy":
        """The version that applies at `now`. The first version is loaded by a migration, so there always is one."""
        return self.filter(effective_from__lte=now, withdrawn_at=None).order_by(
            "-effective_from", "-version"
        )[0]

    def scheduled(self, now: datetime) -> "RegistrationPolicyQuerySet":
        """Versions that are not in force yet, the next one first."""
        return self.filter(effective_from__gt=now, withdrawn_at=None).order_by("effective_from", "version")
