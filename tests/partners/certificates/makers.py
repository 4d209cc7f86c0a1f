"""Types and certificates for tests."""

from datetime import UTC, date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from core.clock import fixed
from partners.certificates.enums import CertificateKind, CertificateStatus, HeldBy
from partners.models import Certificate, CertificateType, Partner
from partners.services.certificates import Paper, submit_certificate, verify_certificate

PDF = b"%PDF-1.7 a certificate"
PNG = b"\x89PNG\r\n\x1a\n a scan"


def make_type(code: str = "iso-27001", **fields: Any) -> CertificateType:
    """A licence or certification of firms; `fields` override."""
    values = {
        "name": code.replace("-", " ").upper(),
        "kind": CertificateKind.CERTIFICATION,
        "issuer": "Lloyd's Register",
        "held_by": HeldBy.FIRM,
        "needs_file": False,
        **fields,
    }
    return CertificateType.objects.create(code=code, **values)


def paper_file(name: str = "paper.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """An upload."""
    return SimpleUploadedFile(name, content)


def handed_in(partner: Partner, kind: CertificateType, by: Any, **fields: Any) -> Certificate:
    """A certificate that waits to be verified."""
    at = fields.pop("at", datetime(2026, 1, 5, 9, tzinfo=UTC))
    upload, follows = fields.pop("upload", None), fields.pop("follows", None)
    values = {"number": "N-1", "valid_from": date(2026, 1, 1), **fields}
    return submit_certificate(
        partner, Paper(kind, **values), by=by, upload=upload, follows=follows, clock=fixed(at)
    )


def verified(partner: Partner, kind: CertificateType, by: Any, verifier: Any, **fields: Any) -> Certificate:
    """A certificate that counts."""
    at = fields.get("at", datetime(2026, 1, 5, 9, tzinfo=UTC))
    one = handed_in(partner, kind, by, **fields)
    return verify_certificate(one, by=verifier, version=one.version, clock=fixed(at))


def placed(partner: Partner, kind: CertificateType, **fields: Any) -> Certificate:
    """A verified certificate put straight into the table, for lists of many."""
    moment = datetime(2026, 1, 5, 9, tzinfo=UTC)
    values = {
        "number": "N-1",
        "valid_from": date(2026, 1, 1),
        "status": CertificateStatus.VERIFIED,
        "submitted_at": moment,
        "decided_at": moment,
        **fields,
    }
    return Certificate.objects.create(partner=partner, type=kind, **values)
