"""A mailbox in a directory, for development: mail is written there instead of being sent, and read on a page."""

import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from email.parser import BytesHeaderParser
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

BACKEND = "notifications.mailbox.MailboxBackend"
_NAME = re.compile(r"\d{19}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Letter:
    """A mail in the mailbox. `name` is its file's; text and html are empty in a list."""

    name: str
    at: datetime
    sender: str
    to: str
    subject: str
    text: str = ""
    html: str = ""


class MailboxBackend(BaseEmailBackend):
    """Django's mail backend that writes each mail into a file of settings.MAILBOX_DIR, whole or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        directory = Path(settings.MAILBOX_DIR)
        directory.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            _write(directory, message.message().as_bytes())
        return len(email_messages)


def is_on() -> bool:
    """Whether mail goes to the mailbox, so that its pages exist."""
    return bool(settings.EMAIL_BACKEND == BACKEND)


def letters(*, to: str = "", most: int = 100) -> list[Letter]:
    """The newest mails, `most` of them; `to` keeps those whose recipient contains it, whatever its case."""
    found: list[Letter] = []
    for path in _newest_first():
        with path.open("rb") as file:
            letter = _letter(path.stem, BytesHeaderParser(policy=policy.default).parse(file))
        if to.lower() in letter.to.lower():
            found.append(letter)
        if len(found) == most:
            break
    return found


def letter(name: str) -> Letter | None:
    """One mail with its text and HTML, or None. A name that is not a mailbox file's is never looked for."""
    path = Path(settings.MAILBOX_DIR) / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    parsed = message_from_bytes(path.read_bytes(), policy=policy.default)
    return _letter(name, parsed, text=_part(parsed, "plain"), html=_part(parsed, "html"))


def _write(directory: Path, content: bytes) -> None:
    handle, unfinished = tempfile.mkstemp(dir=directory, prefix=".", suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(unfinished).rename(directory / f"{time.time_ns():019d}-{secrets.token_hex(4)}.eml")


def _newest_first() -> Iterator[Path]:
    directory = Path(settings.MAILBOX_DIR)
    if directory.is_dir():
        yield from sorted(
            (path for path in directory.glob("*.eml") if _NAME.fullmatch(path.stem)), reverse=True
        )


def _letter(name: str, parsed: ParsedMessage, *, text: str = "", html: str = "") -> Letter:
    return Letter(
        name=name,
        at=datetime.fromtimestamp(int(name[:19]) / 1e9, tz=UTC),
        sender=str(parsed["From"] or ""),
        to=str(parsed["To"] or ""),
        subject=str(parsed["Subject"] or "").strip(),  # a folded head begins with a space
        text=text,
        html=html,
    )


def _part(parsed: ParsedMessage, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
