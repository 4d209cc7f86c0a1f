"""The files of a mail, wherever its program put them: Apple Mail hides them beside the HTML, and shows them inside the text."""

import re
from collections.abc import Iterator
from email.message import EmailMessage, Message
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

_MOST_FILES = 10
_MOST_PARTS = 200
# What proves who wrote the mail is no evidence of a deal.
_SIGNATURES = {
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
    "application/pgp-keys",
}
_NAMES_OF_SIGNATURES = {"smime.p7s", "signature.asc"}
# A picture that the text shows and that is no larger belongs to the signature under it: a logo, a face, a badge.
_LARGEST_LOGO = 100_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def files_of(mail: EmailMessage) -> list[SimpleUploadedFile]:
    """What is attached, at most ten files, unchecked, as if they had been uploaded. Neither the words of the mail, nor what
    signs it, nor small pictures inside its text."""
    try:
        parts = list(_leaves(mail))
        shown = _shown_pictures(parts)
        wanted = [part for part in parts if part is not mail and _is_file(part, shown)]
    except Exception:  # a structure that no standard knows
        return []
    return [file for file in map(_file_of, wanted[:_MOST_FILES]) if file is not None]


def _leaves(mail: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that hold something, in their order; a forwarded mail is one of them, whole."""
    waiting, looked_at = [mail], 0
    while waiting and looked_at < _MOST_PARTS:
        part, looked_at = waiting.pop(), looked_at + 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            payload: Any = part.get_payload()
            waiting += [inner for inner in reversed(payload) if isinstance(inner, EmailMessage)]
        else:
            yield part


def _shown_pictures(parts: list[EmailMessage]) -> set[str]:
    """The content ids that the HTML of the mail shows in its text."""
    pages = (part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/html")
    found: set[str] = set()
    for page in pages:
        if isinstance(page, bytes):
            found |= {name.decode("ascii", "replace") for name in re.findall(rb"(?i)cid:([^\"'\s>)]+)", page)}
    return found


def _is_file(part: EmailMessage, shown: set[str]) -> bool:
    name, kind = part.get_filename(), part.get_content_type()
    if kind in _SIGNATURES or (name or "").lower() in _NAMES_OF_SIGNATURES:
        return False
    inside = str(part.get("Content-ID", "")).strip(" <>")
    if part.get_content_maintype() == "image" and inside and (inside in shown or not part.is_attachment()):
        payload = part.get_payload(decode=True)
        return isinstance(payload, bytes) and len(payload) > _LARGEST_LOGO
    return bool(name) or part.is_attachment() or part.get_content_maintype() != "text"


def _file_of(part: EmailMessage) -> SimpleUploadedFile | None:
    forwarded = part.get_content_type() == "message/rfc822"
    inner = part.get_payload(0) if forwarded else None
    payload = inner.as_bytes() if isinstance(inner, Message) else part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return None
    name = _CONTROL.sub("", part.get_filename() or "").replace("\\", "/").rpartition("/")[2].strip()
    if name in {"", ".", ".."}:
        name = "mail.eml" if forwarded else "file"
    return SimpleUploadedFile(name, payload, part.get_content_type())
