"""What people changed about a company, so that each change tells who, when and why, and can be undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from companies.enums import ChangeKind
from companies.models.company import Company
from companies.models.name import CompanyName
from companies.querysets import ChangeQuerySet


class Change(models.Model):
    """One change of names, parent or facts. `before` and `after` hold what undoing needs:
    {"parent": {"id", "code", "name"} or null}, or the facts that changed by their field; empty for names."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=16, choices=ChangeKind.choices)
    name = models.ForeignKey(
        CompanyName, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True, max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="change_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=[ChangeKind.NAME_ADDED, ChangeKind.NAME_WITHDRAWN], name__isnull=False)
                | Q(kind__in=[ChangeKind.PARENT, ChangeKind.FACTS], name=None),
                name="change_of_a_name_has_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.get_kind_display()}"
