"""Where a company is, said behind its name: streets, cities and offices, behind a comma, a dash or in closing brackets."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from companies.matching.fold import clean, to_ascii
from companies.matching.legal import split_legal
from companies.matching.parts import names_another
from companies.matching.rates import is_general
from companies.matching.wordlists import mapping, words

_OFFICE = re.compile(r"(?i)\b(?:office|branch|site|plant|location|warehouse|depot)$")
_BRACKET = re.compile(r"^(?P<head>.*[^\s(\[{].*?)\s*[(\[{](?P<inside>[^()\[\]{}]*)[)\]}]\W*$")
_DASHED = re.compile(r"^(?P<head>.*[^\s(\[{-].*?)\s+[-–—]\s+(?P<inside>[^()\[\]{}]*)$")
_CODE = re.compile(
    r"^(?P<head>.+?)(?P<mark>\s*[(\[,]\s*|\s+[-–—]\s*)(?P<code>[A-Za-z]{2})(?P<end>\s*[)\]]?\s*)$"
)
_STREET = re.compile(
    r"(?i)\s*,\s*(?:[^,]*,\s*)?(?:\d{1,5}[a-z]?\s+[^,\d]*\b(?:street|st|road|rd|avenue|ave|lane|drive|dr|boulevard|blvd|way|court"
    r"|square|embankment|parkway|pkwy|highway|hwy|suite|floor|place|plaza)\b"
    r"|[^,\d]*(?:stra(?:ß|ss)e|str\.|platz|weg|allee|gasse|straat|laan)\s*\d"
    r"|(?:rue|via|calle|avenida|rua|plaza|piazza|place)\s+[^,]*\d|p\.?\s?o\.?\s?box\s+\d).*$"
)
_CITY = re.compile(
    r"^(?P<head>.*[^\W_])[.\s]*(?:,|\s[-–—]\s|\()\s*(?P<tail>[^\W\d_][^\d,()]{2,30}[^\W\d_])\)?$"
)
_LONGEST_FORM = 6  # words: 'S. de R.L. de C.V.'
# Without one of these there is no city behind a name.
_MARKS = frozenset(",(-–—")
# 'Acme, Inc.': the most frequent comma.
_FORM_LAST = re.compile(r"(?i)^[^,]*,\s*(?:inc|llc|ltd|lp|l\.p|limited|s\.?a|plc|corp|incorporated)\.?$")
# In families of funds what comes after the comma tells the members apart.
FAMILIES = frozenset(
    "series class fund funds trust portfolio tranche plan asset assets capital investment investments sicav sif raif".split()
)


def without_seat(text: str) -> str:
    """The name without where it is; 'Nestlé S.A. (Switzerland)' keeps the country, which may be another company."""
    return _form_last(_without_city(_without_tail(_without_bracket(_country_said(text)))))


def _country_said(text: str) -> str:
    """'Siemens AG (CH)' → 'Siemens AG (Switzerland)', likewise behind a comma or a dash: two letters behind a legal form are a
    country's code."""
    found = _CODE.match(text)
    name = mapping("country_codes").get(found["code"].upper()) if found else None
    if found is None or name is None or not _has_form(found["head"]):
        return text
    return f"{found['head']}{found['mark']}{name.title()}{found['end']}"


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
    if "," not in text or _FORM_LAST.search(text) or not FAMILIES.isdisjoint(_tokens(text)):
        return text
    text = _STREET.sub("", text)
    head, comma, tail = text.partition(",")
    while comma:
        if _has_form(head) and _is_place(tail):
            return head
        more, comma, tail = tail.partition(",")
        head = f"{head},{more}"
    return text


def _without_city(text: str) -> str:
    """Without a city behind a comma, a dash or in closing brackets ('Lukoil, Moscow'), unless what remains is named after it."""
    found = _CITY.match(text)
    if found is None or _city(found["tail"]) not in words("cities"):
        return text
    head = _tokens(found["head"])
    head += [
        said[word]
        for said in (mapping("translations"), mapping("abbreviations"))
        for word in head
        if word in said
    ]
    telling = any(len(word) > 2 and not is_general(word) for word in head)
    return found["head"] if telling and words("named_by_place").isdisjoint(head) else text


@lru_cache(maxsize=8192)
def seat_behind(text: str) -> str:
    """The city behind a name as typed that `without_seat` leaves out, in small letters; '' where it leaves none out."""
    if _MARKS.isdisjoint(text):
        return ""
    text = clean(text)
    found = _CITY.match(text)
    if found is None or _without_city(text) == text:
        return ""
    return _city(found["tail"])


def _city(tail: str) -> str:
    """A city's name in small letters, in English where that is another: 'Wien' → 'vienna'."""
    return " ".join(mapping("translations").get(word, word) for word in _tokens(tail))


def _form_last(text: str) -> str:
    """'Nestlé S.A. (Switzerland)' and '… - Switzerland' → 'Nestlé Switzerland S.A.': a legal form before a country behind it is
    none within the name."""
    found = _BRACKET.match(text) or _DASHED.match(text)
    if found is None or not _has_form(found["head"]) or words("places").isdisjoint(_tokens(found["inside"])):
        return text
    spoken = found["head"].split()
    for size in range(min(_LONGEST_FORM, len(spoken) - 1), 0, -1):
        tail = " ".join(spoken[-size:])
        if _is_form(tail):
            return f"{' '.join(spoken[:-size])} {found['inside']} {tail}"
    return text


def _is_place(tail: str) -> bool:
    tokens = _tokens(tail)
    if len(tokens) == 1 and tokens[0] in _given_names():
        return False
    if not 0 < len(tokens) <= 6 or not tail.strip()[0].isupper():
        return False
    return len(tokens[0]) > 2 and not tokens[0].isdigit() and not _has_form(tail)


@cache
def _given_names() -> frozenset[str]:
    pairs = mapping("given_names")
    return frozenset((*pairs, *pairs.values()))


def _has_form(text: str) -> bool:
    """Whether it ends in a legal form, or is nothing else."""
    tokens = _tokens(text)
    own, form = split_legal(["x", *tokens])
    return bool(form) and own[-1:] != tokens[-1:]


def _is_form(text: str) -> bool:
    """Whether it is a legal form and nothing else: 'S.A. de C.V.', 'Private Limited'."""
    return split_legal(["x", *_tokens(text)])[0] == ["x"]


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", to_ascii(text).replace(".", ""))
