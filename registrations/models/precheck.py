"""The log of pre-checks: who asked about which name, and what they were told."""

from django.db import models

from accounts.models import User
from partners.models import Partner


class PrecheckLog(models.Model):
    """One question before submitting. Counted for the quota, kept for those who look for fishing."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    asked = models.CharField(max_length=200)
    clear = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["partner", "at"], name="precheck_quota")]

    def __str__(self) -> str:
        return self.asked
