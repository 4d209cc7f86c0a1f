"""Agreements between the vendor and its partners: versions that are never changed, and who accepted which."""

from datetime import date
from functools import partial

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
from core.alike import Alike
from core.codes import new_code
from partners.agreements.querysets import TermsQuerySet, TermsVersionQuerySet
from partners.enums import PartnerKind
from partners.models.firm import Partner
from partners.models.kept_file import WithFile

_code = partial(new_code, "T")


class Agreement(models.Model):
    """What is agreed on, such as the partner terms. It binds firms of `kinds`; empty means all. What it says stands in its
    versions; one that is `ended` asks nobody any more."""

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    title = models.CharField(max_length=160)
    kinds = ArrayField(models.CharField(max_length=20, choices=PartnerKind), default=list, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = TermsQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(Alike("title"), name="agreement_title_once")]

    def __str__(self) -> str:
        return self.title

    def binds(self, kind: str) -> bool:
        """Whether it is meant for firms of this kind."""
        return not self.kinds or kind in self.kinds


class AgreementVersion(WithFile):
    """One wording, as text, as a file, or both; published at once and never changed (a trigger of the database refuses
    it). It takes effect on `effective_on`, a day of the vendor's; firms are asked to accept it by `accept_by`: `asked` times so
    far, the last time at `told_at`, which is null while a sweep is still to write to them."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=60_000, blank=True)
    changes = models.TextField(max_length=2000, blank=True)  # what is new, in words
    effective_on = models.DateField()
    accept_by = models.DateField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    asked = models.PositiveSmallIntegerField(default=1)
    told_at = models.DateTimeField(null=True)

    objects = TermsVersionQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_version_numbered"),
            models.CheckConstraint(
                condition=~models.Q(text="", file=""), name="agreement_version_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.number}"

    def is_in_force(self, today: date) -> bool:
        """Whether its day has come; a later version may have taken over since."""
        return self.effective_on <= today


class AgreementAcceptance(models.Model):
    """That a firm accepted a version: who did it for the firm, and when. Rows are only ever added."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="acceptances")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="acceptances")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["version", "partner"], name="agreement_accepted_once")]

    def __str__(self) -> str:
        return f"{self.version_id} by {self.partner_id}"
