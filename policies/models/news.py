"""What partners were told about a version, once each."""

from django.db import models
from django.db.models import Q

from policies.enums import NewsKind
from policies.models.registration_policy import RegistrationPolicy


class VersionNews(models.Model):
    """All firms concerned were told that the version comes, or that it does not come after all. `firms` is how many."""

    policy = models.ForeignKey(RegistrationPolicy, on_delete=models.PROTECT, related_name="news")
    kind = models.CharField(max_length=12, choices=NewsKind)
    firms = models.PositiveIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NewsKind.values), name="news_kind_known"),
            models.UniqueConstraint(fields=["policy", "kind"], name="news_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.kind}"
