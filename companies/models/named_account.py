"""A company that direct sales claims, from a day on."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from companies.enums import AccountKind
from companies.models.company import Company
from companies.querysets import NamedAccountQuerySet
from core.codes import new_code


def named_account_code() -> str:
    """A fresh public code, such as N-7KQ2MX."""
    return new_code("N")


class NamedAccount(models.Model):
    """A claim of direct sales with its owner and dates. One added later doesn't override an
    earlier registration: compare `effective_from` and `created_at` with the registration's."""

    code = models.CharField(max_length=20, unique=True, default=named_account_code, editable=False)
    name = models.CharField(max_length=300)
    website = models.CharField(max_length=300, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    country = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=20, choices=AccountKind.choices, default=AccountKind.NAMED_ACCOUNT)
    owner_name = models.CharField(max_length=150)
    owner_email = models.EmailField(blank=True)
    effective_from = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="Last day in force")
    reference = models.CharField(max_length=80, unique=True, help_text="The CRM's own number for this claim")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="named_accounts")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = NamedAccountQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name", "id"], name="namedaccount_by_name")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="namedaccount_has_a_name"),
            models.CheckConstraint(condition=~Q(reference=""), name="namedaccount_has_a_reference"),
            models.CheckConstraint(condition=Q(kind__in=AccountKind.values), name="namedaccount_kind_known"),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"), name="namedaccount_country_is_iso2"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("effective_from")),
                name="namedaccount_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The claim's page for vendor staff."""
        return reverse("companies:named_account", args=[self.code])

    def force_on(self, day: date) -> str:
        """'later', 'now' or 'ended', seen from a day (UTC)."""
        if self.effective_from > day:
            return "later"
        return "now" if self.is_effective(day) else "ended"

    def is_effective(self, on: date) -> bool:
        """Whether the claim is in force on a day (UTC)."""
        return self.effective_from <= on and (self.ends_on is None or on <= self.ends_on)
