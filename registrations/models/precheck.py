"""The log of pre-checks: who asked about which company, and what they were told."""

from django.db import models

from accounts.models import User
from partners.models import Partner


class PrecheckLog(models.Model):
    """One ask before submitting, kept for those who look for fishing.

    `clear` is null where the quota was used up and nothing was told. `counted` asks begin a question and count for the
    quota; the others are pauses in typing one. `website` and `country` are what was looked for beside the name, empty where
    that could not be read yet.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    asked = models.CharField(max_length=200)
    website = models.CharField(max_length=200, blank=True, db_default="")
    country = models.CharField(max_length=2, blank=True, db_default="")
    clear = models.BooleanField(null=True)
    counted = models.BooleanField(default=True, db_default=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "at"], condition=models.Q(counted=True), name="precheck_counted"),
            models.Index(fields=["user", "at"], name="precheck_by_person"),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.asked, self.website, self.country]))
