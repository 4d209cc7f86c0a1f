"""A mail as bytes, read with distrust: who wrote it, to whom, whether a machine did, and its text in any charset."""

import hashlib
import re
from dataclasses import dataclass
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import EmailPolicy
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from registrations.services.mail_in.enclosed import files_of
from registrations.services.mail_in.machines import LOOKED_AT, written_by_a_machine
from registrations.services.mail_in.markup import read_markup

# Text parts are read up to here; a reply is a few lines.
_MOST_TEXT = 200_000
# A line of addresses takes the parser a second for 100 KB: a stranger's could take all day.
_LONGEST_HEADER = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\([^()]*\)')
_ADDRESS = re.compile(r"[^\s<>,;:()\"]+@[^\s<>,;:()\"]+")


class _Short(EmailPolicy):
    """Reads mail in today's way, headers up to _LONGEST_HEADER."""

    def header_source_parse(self, sourcelines: list[str]) -> Any:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


@dataclass(frozen=True)
class Letter:
    """What matters of a mail. `machine` says why it is taken for an automatic one; empty for a person's. `senders` are all
    the addresses that its From line names, in lower case: one, in a mail that is honest about it."""

    content: bytes
    message_id: str
    senders: list[str]
    recipients: list[str]
    subject: str
    machine: str
    parsed: EmailMessage

    @property
    def sender(self) -> str:
        """Who wrote it; '' where nobody is named, or where programs would not agree who."""
        return self.senders[0] if len(self.senders) == 1 else ""

    def key(self, token: str) -> str:
        """What makes it the same mail to the same address when it comes again, a copy that took another way included. Two
        mails may claim one Message-ID, so who wrote to whom belongs to it."""
        to = token or sorted(set(self.recipients))
        named = f"{self.message_id} {self.senders} {to}".encode()
        return hashlib.sha256(named if self.message_id else self.content + named).hexdigest()

    def files(self) -> list[SimpleUploadedFile]:
        """What is attached, unchecked, as if it had been uploaded."""
        return files_of(self.parsed)

    def text(self) -> str:
        """The text as plain lines; '' for a mail without any. From HTML where that marks what it quotes, or where there is no
        plain part that says something."""
        plain, html = _content(self.parsed, "plain"), _content(self.parsed, "html")
        read = read_markup(html)
        return read.text if read.marked or not plain.strip() else plain


def read_letter(content: bytes) -> Letter:
    """Reads a mail; a broken or cut-off one as far as it goes. Never raises for what a stranger wrote."""
    parsed = _parsed(content)
    senders = _senders(parsed)
    headers = {name: _header(parsed, name) for name in (*LOOKED_AT, "message-id") if name in parsed}
    recipients = [
        address
        for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
        for address in _addresses(parsed, name)
    ]
    return Letter(
        content=content,
        message_id=headers.get("message-id", "")[:250],
        senders=senders,
        recipients=recipients,
        subject=headers.get("subject", "")[:250],
        machine=written_by_a_machine(headers, parsed.get_content_type(), (senders or [""])[0]),
        parsed=parsed,
    )


def _parsed(content: bytes) -> EmailMessage:
    try:
        parsed: Any = BytesParser(policy=_Short()).parsebytes(content)
    except Exception:  # thousands of parts within parts, for one: who wrote to whom is told all the same
        parsed = BytesHeaderParser(policy=_Short()).parsebytes(content)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _header(parsed: EmailMessage, name: str) -> str:
    try:
        value = str(parsed.get(name) or "")
    except Exception:  # the parser of headers stumbles over some that no standard knows
        return ""
    return " ".join(_clean(value, " ").split())


def _clean(text: str, instead: str = "") -> str:
    """Without what no database keeps: control characters, and the halves that bytes of no charset are read as."""
    return _CONTROL.sub(instead, text).encode("utf-8", "replace").decode()


def _senders(parsed: EmailMessage) -> list[str]:
    """Every address in every From line, names in quotes and remarks aside. A line such as 'a@x.example <b@y.example>', or
    two lines, mean one person to one program and another one to the next: the mail server may have vouched for either."""
    found = _addresses(parsed, "From")
    for name, line in parsed.raw_items():
        if name.lower() == "from":
            found += _ADDRESS.findall(_QUOTED.sub(" ", _clean(str(line), " ")))
    return list(dict.fromkeys(address.lower() for address in found))


def _addresses(parsed: EmailMessage, name: str) -> list[str]:
    found: list[str] = []
    try:
        headers = parsed.get_all(name, [])
    except Exception:
        return found
    for header in headers:
        if isinstance(header, AddressHeader):
            found += [_clean(address.addr_spec) for address in header.addresses if address.domain]
        else:
            found += re.findall(r"[^\s<>,;]+@[^\s<>,;]+", _clean(str(header), " "))
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
    return _clean(_decoded(content[:_MOST_TEXT], part.get_content_charset() or "utf-8"))


def _decoded(content: bytes, charset: str) -> str:
    """In the charset that is named, else in UTF-8, else in what most mail without one is written in."""
    for name in (charset, "utf-8"):
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")
