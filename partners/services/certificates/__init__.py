"""What changes certificates and their types. Only these write a certificate's status."""

from partners.services.certificates.deciding import (
    reject_certificate,
    revoke_certificate,
    verify_certificate,
)
from partners.services.certificates.granting import grant_certificate
from partners.services.certificates.submitting import Paper, submit_certificate, withdraw_certificate
from partners.services.certificates.types import create_type, update_type
from partners.services.certificates.warnings import send_certificate_warnings

__all__ = [
    "Paper",
    "create_type",
    "grant_certificate",
    "reject_certificate",
    "revoke_certificate",
    "send_certificate_warnings",
    "submit_certificate",
    "update_type",
    "verify_certificate",
    "withdraw_certificate",
]
