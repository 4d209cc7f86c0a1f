"""One field, several names: 'X dba Y', 'X formerly Y'; and what a CRM's users add to a name."""

from __future__ import annotations

import re
from functools import cache

from companies.matching.wordlists import lines

_TRADING = r"d\s*/?\s*b\s*/?\s*a\.?|d\.\s?b\.\s?a\.?|doing business as|t\s*/\s*a|trading as|trades as|operating as|o/a"
_ALSO = r"a\s*/?\s*k\s*/\s*a\.?|a\.k\.a\.?|aka|also known as|v skratke|en abr[ée]g[ée]|abgek[üu]rzt"
_FORMER = (
    r"f\s*/?\s*k\s*/?\s*a\.?|f\.k\.a\.?|n[ée]e|(?:formerly|previously)(?: known as)?"
    r"|ehemals|vormals|anciennement|tidligere|gi[àa]|voorheen|antes|antiguamente"
)
_SPLIT = re.compile(rf"(?i)[\s,;:(\[]+(?:(?P<dba>{_TRADING})|(?P<alias>{_ALSO})|(?P<former>{_FORMER}))[\s:]+")
_CARE_OF = re.compile(r"(?i)[\s,;(-]*\b(?:attn|attention|c/o|care of|fao)\b[:.\s].*$")
_MESSRS = re.compile(r"(?i)^\s*(?:m/s\.?|messrs\.?)\s+")
# Where a register says in which state a company was founded: 'PVH CORP. /DE/'.
_STATE = re.compile(r"\s+/\s?[A-Za-z]{2,4}\s?/?\s*$|\s+\\[A-Za-z]{2}\\?\s*$")
_NUMBER_TAG = re.compile(r"(?i)(?:#|\bacct\.?|\baccount (?:no|number)\.?)\s*[:#]?\s*[\dA-Z-]*\d[\dA-Z-]*")


@cache
def _noise() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in sorted(lines("crm_noise"), key=len, reverse=True))
    # Only set apart from the name: in brackets, after a dash, between stars.
    return re.compile(
        rf"(?i)(?<![(\[{{*])[(\[{{*]+\s*(?:{phrases})\s*[)\]}}*]+|(?:\s[-–—:|]+|\*+)\s*(?:{phrases})\s*$"
    )


def without_noise(text: str) -> str:
    """The name without 'attn …', account numbers, '(DO NOT USE)' and the like; the text where nothing else remains."""
    bare = _noise().sub(" ", _NUMBER_TAG.sub(" ", _CARE_OF.sub("", _MESSRS.sub("", _STATE.sub("", text)))))
    bare = re.sub(r"\(\s*\)|\[\s*\]", " ", bare).strip(" -–—|*")
    return bare if any(char.isalnum() for char in bare) else text


def name_parts(text: str) -> list[tuple[str, str]]:
    """The names in one field with their kind ('legal', 'dba', 'alias', 'former'), the main one first."""
    found: list[tuple[str, str]] = []
    kind, start = "legal", 0
    for split in _SPLIT.finditer(text):
        found.append((kind, text[start : split.start()]))
        kind, start = str(split.lastgroup), split.end()
    found.append((kind, text[start:]))
    named = [(kind, part.strip(" ,;()[]-")) for kind, part in found]
    return [(kind, part) for kind, part in named if any(char.isalnum() for char in part)][:4]
