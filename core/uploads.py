"""Files that people hand in: checked for size and kind by what they contain, before anything is kept.

Whoever keeps one stores it under a code of its own (the name a person chose never reaches the file system) and serves it
with core/downloads.py after an access check.
"""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from core.errors import BadInput

_LONGEST_NAME = 200
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


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its name without folders and control characters, its type as its content has it."""

    name: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """The hash of the content, as hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def kinds_in_words() -> str:
    """The kinds that are taken, for the form."""
    return "PDF, PNG, JPEG, Word, Excel, PowerPoint, e-mail (.eml) or text"


def check_upload(upload: "UploadedFile[Any]") -> Checked:
    """The file, read. Raises BadInput (field 'file') for one too large, empty, or of another kind than it says."""
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
    return Checked(_plain_name(upload.name or ""), content_type, content)


def _plain_name(name: str) -> str:
    last = PurePath((name or "file").replace("\\", "/")).name[:_LONGEST_NAME]
    return "".join(character for character in last if character.isprintable()) or "file"
