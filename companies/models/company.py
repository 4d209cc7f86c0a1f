"""The end customer: one row that every conflict about it locks."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Right
from django.urls import reverse

from companies.querysets import CompanyQuerySet
from core.codes import new_code


def company_code() -> str:
    """A fresh public code, such as C-7KQ2MX."""
    return new_code("C")


class Company(models.Model):
    """One end customer. A row merged into another stays, pointing at the one that goes on."""

    code = models.CharField(max_length=20, unique=True, default=company_code, editable=False)
    name = models.CharField(max_length=300)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2, capitals")
    city = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    website = models.CharField(max_length=300, blank=True)
    domain = models.CharField(
        max_length=253, blank=True, help_text="Registrable domain; empty for shared hosts"
    )
    phone = models.CharField(max_length=40, blank=True)
    industry = models.ForeignKey(
        "catalog.Industry", null=True, blank=True, on_delete=models.PROTECT, related_name="companies"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="subsidiaries"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    version = models.PositiveIntegerField(default=1)
    # The version that was last looked at for doubles, and from which score on; another version, or a lower score in the
    # policy, is due. See companies.services.doubles.
    doubles_seen = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    doubles_least = models.FloatField(default=1.0, db_default=1.0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    active_names: list[str]  # set by CompanyQuerySet.with_active_names
    different_from: list[int]  # set by CompanyQuerySet.with_different_from
    has_merged: bool = False  # set by CompanyQuerySet.with_merged
    merged: Sequence[Company] = ()  # set by companies.merged.load_merged

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"
        indexes = [
            models.Index(fields=["domain"], condition=~Q(domain=""), name="company_domain"),
            models.Index(fields=["name"], name="company_by_name"),
            # The last eight digits of a telephone number, as companies.index.lookup asks for them.
            models.Index(
                Right(Func("phone", Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace"), 8),
                condition=~Q(phone=""),
                name="company_phone",
            ),
            models.Index(
                fields=["id"],
                condition=Q(merged_into=None) & ~Q(doubles_seen=F("version")),
                name="company_due_for_doubles",
            ),
            models.Index(
                fields=["doubles_least"], condition=Q(merged_into=None), name="company_doubles_least"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="company_has_a_name"),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"), name="company_country_is_iso2"
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="company_is_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="company_not_merged_into_itself"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="company_version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The company's page for vendor staff."""
        return reverse("companies:company", args=[self.code])

    def is_parent_or_child_of(self, other: Company) -> bool:
        """Whether one of the two belongs to the other directly."""
        return self.pk == other.parent_id or other.pk == self.parent_id

    def survivor(self) -> Company:
        """The company that stands for this one after all merges (itself when it was never merged)."""
        standing, seen = self, {self.pk}
        while standing.merged_into is not None and standing.merged_into_id not in seen:
            standing = standing.merged_into
            seen.add(standing.pk)
        return standing
