"""Which policy is in force when."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from policies.models import RegistrationPolicy


class RegistrationPolicyQuerySet(models.QuerySet["RegistrationPolicy"]):
    def in_force(self, now: datetime) -> "RegistrationPolicy":
        """The version that applies at `now`. The first version is loaded by a migration, so there always is one."""
        return self.filter(effective_from__lte=now).order_by("-effective_from", "-version")[0]

    def scheduled(self, now: datetime) -> "RegistrationPolicyQuerySet":
        """Versions that are not in force yet."""
        return self.filter(effective_from__gt=now)
