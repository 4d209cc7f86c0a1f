"""Certifications and government licences: their types, the certificates themselves, and the warnings that went out."""

from datetime import date
from functools import partial

from django.db import models
from django.db.models.functions import Coalesce

from accounts.models import User
from core.alike import Alike
from core.codes import new_code
from notifications.models import Message
from partners.certificates.enums import CertificateKind, CertificateStatus, HeldBy
from partners.certificates.querysets import CertificateQuerySet, CertificateTypeQuerySet
from partners.models.firm import Partner
from partners.models.kept_file import WithFile
from partners.models.people import Member

_code = partial(new_code, "C")
_LIVE = [CertificateStatus.SUBMITTED, CertificateStatus.VERIFIED]
_DECIDED = [CertificateStatus.VERIFIED, CertificateStatus.REJECTED, CertificateStatus.REVOKED]


class CertificateType(models.Model):
    """What can be held. `code` is what policies and programs ask for, so it stays as it is once given; a type that is no
    longer `offered` takes no new certificates from firms, and those that are there hold to their end."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=CertificateKind)
    issuer = models.CharField(max_length=120)
    held_by = models.CharField(max_length=10, choices=HeldBy, default=HeldBy.FIRM)
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)  # null: as the paper says
    needs_file = models.BooleanField(default=True)
    offered = models.BooleanField(default=True)
    note = models.TextField(max_length=1000, blank=True)  # how to come by it, for partners
    version = models.PositiveIntegerField(default=1)

    objects = CertificateTypeQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Alike("name"), name="certificate_type_name_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=CertificateKind.values), name="certificate_type_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(held_by__in=HeldBy.values), name="certificate_type_holder_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Certificate(WithFile):
    """One certificate of a firm or, with `member`, of one of its people. `status` is written by services only.

    It is valid on the days from `valid_from` to `valid_to`, both included, the vendor's; without `valid_to` it does not end.
    `follows` is the certificate that it renews.
    """

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="certificates")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="certificates")
    type = models.ForeignKey(CertificateType, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="renewals")
    status = models.CharField(max_length=20, choices=CertificateStatus, default=CertificateStatus.SUBMITTED)
    version = models.PositiveIntegerField(default=1)
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(
        max_length=2000, blank=True
    )  # why it was rejected or revoked; the firm reads it

    is_renewed: bool  # these four are set by CertificateQuerySet.with_followers
    renewal_is_waiting: bool
    is_replaced: bool
    is_tried_again: bool

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=CertificateStatus.values), name="certificate_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="certificate_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=_DECIDED) | models.Q(decided_at__isnull=False),
                name="certificate_decided_when",
            ),
            # A paper is handed in once; the next one of the same number begins on another day.
            models.UniqueConstraint(
                "type",
                "partner",
                Coalesce("member", 0),
                "number",
                "valid_from",
                condition=models.Q(status__in=_LIVE),
                name="certificate_once",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-id"], name="certificate_of_firm"),
            models.Index(
                fields=["valid_to", "id"],
                condition=models.Q(status=CertificateStatus.VERIFIED),
                name="certificate_lapsing",
            ),
            models.Index(
                fields=["submitted_at", "id"],
                condition=models.Q(status=CertificateStatus.SUBMITTED),
                name="certificate_to_verify",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    def holds_on(self, day: date) -> bool:
        """Verified, and valid on `day`, as far as the paper goes."""
        begun = self.status == CertificateStatus.VERIFIED and self.valid_from <= day
        return begun and (self.valid_to is None or self.valid_to >= day)


class CertificateWarning(models.Model):
    """A milestone before the end of a certificate that was dealt with: `days` before (0: it has lapsed). `message` is null
    where a later one was due as well and only that one was sent, or where nobody had to be told."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="warnings")
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "days"], name="certificate_warned_once")
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}, {self.days} days before"
