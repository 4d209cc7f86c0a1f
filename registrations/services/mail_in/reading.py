"""A mail as bytes, read with distrust: who wrote it, to whom, whether a machine did, and its text in any charset."""

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.headerregistry import AddressHeader
from email.message import EmailMessage, Message

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from registrations.services.mail_in.markup import text_of

# Text parts are read up to here; a reply is a few lines.
_MOST_TEXT = 200_000
_MOST_FILES = 10
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|bounces?)([+.@-]|$)", re.IGNORECASE)
_AWAY = re.compile(
    r"^\s*(auto(matic|matische)?[ -]?(reply|response|antwort)|autoreply|out of (the )?office|abwesend|"
    r"abwesenheits|réponse automatique|risposta automatica|respuesta automática|undeliver|delivery status|"
    r"returned mail|mail delivery (failed|failure))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Letter:
    """What matters of a mail. `machine` says why it is taken for an automatic one; empty for a person's."""

    key: str
    message_id: str
    sender: str
    recipients: list[str]
    subject: str
    machine: str
    parsed: EmailMessage

    def files(self) -> list[SimpleUploadedFile]:
        """What is attached, at most ten, unchecked, as if it had been uploaded. Pictures inside the text (logos of
        signatures) are not attachments."""
        try:
            parts = [part for part in self.parsed.iter_attachments() if part.is_attachment()]
        except Exception:  # a structure that no standard knows
            return []
        return [file for file in map(_file_of, parts[:_MOST_FILES]) if file is not None]

    def text(self) -> str:
        """The text as plain lines; '' for a mail without any. From HTML where there is no plain part that says
        something."""
        plain = _content(self.parsed, "plain")
        if plain.strip():
            return plain
        return text_of(_content(self.parsed, "html"))


def read_letter(content: bytes) -> Letter:
    """Reads a mail; a broken or cut-off one as far as it goes. Never raises for what a stranger wrote."""
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    message_id = _header(parsed, "Message-ID")[:250]
    sender = (_addresses(parsed, "From") or [""])[0].lower()
    recipients = [
        address
        for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
        for address in _addresses(parsed, name)
    ]
    # Two mails may claim one Message-ID: who wrote to whom belongs to what is 'the same mail'.
    named = f"{message_id} {sender} {sorted(set(recipients))}".encode() if message_id else content
    return Letter(
        key=hashlib.sha256(named).hexdigest(),
        message_id=message_id,
        sender=sender[:254],
        recipients=recipients,
        subject=_header(parsed, "Subject")[:250],
        machine=_machine(parsed, sender),
        parsed=parsed,
    )


def is_authentic(letter: Letter) -> bool:
    """Whether our own mail server found the sender's domain to be true (DMARC, RFC 8601). Asked only where
    MAIL_IN_TRUSTED_SERVER names that server; its header stands above all others, so the first one counts."""
    if not settings.MAIL_IN_TRUSTED_SERVER:
        return True
    for value in letter.parsed.get_all("Authentication-Results", []):
        server, _, results = str(value).partition(";")
        if server.split()[:1] == [settings.MAIL_IN_TRUSTED_SERVER]:
            return bool(re.search(r"\bdmarc\s*=\s*pass\b", results, re.IGNORECASE))
    return False


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


def _machine(parsed: EmailMessage, sender: str) -> str:
    """RFC 3834 and what is seen beside it: auto-replies, lists, bounces."""
    if _header(parsed, "Auto-Submitted").partition(";")[0].strip().lower() not in {"", "no"}:
        return "Auto-Submitted"
    if _header(parsed, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}:
        return "Precedence"
    for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "List-Id", "X-Failed-Recipients"):
        if parsed.get(name) is not None:
            return name
    if parsed.get("Return-Path") is not None and _header(parsed, "Return-Path") in {"", "<>"}:
        return "Return-Path"
    if parsed.get_content_type() == "multipart/report":
        return "multipart/report"
    if not sender or _MACHINES.match(sender):
        return "From"
    return "Subject" if _AWAY.match(_header(parsed, "Subject")) else ""


def _header(parsed: EmailMessage, name: str) -> str:
    try:
        value = str(parsed.get(name) or "")
    except Exception:  # the parser of headers stumbles over some that no standard knows
        return ""
    return " ".join(_CONTROL.sub(" ", value).split())


def _addresses(parsed: EmailMessage, name: str) -> list[str]:
    found: list[str] = []
    try:
        headers = parsed.get_all(name, [])
    except Exception:
        return found
    for header in headers:
        if isinstance(header, AddressHeader):
            found += [address.addr_spec for address in header.addresses if address.domain]
        else:
            found += re.findall(r"[^\s<>,;]+@[^\s<>,;]+", str(header))
    return found


def _content(parsed: EmailMessage, kind: str) -> str:
    try:
        part = parsed.get_body(preferencelist=(kind,))
    except Exception:
        part = None
    if part is None:
        return ""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    return _CONTROL.sub("", _decoded(content[:_MOST_TEXT], part.get_content_charset() or "utf-8"))


def _decoded(content: bytes, charset: str) -> str:
    """In the charset that is named, else in UTF-8, else in what most mail without one is written in."""
    for name in (charset, "utf-8"):
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")
