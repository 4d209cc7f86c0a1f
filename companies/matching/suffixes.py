"""Whose a host is: the Public Suffix List, and what it leaves out."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain

from publicsuffixlist import PSLFILE, PublicSuffixList

from companies.matching.wordlists import lines

# What countries register under: 'mof.gov.sk' and 'nbs.gov.sk' are two, whether the country is listed or not.
_SECOND_LEVEL = re.compile(
    r"(?:ac|co|com|edu|gob|gouv|gov|govt|go|gub|ltd|mil|ne|net|or|org|plc|sch|school|asso)\.[a-z]{2}"
)


@cache
def _suffixes() -> PublicSuffixList:
    with open(PSLFILE, encoding="utf-8") as listed:
        return PublicSuffixList(chain(listed, lines("shared_suffixes")))


def is_second_level(ending: str) -> bool:
    """Whether it looks like what a country registers under: 'co.uk', 'gob.hn'."""
    return _SECOND_LEVEL.fullmatch(ending) is not None


def owner_of(host: str) -> str:
    """The domain of whoever has this host: 'shop.acme.co.uk' → 'acme.co.uk', 'www.rki.bund.de' → 'rki.bund.de'; '' for what
    many share: 'www.gov.uk', 'bund.de', 'webflow.io'."""
    bare = host.removeprefix("www.")
    domain = _suffixes().privatesuffix(bare) or ""
    if not is_second_level(domain):
        return domain
    return "" if domain == bare else ".".join(bare.split(".")[-3:])


def site_of(host: str) -> str:
    """Of what many share the domain that stands for it: 'webflow.io', 'www.gov.uk'; '' for a bare ending ('co.uk')."""
    labels = host.split(".")
    site = ".".join(labels[-2:])
    if not is_second_level(site):
        return site
    if len(labels) > 2:
        return ".".join(labels[-3:])
    return "" if _suffixes().is_public(site) else site
