"""Handing certificates in, and taking one back before it was looked at."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from core.uploads import Checked, check_upload
from core.vendor_days import vendor_day
from partners.certificates.dates import last_day
from partners.certificates.enums import CertificateStatus, HeldBy
from partners.enums import PartnerStatus
from partners.models import Certificate, CertificateType, Member, Partner
from partners.permissions import firm_of
from partners.services.certificates.types import VERIFY

SUBMIT = "certificates.submit"


@dataclass(frozen=True)
class Paper:
    """What stands on a certificate. Without `valid_to` it ends as its type says, or not at all."""

    type: CertificateType
    number: str
    valid_from: date
    valid_to: date | None = None
    member: Member | None = None


def may_submit(user: User, partner: Partner) -> bool:
    """Whether somebody may hand in this firm's certificates: its own people with the permission, and operations."""
    return user.may(VERIFY) or (user.may(SUBMIT) and firm_of(user) == partner.pk)


def submit_certificate(
    partner: Partner,
    paper: Paper,
    *,
    by: User,
    upload: "UploadedFile[Any] | None" = None,
    follows: Certificate | None = None,
    clock: Clock = database_clock,
) -> Certificate:
    """Hands a certificate in for operations to verify. `follows` is the one of the firm that it renews.

    Raises NotAllowed for another firm or without the permission, BadInput naming the field: for a type that is no longer
    offered, one made out to somebody else than the type says, dates that can't be, a paper that is missing, not what it
    says, or handed in before.
    """
    if not may_submit(by, partner):
        raise NotAllowed("Your role does not include handing in certificates for this firm.")
    if partner.status == PartnerStatus.ENDED:
        raise NotAllowed("The partnership with this firm has ended.")
    if not paper.type.offered:
        raise BadInput("Certificates of this type are no longer taken.", field="type")
    if follows is not None and (follows.partner_id, follows.type_id, follows.member_id) != _holder(
        partner, paper
    ):
        raise BadInput("A renewal is of the same type and holder as the certificate before.", field="type")
    now = clock()
    checked = _checked_file(paper.type, upload)
    row = fill(partner, paper, today=vendor_day(now))
    row.follows, row.submitted_by, row.submitted_at = follows, by, now
    return keep(row, checked)


def withdraw_certificate(certificate: Certificate, *, by: User, version: int) -> Certificate:
    """Takes one back that was not looked at yet. Raises NotAllowed, StaleVersion, WrongStatus."""
    if not may_submit(by, certificate.partner):
        raise NotAllowed("Your role does not include this firm's certificates.")
    with transaction.atomic():
        locked = opened(certificate, version, CertificateStatus.SUBMITTED)
        locked.status = CertificateStatus.WITHDRAWN
        locked.version += 1
        locked.save(update_fields=["status", "version"])
    return locked


def opened(certificate: Certificate, version: int, status: CertificateStatus) -> Certificate:
    """The row, locked, if it has this status and nobody changed it since `version`. Raises WrongStatus or StaleVersion."""
    locked: Certificate = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("type", "partner__manager", "member__user", "submitted_by")
        .get(pk=certificate.pk)
    )
    if locked.status != status:
        raise WrongStatus(f"This certificate is {locked.get_status_display().lower()} now. Look at it again.")
    if locked.version != version:
        raise StaleVersion("Somebody changed this certificate while you were looking. Look at it again.")
    return locked


def fill(partner: Partner, paper: Paper, *, today: date) -> Certificate:
    """A certificate with what the paper says, not saved. Raises BadInput naming the field."""
    kind, member = paper.type, paper.member
    if kind.held_by == HeldBy.PERSON and (member is None or member.partner_id != partner.pk):
        raise BadInput("Choose the person of the firm whom it is made out to.", field="member")
    if kind.held_by == HeldBy.FIRM and member is not None:
        raise BadInput("A certificate of this type is made out to the firm, not to a person.", field="member")
    number = " ".join(paper.number.split())
    if not number:
        raise BadInput("Enter the number that stands on the paper.", field="number")
    end = paper.valid_to
    if kind.validity_months is not None:
        longest = last_day(paper.valid_from, kind.validity_months)
        end = end or longest
        if end > longest:
            raise BadInput(
                f"This type is valid for {kind.validity_months} months at most, to {longest:%-d %b %Y}.",
                field="valid_to",
            )
    if end is not None and end < paper.valid_from:
        raise BadInput("It ends before it begins. Check the two days.", field="valid_to")
    if end is not None and end < today:
        raise BadInput(
            "This certificate has ended already. Hand in the one that is valid now.", field="valid_to"
        )
    return Certificate(
        partner=partner, member=member, type=kind, number=number, valid_from=paper.valid_from, valid_to=end
    )


def keep(row: Certificate, checked: Checked | None) -> Certificate:
    """Saves a new certificate with its file. Raises BadInput for one that is there already."""
    try:
        with transaction.atomic():
            if checked is not None:
                row.take_file(checked)
            row.save(force_insert=True)
    except IntegrityError as error:
        raise BadInput("This certificate was handed in already.", field="number") from error
    return row


def _checked_file(kind: CertificateType, upload: "UploadedFile[Any] | None") -> Checked | None:
    if upload is None and kind.needs_file:
        raise BadInput("Add the certificate as a file.", field="file")
    return check_upload(upload) if upload is not None else None


def _holder(partner: Partner, paper: Paper) -> tuple[int, int, int | None]:
    return partner.pk, paper.type.pk, paper.member.pk if paper.member else None
