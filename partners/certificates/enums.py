"""Closed lists about certificates. Logic is keyed on these codes, never on labels."""

from django.db import models


class CertificateKind(models.TextChoices):
    CERTIFICATION = "certification", "Certification"
    LICENCE = "licence", "Licence"


class HeldBy(models.TextChoices):
    """Whom a certificate of a type is made out to."""

    FIRM = "firm", "The firm"
    PERSON = "person", "A person"


class CertificateStatus(models.TextChoices):
    """Where a certificate stands. That one has lapsed is no status: its date says so."""

    SUBMITTED = "submitted", "Being verified"
    VERIFIED = "verified", "Verified"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REVOKED = "revoked", "Revoked"
