"""Files as evidence: checked for size and kind by what they contain, stored under a code, served as downloads."""

import hashlib
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import NotAllowed, TooMany
from core.uploads import check_upload
from partners.enums import PartnerStatus
from registrations.enums import OPEN, Audience, Status
from registrations.models import Attachment, Registration, Snooze
from registrations.services import timeline

_MOST = 20


def attach(
    registration: Registration, upload: "UploadedFile[Any]", *, by: User, clock: Clock = database_clock
) -> Attachment:
    """Keeps a file with the registration; what was submitted has changed by it, for whoever is about to decide. Raises BadInput
    for one too large, empty or of another kind than it says."""
    with transaction.atomic():
        locked = Registration.objects.select_for_update().get(pk=registration.pk)
        check_open(locked)
        if locked.attachments.count() >= _MOST:
            raise TooMany(f"A registration has room for {_MOST} files.")
        attachment = keep(locked, upload, by=by, at=clock())
        if locked.status != Status.DRAFT:
            locked.version += 1
            locked.save(update_fields=["version"])
        return attachment


def check_open(registration: Registration) -> None:
    """Raises NotAllowed, in words, where files can no longer be added."""
    if registration.status not in (*OPEN, Status.DRAFT):
        words = "This registration has ended; files can no longer be added."
        if registration.partner.status == PartnerStatus.ENDED:
            words += " The partnership with the firm has ended, too: its registrations can be read, nothing new can begin."
        raise NotAllowed(words)


def is_known(registration: Registration, upload: "UploadedFile[Any]", *, among: Any = None) -> bool:
    """Whether the registration has a file with this very content; `among`: one of these SHA-256."""
    found = hashlib.sha256()
    for part in upload.chunks():
        found.update(part)
    upload.seek(0)
    known = registration.attachments.filter(sha256=found.hexdigest())
    return known.exists() if among is None else known.filter(sha256__in=among).exists()


def keep(
    locked: Registration,
    upload: "UploadedFile[Any]",
    *,
    by: User,
    at: datetime,
    audience: Audience = Audience.BOTH,
) -> Attachment:
    """Keeps a file as evidence of a request or a decision, on a registration whose row the caller has locked, ended or not.
    A partner's file brings back what the referee had set aside to wait for it.

    Raises BadInput like `attach`. With `audience` vendor the partner never sees it.
    """
    checked = check_upload(upload)
    attachment = Attachment(
        registration=locked,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        added_by=by,
        added_at=at,
        audience=audience,
    )
    attachment.file.save(attachment.name, ContentFile(checked.content), save=False)
    attachment.save()
    data = {"name": attachment.name, "sha256": attachment.sha256, "size": attachment.size}
    timeline.record(locked, "attached", actor=by, at=at, data=data, audience=audience)
    if by.is_partner_side:
        Snooze.objects.filter(registration=locked, until__gt=at).update(until=at)
    return attachment
