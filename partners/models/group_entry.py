"""What happened to a group: each version of its rule, and what was said by hand."""

from django.db import models

from accounts.models import User
from partners.enums import GroupEntryKind
from partners.models.group import Group


class GroupEntry(models.Model):
    """One line of a group's history. A version of the group has its number in `version`, and name, note and rule as they
    were in `data`; what was said by hand of a firm has the firm's code and name, and the reason. Never changed."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="history")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=GroupEntryKind)
    version = models.PositiveIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["group", "version"], name="group_version_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=GroupEntryKind.values), name="group_entry_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.kind}"
