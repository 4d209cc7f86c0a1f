"""Where a certificate stands, in the words of its readers: from its status, its dates and what follows it."""

from dataclasses import dataclass
from datetime import date

from core.shown import day
from partners.certificates.enums import CertificateStatus
from partners.certificates.ladder import WARNED_DAYS
from partners.enums import PartnerStatus
from partners.models import Certificate

_TO_MEND = (CertificateStatus.REJECTED, CertificateStatus.REVOKED)
_SOON, _URGENT = max(WARNED_DAYS), min(WARNED_DAYS)


@dataclass(frozen=True)
class Standing:
    """`label` with the `tone` of its pill; `days` are those left of a certificate that is about to lapse; `urge` orders what
    asks for something of the firm, 0 for nothing, and `step` is what that is: 'renew' or 'again'."""

    label: str
    tone: str
    days: int | None = None
    urge: int = 0
    step: str = ""


def standing_of(certificate: Certificate, today: date) -> Standing:
    """`certificate` comes from `with_followers()`."""
    if certificate.status == CertificateStatus.VERIFIED:
        return _verified(certificate, today)
    if certificate.status in _TO_MEND and (certificate.is_replaced or certificate.is_tried_again):
        return Standing(certificate.get_status_display(), "off")
    if (
        certificate.status == CertificateStatus.SUBMITTED
        and certificate.partner.status == PartnerStatus.ENDED
    ):
        return Standing("Not verified: the partnership ended", "off")
    return {
        CertificateStatus.SUBMITTED: Standing("Being verified", "info"),
        CertificateStatus.REJECTED: Standing("Rejected", "stop", urge=90, step="again"),
        CertificateStatus.REVOKED: Standing("Revoked", "stop", urge=95, step="again"),
        CertificateStatus.WITHDRAWN: Standing("Withdrawn", "off"),
    }[CertificateStatus(certificate.status)]


def _verified(certificate: Certificate, today: date) -> Standing:
    end = certificate.valid_to
    if certificate.valid_from > today:
        return Standing(f"Valid from {day(certificate.valid_from)}", "info")
    if end is None:
        return Standing("Valid", "ok")
    left = (end - today).days
    if left < 0:
        return _ended(certificate)
    if left > _SOON:
        return Standing("Valid", "ok")
    if certificate.is_renewed:
        return Standing("Valid, renewed", "ok")
    if certificate.renewal_is_waiting:
        return Standing("Renewal being verified", "info", days=left)
    tone = "stop" if left <= _URGENT else "wait"
    return Standing("About to lapse", tone, days=left, urge=80 - left, step="renew")


def _ended(certificate: Certificate) -> Standing:
    if certificate.is_renewed:
        return Standing("Renewed", "off")
    if certificate.is_replaced:
        return Standing("Lapsed, then renewed", "off")
    if certificate.renewal_is_waiting or certificate.is_tried_again:
        return Standing("Lapsed, renewal being verified", "wait")
    return Standing("Lapsed", "stop", urge=100, step="renew")
