"""Web addresses: which part of one is registered by its owner, and when sharing it proves nothing."""

from __future__ import annotations

import re

from companies.matching.wordlists import words

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))+\.?")
_LONGEST = 253
# 'targetcorp.com', 'merckgroup.com': endings that nobody takes for the end of a word.
_FORM_AT_END = re.compile(
    r"(.{4,}?)[-_]?(corp|gmbh|llc|ltd|plc|inc|group|gruppe|groupe|grupo|holding|holdings)$"
)


def host_of(address: str) -> str:
    """The host in a URL, an e-mail address or a bare domain, as typed; '' where there is none."""
    text = address[:2048].strip().lower()
    text = re.sub(r"^[a-z][a-z0-9+.-]*:/*", "", text).lstrip("/")
    text = re.split(r"[/?#\s]", text, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    if len(text) > _LONGEST:
        return ""  # before IDNA, which takes seconds for thousands of characters
    try:
        text = text.encode("idna").decode("ascii") if not text.isascii() else text
    except UnicodeError:
        return ""
    return text.rstrip(".") if len(text) <= _LONGEST and _HOST.fullmatch(text) else ""


def registrable_domain(address: str) -> str:
    """The part that somebody registered: 'https://shop.acme.co.uk/x' → 'acme.co.uk'; '' where there is none."""
    host = host_of(address)
    if not host or re.fullmatch(r"[\d.]+", host):
        return ""
    labels = host.split(".")
    size = 3 if ".".join(labels[-2:]) in words("public_suffixes") else 2
    return ".".join(labels[-size:]) if len(labels) >= size else ""


def evident_domain(address: str) -> str:
    """The registrable domain where it says who the owner is; '' for free mail and shared hosts."""
    domain = registrable_domain(address)
    shared = words("free_mail_domains")
    return "" if domain in shared or host_of(address) in shared else domain


def looks_like_address(text: str) -> bool:
    """Whether a whole name is a web or mail address rather than words."""
    if " " in text.strip() or "." not in text:
        return False
    if re.match(r"(?i)(https?://|www\.)", text.strip()) or "@" in text:
        return bool(registrable_domain(text))
    domain = registrable_domain(text)
    label, _, ending = domain.partition(".")
    return len(label) > 1 and ending.rpartition(".")[2] in words("top_level_domains")


def name_in_address(text: str) -> str:
    """The owner's name in an address: 'info@acme-tools.com' → 'acme tools'; for free mail the part before the @."""
    domain = registrable_domain(text)
    mailbox = "@" in text and domain in words("free_mail_domains")
    label = text.strip().rpartition("@")[0] if mailbox else domain.partition(".")[0]
    form = _FORM_AT_END.match(label)
    return re.sub(r"[-_.+]+", " ", f"{form[1]} {form[2]}" if form and not mailbox else label).strip()
