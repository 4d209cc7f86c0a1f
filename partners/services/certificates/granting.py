"""Certificates that the portal gives itself, such as for a training that was passed."""

from accounts.models import User
from core.clock import Clock, database_clock
from core.vendor_days import vendor_day
from partners.certificates.enums import CertificateStatus
from partners.models import Certificate, Partner
from partners.services.certificates.submitting import Paper, fill, keep


def grant_certificate(
    partner: Partner, paper: Paper, *, by: User | None = None, clock: Clock = database_clock
) -> Certificate:
    """A certificate that counts from now on, without a file: whoever calls this has seen that it was earned. It follows the
    holder's last one of the type. Raises BadInput for what can't be, or one that is there already."""
    now = clock()
    row = fill(partner, paper, today=vendor_day(now))
    before = Certificate.objects.filter(
        partner=partner, member=paper.member, type=paper.type, status=CertificateStatus.VERIFIED
    )
    row.follows = before.order_by("-valid_from", "-id").first()
    row.status, row.submitted_by, row.submitted_at = CertificateStatus.VERIFIED, by, now
    row.decided_by, row.decided_at = by, now
    return keep(row, None)
