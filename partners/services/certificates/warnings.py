"""Warning of certificates that end, and saying on the day what closed (P4). A sweep: safe to run never, once or a hundred
times, by two workers at once. Of the milestones that are due and not dealt with, only the newest is sent."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.clock import Clock, database_clock
from core.mornings import zone_of
from core.vendor_days import vendor_day
from notifications.models import Message
from partners.certificates.closing import closing_with
from partners.certificates.enums import CertificateStatus
from partners.certificates.ladder import LAPSED, WARNED_DAYS, due, end_of
from partners.certificates.querysets import OF_SOMEBODY_HERE
from partners.enums import PartnerStatus
from partners.models import Certificate, CertificateWarning
from partners.services.certificates import notices
from partners.services.history import record

log = logging.getLogger(__name__)
# A morning lies at most so many days before or after the same date where the vendor is.
_MARGIN = timedelta(days=1)


@dataclass
class CertificateSweep:
    """What a sweep did: codes of certificates whose firm was told, and of those that raised."""

    done: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def send_certificate_warnings(*, clock: Clock = database_clock, dry_run: bool = False) -> CertificateSweep:
    """Writes what is due at the clock's now into the outbox: one occasion a certificate at most. A dry run does the same
    and takes it back. What fails is logged, and the others go on."""
    now = clock()
    sweep = CertificateSweep()
    for pk, code in list(_perhaps_due(now).values_list("pk", "code")):
        try:
            if _warn(pk, now, dry_run=dry_run):
                sweep.done.append(code)
        except Exception:
            log.exception("warning of certificate %s failed; the others go on", code)
            sweep.failed.append(code)
    return sweep


def _perhaps_due(now: datetime) -> QuerySet[Certificate]:
    """Verified ones that a milestone may be due for, a coarse question: ladder.due says to the hour. Those of ended firms
    rest: reinstated, or parted again from the record that they were merged into, they are told what lapsed meanwhile."""
    wanted: Any = Q(pk__in=[])
    for days in (*WARNED_DAYS, LAPSED):
        dealt = CertificateWarning.objects.filter(certificate=OuterRef("pk"), days__in=[days, LAPSED])
        wanted |= Q(valid_to__lte=vendor_day(now) + timedelta(days=days) + _MARGIN) & ~Exists(dealt)
    rows = Certificate.objects.filter(wanted, status=CertificateStatus.VERIFIED, valid_to__isnull=False)
    rows = rows.exclude(partner__status=PartnerStatus.ENDED)
    return rows.order_by("valid_to", "id")


def _warn(pk: int, now: datetime, *, dry_run: bool) -> bool:
    """Deals with all due milestones of one certificate under its row lock."""
    with transaction.atomic():
        locked: Certificate = (
            Certificate.objects.select_for_update(of=("self",))
            .select_related("type", "partner__manager", "member__user")
            .get(pk=pk)
        )
        if locked.status != CertificateStatus.VERIFIED or locked.valid_to is None:
            return False
        if locked.partner.status == PartnerStatus.ENDED:
            return False
        marks = due(locked.valid_to, zone_of(locked.partner.time_zone), now)
        dealt = set(locked.warnings.values_list("days", flat=True))
        fresh = [days for days in marks if days not in dealt]
        concerns = _concerns_somebody(locked)
        if not fresh or not (concerns or LAPSED in fresh):
            return False  # somebody else may be concerned later: a renewal can be revoked
        rows = [CertificateWarning(certificate=locked, days=days, at=now) for days in fresh]
        if concerns and fresh[-1] == marks[-1]:
            rows[-1].message = _tell(locked, marks[-1], now)
        CertificateWarning.objects.bulk_create(rows)
        transaction.set_rollback(dry_run)
        return rows[-1].message is not None


def _concerns_somebody(locked: Certificate) -> bool:
    """Not where another certificate goes on, or its holder left."""
    rows = Certificate.objects.filter(OF_SOMEBODY_HERE, pk=locked.pk)
    return rows.exclude(Certificate.objects.renewed()).exists()


def _tell(locked: Certificate, days: int, now: datetime) -> Message | None:
    assert locked.valid_to is not None
    if days == LAPSED:
        told = {"label": f"{locked.type}, {locked.number}"}
        record(locked.partner, "certificate_lapsed", actor=None, at=now, data=told)
    waits = Certificate.objects.filter(Certificate.objects.renewal_waits(), pk=locked.pk).exists()
    return notices.warned(
        locked,
        "certificate.lapsed" if days == LAPSED else "certificate.expiring",
        days=days,
        closes=closing_with([locked], today=vendor_day(now))[locked.pk],
        renewal_waits=waits,
        last=end_of(locked.valid_to),
        now=now,
    )
