"""What partners were told about a version, and about the end of a right."""

from django.db import models
from django.db.models import Q

from policies.enums import NewsKind, RightNewsKind
from policies.models.exclusive_right import ExclusiveRight
from policies.models.registration_policy import RegistrationPolicy


class VersionNews(models.Model):
    """All firms concerned were told that the version comes, or that it does not come after all. `firms` is how many. What it
    changes was told `against` the version that was to apply before it; where that became another one it was told again, so
    that by now it was told `times` times."""

    policy = models.ForeignKey(RegistrationPolicy, on_delete=models.PROTECT, related_name="news")
    kind = models.CharField(max_length=12, choices=NewsKind)
    firms = models.PositiveIntegerField()
    told_at = models.DateTimeField()
    against = models.ForeignKey(RegistrationPolicy, null=True, on_delete=models.PROTECT, related_name="+")
    times = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NewsKind.values), name="news_kind_known"),
            models.UniqueConstraint(fields=["policy", "kind"], name="news_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.kind}"


class RightNews(models.Model):
    """The end of the right was dealt with: its holder reminded ahead of the one that it was given with, or those told for whom
    it opens."""

    right = models.ForeignKey(ExclusiveRight, on_delete=models.PROTECT, related_name="news")
    kind = models.CharField(max_length=12, choices=RightNewsKind)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RightNewsKind.values), name="right_news_kind_known"),
            models.UniqueConstraint(fields=["right", "kind"], name="right_news_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.right_id} {self.kind}"
