"""Files as evidence: checked for size and kind by what they contain, stored under a code, served as downloads."""

import hashlib
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, TooMany
from registrations.enums import OPEN, Audience, Status
from registrations.models import Attachment, Registration
from registrations.services import timeline

_MOST = 20
# What a file of each kind begins with. Office's newer formats are zip files; text has no signature.
_KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (b"PK\x03\x04",)),
    ".eml": ("message/rfc822", ()),
    ".txt": ("text/plain", ()),
}


def kinds_in_words() -> str:
    """The kinds that are taken, for the form."""
    return "PDF, PNG, JPEG, Word, Excel, PowerPoint, e-mail (.eml) or text"


def attach(
    registration: Registration, upload: "UploadedFile[Any]", *, by: User, clock: Clock = database_clock
) -> Attachment:
    """Keeps a file with the registration. Raises BadInput for one too large, empty or of another kind than it says."""
    with transaction.atomic():
        locked = Registration.objects.select_for_update().get(pk=registration.pk)
        if locked.status not in (*OPEN, Status.DRAFT):
            raise NotAllowed("This registration has ended; files can no longer be added.")
        if locked.attachments.count() >= _MOST:
            raise TooMany(f"A registration has room for {_MOST} files.")
        return keep(locked, upload, by=by, at=clock())


def keep(
    locked: Registration,
    upload: "UploadedFile[Any]",
    *,
    by: User,
    at: datetime,
    audience: Audience = Audience.BOTH,
) -> Attachment:
    """Keeps a file as evidence of a request or a decision, on a registration whose row the caller has locked, ended or not.

    Raises BadInput like `attach`. With `audience` vendor the partner never sees it.
    """
    content_type, content = _checked(upload)
    name = PurePath((upload.name or "file").replace("\\", "/")).name[:200]
    attachment = Attachment(
        registration=locked,
        name="".join(character for character in name if character.isprintable()) or "file",
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_by=by,
        added_at=at,
        audience=audience,
    )
    attachment.file.save(attachment.name, ContentFile(content), save=False)
    attachment.save()
    data = {"name": attachment.name, "sha256": attachment.sha256, "size": attachment.size}
    timeline.record(locked, "attached", actor=by, at=at, data=data, audience=audience)
    return attachment


def _checked(upload: "UploadedFile[Any]") -> tuple[str, bytes]:
    limit = settings.UPLOAD_LIMIT_BYTES
    if (upload.size or 0) > limit:
        raise BadInput(
            f"The file is larger than {limit // (1024 * 1024)} MB. Send a smaller one.", field="file"
        )
    kind = _KINDS.get(PurePath(upload.name or "").suffix.lower())
    if kind is None:
        raise BadInput(f"Files of this kind are not taken. Send {kinds_in_words()}.", field="file")
    content = upload.read(limit + 1)
    if not content:
        raise BadInput("The file is empty.", field="file")
    content_type, signatures = kind
    if signatures and not content.startswith(signatures):
        raise BadInput(
            "The file's content is not what its name says. Save it again in its own program.", field="file"
        )
    if not signatures and b"\x00" in content:
        raise BadInput("The file is not plain text.", field="file")
    return content_type, content
