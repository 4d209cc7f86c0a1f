"""Who is away when."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import Absence


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def planned(self) -> "AbsenceQuerySet":
        """Not taken back."""
        return self.filter(cancelled_at=None)

    def around(self, day: date) -> "AbsenceQuerySet":
        """Planned ones that may hold somewhere on earth while it is `day` in UTC."""
        return self.planned().filter(
            starts_on__lte=day + timedelta(days=1), ends_on__gte=day - timedelta(days=1)
        )
