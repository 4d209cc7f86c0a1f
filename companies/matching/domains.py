"""Web addresses: which part of one is registered by its owner, and when sharing it proves nothing."""

from __future__ import annotations

import re
from functools import cache

from companies.matching.suffixes import is_second_level, owner_of, site_of
from companies.matching.wordlists import words

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))+\.?")
_LONGEST = 253
_NUMBERS = re.compile(r"[\d.]+")
# 'targetcorp.com', 'merckgroup.com', 'rossisrlinliquidazione.it': endings that nobody takes for the end of a word.
_FORM_AT_END = re.compile(
    r"(.{4,}?)[-_]?(gmbhcokg|gmbhundcokg|gmbh|corporation|corp|incorporated|inc|llc|llp|pvtltd|privatelimited|ptyltd|pteltd"
    r"|ltd|limited|plc|srls?|sarl|spzoo|sdnbhd|sicav|kgaa|bvba|inliquidazione|group|gruppe|groupe|gruppo|grupo|holdings?)$"
)
# Mail providers with an address in most countries: 'yahoo.it', 'hotmail.com.br'.
_FREE_EVERYWHERE = frozenset(
    "yahoo ymail hotmail outlook live msn aol gmx gmail googlemail icloud protonmail proton yandex mail freemail".split()
)
_ACADEMIC = re.compile(r"\.(?:edu|(?:edu|ac)\.[a-z]{2})$")
# Whose profile it is: 'linkedin.com/company/acme'.
_PROFILE = re.compile(
    r"(?i)^(?:https?://)?(?:[a-z]{2,3}\.|www\.)?(?:linkedin\.com/(?:company|school)|facebook\.com|instagram\.com|twitter\.com|x\.com"
    r"|xing\.com/(?:companies|pages)|crunchbase\.com/organization|github\.com|youtube\.com/@?)/?(?P<name>[^/?#@\s]{2,60})/?(?:[?#].*)?$"
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
    if not host or _NUMBERS.fullmatch(host):
        return ""
    return owner_of(host) or site_of(host)


def evident_domain(address: str) -> str:
    """The registrable domain where it says who the owner is; '' for free mail, for sites where everybody has a page, and for the
    bare domain of a government or a host of web sites."""
    host = host_of(address)
    domain = owner_of(host) if host and not _NUMBERS.fullmatch(host) else ""
    return "" if _is_free_mail(domain) or not _shared_sites().isdisjoint((domain, host)) else domain


@cache
def _mail_providers() -> frozenset[str]:
    return words("free_mail_domains") | words("free_mail_listed")


@cache
def _shared_sites() -> frozenset[str]:
    return _mail_providers() | words("shared_sites")


def _is_free_mail(domain: str) -> bool:
    return domain in _mail_providers() or domain.partition(".")[0] in _FREE_EVERYWHERE


def domain_as_name(name: str) -> str:
    """The evident domain of an address that was typed as a name; '' for words ('St.Gallen Bank', 's.Oliver', 'Dr.Oetker') and
    initials ('I.B.M.')."""
    return evident_domain(name) if looks_like_address(name) else ""


def looks_like_address(text: str) -> bool:
    """Whether a whole name is a web or mail address rather than words."""
    if " " in text.strip() or "." not in text:
        return False
    if re.match(r"(?i)(https?://|www\.)", text.strip()) or "@" in text:
        return bool(registrable_domain(text))
    domain = registrable_domain(text)
    label, _, ending = domain.partition(".")
    if is_second_level(ending) and not ending.startswith("co."):
        return len(label) > 1
    return len(label) > 1 and ending.rpartition(".")[2] in words("top_level_domains")


def name_in_address(text: str) -> str:
    """The owner's name in an address: 'info@acme-tools.com' → 'acme tools'; for free mail the part before the @."""
    if profile := _PROFILE.match(text.strip()):
        return re.sub(r"[-_.+]+", " ", profile["name"])
    domain = registrable_domain(text)
    mailbox = "@" in text and _is_free_mail(domain)
    label = text.strip().rpartition("@")[0] if mailbox else domain.partition(".")[0]
    return re.sub(r"[-_.+]+", " ", label if mailbox else _with_forms_apart(label)).strip()


def is_academic(address: str) -> bool:
    """Whether it is of a university: 'auckland.ac.nz', 'mit.edu'."""
    return _ACADEMIC.search(registrable_domain(address)) is not None


def _with_forms_apart(label: str) -> str:
    """'rossisrlinliquidazione' → 'rossi srl inliquidazione'."""
    forms: list[str] = []
    while found := _FORM_AT_END.match(label):
        label = found[1]
        forms.insert(0, found[2])
    return " ".join([label, *forms])
