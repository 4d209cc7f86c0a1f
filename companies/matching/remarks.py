"""What people write beside a company's name: remarks, account numbers, who opens the mail, addresses."""

from __future__ import annotations

import re
from functools import cache

from companies.matching.fold import to_ascii
from companies.matching.legal import split_legal
from companies.matching.parts import names_another
from companies.matching.wordlists import lines, words

_CARE_OF = re.compile(r"(?i)[\s,;(-]*\b(?:attn|attention|c/o|care of|fao)\b[:.\s].*$")
# Before the name, as on an envelope: up to the comma or colon.
_TO_WHOM = re.compile(r"(?i)^\s*(?:attn|attention|c/o|care of|fao)\b[:.\s](?:[^,;:]*[,;:])\s*(?=\w)")
_MESSRS = re.compile(r"(?i)^\s*(?:m/s\.?|messrs\.?)\s+")
# Where a register says in which state a company was founded: 'PVH CORP. /DE/'.
_STATE = re.compile(r"\s+/\s?[A-Za-z]{2,4}\s?/?\s*$|\s+\\[A-Za-z]{2}\\?\s*$")
# A short number after '#' tells funds and locals apart.
_NUMBER_TAG = re.compile(
    r"(?i)(?:#(?=[A-Z-]*\d{4})|\bacct\.?|\baccount (?:no|number)\.?)\s*[:#]?\s*[\dA-Z-]*\d[\dA-Z-]*(?:\s+net\s?\d\d\b)?"
)
# At the end of a name these need no dash before them.
_AFTER = re.compile(r"(?<=\w)\s+(?:duplicate|dupe?|inactive|obsolete|do not use)\s*$")
# Small letters after a dash: 'Novelis - ref. from Ford'.
_ASIDE = re.compile(
    r"^(?P<head>[^a-z]*[A-Z].*?)\s[-–—]\s+"
    r"(?:(?:ref|re|via|see|from|site|branch|office|plant|dept|contact|per)\b|[A-Z][\w .]+, ?[A-Z]{2,3}$).*$"
)
_OFFICE = re.compile(r"(?i)\b(?:office|branch|site|plant|location|warehouse|depot)$")
# What comes after marks of doubt is for whoever keeps the list.
_DOUBT = re.compile(r"(?<=\w)\W*(?:\?{2,}|!{2,}).*$")
_BRACKET = re.compile(r"^(?P<head>.*[^\s(\[{].*?)\s*[(\[{](?P<inside>[^()\[\]{}]*)[)\]}]\W*$")
_STREET = re.compile(
    r"(?i)\s*,\s*(?:[^,]*,\s*)?(?:\d{1,5}[a-z]?\s+[^,\d]*\b(?:street|st|road|rd|avenue|ave|lane|drive|dr|boulevard|blvd|way|court"
    r"|square|embankment|parkway|pkwy|highway|hwy|suite|floor|place|plaza)\b"
    r"|[^,\d]*(?:stra(?:ß|ss)e|str\.|platz|weg|allee|gasse|straat|laan)\s*\d"
    r"|(?:rue|via|calle|avenida|rua|plaza|piazza|place)\s+[^,]*\d|p\.?\s?o\.?\s?box\s+\d).*$"
)
# 'Acme, Inc.': the most frequent comma.
_FORM_LAST = re.compile(r"(?i)^[^,]*,\s*(?:inc|llc|ltd|lp|l\.p|limited|s\.?a|plc|corp|incorporated)\.?$")
# In families of funds what comes after the comma tells the members apart.
_FAMILIES = frozenset(
    "series class fund funds trust portfolio tranche plan asset assets capital investment investments sicav sif raif".split()
)
# Without one of these nothing is a remark, as in most names.
_MAY_BE_REMARK = re.compile(
    r"(?i)[(\[{*#|:_/\\–—]|\?\?|!!| -|- |zzz|attn|attention|care of|fao\b|acc(?:oun)?t|messrs"
    r"|duplicate|dupe?$|inactive|obsolete|do not use"
)


def without_remarks(text: str) -> str:
    """The name without 'attn …', account numbers, '(DO NOT USE)', an address behind it and the like; the text where nothing
    else remains."""
    if not _MAY_BE_REMARK.search(text):
        bare = _without_tail(text).strip(" -|*")
        return bare if any(char.isalnum() for char in bare) else text
    bare = _CARE_OF.sub("", _TO_WHOM.sub("", _MESSRS.sub("", _STATE.sub("", text))))
    bare = _before().sub("", _NUMBER_TAG.sub(" ", bare))
    bare = _ASIDE.sub(r"\g<head>", _AFTER.sub("", _set_apart().sub(" ", _DOUBT.sub("", bare))))
    bare = re.sub(r"\(\s*\)|\[\s*\]", " ", bare).strip(" -–—|*")
    bare = _without_tail(_without_bracket(bare))
    return bare if any(char.isalnum() for char in bare) else text


def _phrases() -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(lines("crm_noise"), key=len, reverse=True))


@cache
def _set_apart() -> re.Pattern[str]:
    """Remarks set apart from the name: in brackets, after a dash, between stars. In brackets small words and numbers may
    follow: '(renewal 2024)', but not '(Old Mutual)'."""
    more = r"(?:\s+[a-z/.]+)*(?:\s+(?i:(?:q[1-4]|fy|no\.?)?\s?#?\d[\w/.-]*))*"
    return re.compile(
        rf"(?<![(\[{{*])[(\[{{*]+\s*(?i:{_phrases()}){more}\s*[)\]}}*]+|(?:\s[-–—:|]+|\*+)\s*(?i:{_phrases()})\s*$"
    )


@cache
def _before() -> re.Pattern[str]:
    """Remarks before the name: 'OLD - Acme', 'zzz_Acme'."""
    phrase = rf"(?:q[1-4] )?(?:{_phrases()})"
    return re.compile(
        rf"(?i)^\W*(?:{phrase}\s*(?:\s[-–—/]+\s|[:|_]|!+)|(?:zz+|xxx+)[_:.-]|zzz+\s)\s*(?=\w\w)"
    )


def _without_bracket(text: str) -> str:
    """Without a closing bracket that holds a place ('Corona, CA') or says in small letters what the company does."""
    found = _BRACKET.match(text)
    if found is None:
        return text
    head, inside = found["head"], found["inside"].strip()
    if names_another(f"({inside}"):
        return text
    place = ("," in inside or _OFFICE.search(inside) is not None) and not _has_form(inside)
    described = inside[:1].islower() and len(inside) > 3 and any(char.isupper() for char in head)
    if place or (described and inside not in words("places") and not _has_form(inside)):
        return head
    return text


def _without_tail(text: str) -> str:
    """Without what comes after the legal form and a comma ('Acme Inc., Dearborn'), and without a street and its number."""
    if "," not in text or _FORM_LAST.search(text) or not _FAMILIES.isdisjoint(_tokens(text)):
        return text
    text = _STREET.sub("", text)
    head, comma, tail = text.partition(",")
    while comma:
        if _has_form(head) and _is_place(tail):
            return head
        more, comma, tail = tail.partition(",")
        head = f"{head},{more}"
    return text


def _is_place(tail: str) -> bool:
    tokens = _tokens(tail)
    if not 0 < len(tokens) <= 6 or not tail.strip()[0].isupper():
        return False
    return len(tokens[0]) > 2 and not tokens[0].isdigit() and not _has_form(tail)


def _has_form(text: str) -> bool:
    """Whether it ends in a legal form, or is nothing else."""
    tokens = _tokens(text)
    own, form = split_legal(["x", *tokens])
    return bool(form) and own[-1:] != tokens[-1:]


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", to_ascii(text).replace(".", ""))
