"""The papers of certificates that were taken back before anybody looked at them are given up; the rows stay."""

from datetime import datetime

from django.db.models import F

from partners.certificates.enums import CertificateStatus
from partners.models import Certificate


def give_up(before: datetime) -> int:
    """Lets go of the files of certificates that were handed in before that moment and withdrawn; returns how many. What a
    person decided on keeps its paper: it is the evidence of the decision."""
    rows = Certificate.objects.filter(
        status=CertificateStatus.WITHDRAWN, submitted_at__lt=before, decided_at=None
    )
    return rows.exclude(file="").update(file="", version=F("version") + 1)
