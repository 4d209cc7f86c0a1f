"""A path is passed: the certificate it grants, the stages that this opens, and the mail that says so."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Q
from django.urls import reverse

from core.clock import fixed
from core.codes import new_code
from core.errors import BadInput
from core.vendor_days import vendor_day
from notifications.services import notify
from partners.certificates.enums import CertificateStatus
from partners.models import Certificate, CertificateType, Member, Partner
from partners.services.certificates.granting import grant_certificate
from partners.services.certificates.submitting import Paper
from programs.models import Path, Take
from programs.querysets.training import TakeQuerySet
from programs.services.journeys import open_stages_of
from programs.services.training.carrying import carry_over
from programs.training import RESTS
from programs.training_terms import renew_days, term_end

log = logging.getLogger(__name__)


def pass_path(take: Take, *, at: datetime) -> None:
    """Notes that a take is passed, grants what the path grants, opens stages, tells the person. Call inside a transaction,
    with the take locked."""
    take.passed_at = at
    take.certificate = _grant(take, at)
    take.valid_until = take.certificate.valid_to if take.certificate else None
    take.save(update_fields=["passed_at", "valid_until", "certificate"])
    _tell(take)
    open_stages_of(take.partner, at=at)


def pass_complete(path: Path, *, at: datetime) -> None:
    """The modules of a path changed: what people on it did elsewhere counts as where they begin, and takes that lack nothing any
    more are passed. Call inside a transaction."""
    _pass_those(Take.objects.filter(path=path), at)


def pass_rested(partner: Partner, *, at: datetime) -> None:
    """The same for the people of a firm that is reinstated: while it rested, nothing counted. Call inside a transaction."""
    _pass_those(Take.objects.filter(partner=partner), at)


def _pass_those(takes: TakeQuerySet, at: datetime) -> None:
    takes = takes.filter(passed_at=None).exclude(partner__status__in=RESTS)
    for take in (
        takes.order_by("pk").select_for_update(of=("self",)).select_related("partner", "path__grants")
    ):
        carry_over(take, at=at)
        if is_complete(take):
            pass_path(take, at=at)


def is_complete(take: Take) -> bool:
    """Whether every module of the path is done."""
    wanted = set(take.path.path_modules.values_list("module", flat=True))
    return bool(wanted) and wanted <= set(take.done.values_list("module", flat=True))


def _grant(take: Take, at: datetime) -> Certificate | None:
    """The certificate to the person as a member of the firm; the one that training gave them already where this one would end
    no later. One that can't be granted (its type was changed since) does not take the passed training away: it is logged,
    and operations can grant it."""
    kind = take.path.grants
    # Locked, so that of two paths passed at the same moment the second sees what the first one gave.
    member = (
        Member.objects.select_for_update(no_key=True).filter(user=take.user, partner=take.partner).first()
    )
    if kind is None or member is None:
        return None
    first = _first_day(kind, member, vendor_day(at))
    last = term_end(take, kind, first)
    if (given := _given_as_long(member, kind, last)) is not None:
        return given
    if last is not None and last < first:  # all of it was carried over, so it renews nothing
        first = vendor_day(at)
    paper = Paper(kind, new_code("TC", 8), first, last, member=member)
    try:
        with transaction.atomic():
            return grant_certificate(take.partner, paper, clock=fixed(at))
    except BadInput:
        log.exception("training %s: %s could not be granted", take.path.code, kind.code)
        return None


def _given_as_long(member: Member, kind: CertificateType, last: date | None) -> Certificate | None:
    """What training gave the person that ends on `last` or later. No paper that was handed in: that may turn out to be false
    without touching what was learned here."""
    given = Take.objects.filter(certificate__member=member, certificate__type=kind).values("certificate")
    as_long = Q(valid_to=None) if last is None else Q(valid_to=None) | Q(valid_to__gte=last)
    rows = Certificate.objects.filter(as_long, pk__in=given, status=CertificateStatus.VERIFIED)
    return rows.order_by(F("valid_to").desc(nulls_first=True), "pk").first()


def _first_day(kind: CertificateType, member: Member, today: date) -> date:
    """The day after the person's last certificate of the type where that is renewed before its end, so that no day of it is
    lost; else today."""
    held = Certificate.objects.filter(member=member, type=kind, status=CertificateStatus.VERIFIED)
    end: date | None = held.aggregate(last=Max("valid_to"))["last"]
    if end is None or not today <= end <= today + timedelta(days=renew_days(kind)):
        return today
    return end + timedelta(days=1)


def _tell(take: Take) -> None:
    notify(
        event="training.passed",
        recipient=take.user,
        context={
            "path": {"name": take.path.name},
            "certificate": str(take.certificate.type) if take.certificate else "",
            "valid_until": take.valid_until,
        },
        occasion=f"training.passed:{take.pk}",
        link=reverse("programs:path", args=[take.path.code]),
        about=take.path.code,
    )
