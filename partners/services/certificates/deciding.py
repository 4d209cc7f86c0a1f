"""Verifying a certificate, rejecting it, and taking a verification back."""

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, WrongStatus
from core.vendor_days import vendor_day
from partners.certificates.enums import CertificateStatus
from partners.enums import PartnerStatus
from partners.models import Certificate
from partners.services.certificates import notices
from partners.services.certificates.submitting import opened
from partners.services.certificates.types import VERIFY
from partners.services.history import record


def verify_certificate(
    certificate: Certificate, *, by: User, version: int, clock: Clock = database_clock
) -> Certificate:
    """Says that it is genuine: from now on it counts. Raises NotAllowed without 'certificates.verify' or for one's own
    upload, WrongStatus where it was decided or has ended, StaleVersion."""
    _check(by)
    with transaction.atomic():
        locked = opened(certificate, version, CertificateStatus.SUBMITTED)
        _check_works_with_us(locked)
        if locked.submitted_by_id == by.pk:
            raise NotAllowed("You handed this certificate in. Somebody else verifies it.")
        now = clock()
        if locked.valid_to is not None and locked.valid_to < vendor_day(now):
            raise WrongStatus(
                "This certificate has ended meanwhile. Reject it, and ask for the one after it."
            )
        _decide(locked, CertificateStatus.VERIFIED, by, clock)
        notices.decided(locked, "certificate.verified", by=by)
    return locked


def reject_certificate(
    certificate: Certificate, *, by: User, version: int, reason: str, clock: Clock = database_clock
) -> Certificate:
    """Says that it can't be accepted, and why: the firm reads `reason`. Raises as `verify_certificate`, and BadInput
    without a reason."""
    _check(by)
    with transaction.atomic():
        locked = opened(certificate, version, CertificateStatus.SUBMITTED)
        _check_works_with_us(locked)
        _decide(locked, CertificateStatus.REJECTED, by, clock, reason=_said(reason))
        notices.decided(locked, "certificate.rejected", by=by)
    return locked


def revoke_certificate(
    certificate: Certificate, *, by: User, version: int, reason: str, clock: Clock = database_clock
) -> Certificate:
    """Takes a verification back: the certificate no longer counts from now on. Raises as `reject_certificate`."""
    _check(by)
    with transaction.atomic():
        locked = opened(certificate, version, CertificateStatus.VERIFIED)
        _decide(locked, CertificateStatus.REVOKED, by, clock, reason=_said(reason))
        notices.decided(locked, "certificate.revoked", by=by)
    return locked


def _decide(locked: Certificate, status: CertificateStatus, by: User, clock: Clock, reason: str = "") -> None:
    locked.status, locked.reason = status, reason
    locked.decided_by, locked.decided_at = by, clock()
    locked.version += 1
    locked.save(update_fields=["status", "reason", "decided_by", "decided_at", "version"])
    if status != CertificateStatus.REJECTED:
        told = {"label": f"{locked.type}, {locked.number}", "reason": reason}
        record(locked.partner, f"certificate_{status}", actor=by, at=locked.decided_at, data=told)


def _check(by: User) -> None:
    if not by.may(VERIFY):
        raise NotAllowed("Your role does not include verifying certificates.")


def _check_works_with_us(locked: Certificate) -> None:
    if locked.partner.status == PartnerStatus.ENDED:
        raise WrongStatus(
            f"The partnership with {locked.partner.name} has ended, so its certificates are not looked at. Reinstated, the firm"
            " finds them in the queue again."
        )


def _said(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise BadInput("Say why, so that the firm knows what to do.", field="reason")
    return reason
