"""Which firms a newcomer may be already: by website, mail domain and a folded name. Python over all firms, which are
thousands at most; the fine comparison of end customers' names lies in an app above this one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from anyascii import anyascii
from rapidfuzz import fuzz

from partners.models import Partner

_LEGAL = re.compile(
    r"\b(gmbh|mbh|kg|ag|se|ohg|ltd|limited|llc|llp|plc|inc|corp|corporation|co|company|sa|sas|sarl|srl|spa|bv|nv|as|ab|oy|"
    r"aps|kk|pty|pvt|sl|sro|doo|holding|group)\b"
)
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?([^/:?#\s]+)", re.IGNORECASE)
# Addresses that say nothing about a firm.
_EVERYBODY = {
    *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com"),
    *("gmx.de", "gmx.net", "web.de", "t-online.de", "proton.me", "protonmail.com", "aol.com", "mail.ru"),
}
_ALIKE = 88
_MOST = 5


@dataclass(frozen=True)
class Double:
    """A firm that may be the same one, and why, in words; the likeliest has the highest `score` (0-100)."""

    partner: Partner
    why: str
    score: float


def fold(name: str) -> str:
    """A name without accents, punctuation, case and legal form: 'Rhônetek S.A.R.L.' → 'rhonetek'."""
    plain = anyascii(name).lower().replace("&", " and ")
    plain = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain)  # S.A.R.L. → SARL.
    words = re.sub(r"[^a-z0-9]+", " ", plain)
    return " ".join(_LEGAL.sub(" ", words).split()) or " ".join(words.split())


def host_of(website: str) -> str:
    """'https://www.Firm.example/about' → 'firm.example'."""
    found = _HOST.match(website.strip())
    return found.group(1).lower().rstrip(".") if found else ""


def domain_of(email: str) -> str:
    """The domain of an address, empty where everybody can have one there."""
    domain = email.rpartition("@")[2].lower()
    return "" if domain in _EVERYBODY else domain


def likely_doubles(
    name: str, *, website: str = "", email: str = "", among: Iterable[Partner] | None = None
) -> list[Double]:
    """Firms with the same website or mail domain, the same folded name, or one much like it; at most five."""
    hosts = {host for host in (host_of(website), domain_of(email)) if host}
    folded = fold(name)
    rows = (
        among
        if among is not None
        else Partner.objects.only("id", "code", "name", "website", "status", "country")
    )
    found = [double for partner in rows if (double := _compare(partner, folded, hosts))]
    return sorted(found, key=lambda double: (-double.score, double.partner.name))[:_MOST]


def _compare(partner: Partner, folded: str, hosts: set[str]) -> Double | None:
    host = host_of(partner.website)
    other = fold(partner.name)
    if folded and other == folded:
        return Double(partner, "the same name" + (f" and {host}" if host in hosts else ""), 100)
    if host and host in hosts:
        return Double(partner, f"the same website or mail domain, {host}", 98)
    score = fuzz.token_sort_ratio(folded, other)
    if score >= _ALIKE:
        return Double(partner, "a name much like it", score)
    return None
