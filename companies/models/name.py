"""A name a company is known by."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from companies.enums import NameKind
from companies.models.company import Company
from companies.models.verdict import Verdict
from companies.querysets import CompanyNameQuerySet


class CompanyName(models.Model):
    """A name of a company: kept when withdrawn, since a decision may have rested on it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="names")
    text = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=NameKind.choices, default=NameKind.LEGAL)
    source = models.CharField(
        max_length=60, help_text="Where the name came from, such as 'registration' or 'merge'"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    from_verdict = models.ForeignKey(
        Verdict, null=True, blank=True, on_delete=models.PROTECT, related_name="names_carried"
    )
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CompanyNameQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            # For the list of names that contain some letters; the search has an index of its own.
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="companyname_letters"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="companyname_has_text"),
            models.CheckConstraint(condition=Q(kind__in=NameKind.values), name="companyname_kind_known"),
            models.UniqueConstraint(
                fields=["company", "text"],
                condition=Q(withdrawn_at=None),
                name="companyname_once_per_company",
            ),
        ]

    def __str__(self) -> str:
        return self.text
