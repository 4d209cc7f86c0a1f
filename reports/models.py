"""What is kept ready for reports, so that they stay fast: written by database triggers (migration 0001), read only here."""

from django.db import models
from django.db.models import Q

from companies.models import Company
from reports.querysets import OpenPositionQuerySet


class OpenPosition(models.Model):
    """What is open for one company: its open registrations summed up, so that any order can be paged by key.

    `value_base` is in the base currency at the present rates. `oldest` is the earliest submission and `protection_ends`
    the earliest end of protection, both NEVER (querysets.py) where there is none. A row stays when nothing is open any
    more, with `registrations` 0: that keeps two transactions on one company in line at its lock.
    """

    company = models.OneToOneField(
        Company, primary_key=True, on_delete=models.CASCADE, related_name="open_position"
    )
    sort_name = models.CharField(max_length=300)
    registrations = models.PositiveIntegerField(default=0)
    value_base = models.DecimalField(max_digits=24, decimal_places=2, default=0)
    oldest = models.DateTimeField()
    protection_ends = models.DateTimeField()

    objects = OpenPositionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=[column, "company"], condition=Q(registrations__gt=0), name=f"open_by_{name}")
            for name, column in (
                ("name", "sort_name"),
                ("count", "registrations"),
                ("value", "value_base"),
                ("oldest", "oldest"),
                ("ends", "protection_ends"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.registrations} open for {self.company_id}"
