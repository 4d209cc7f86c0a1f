"""One field, several names: 'X dba Y', 'X formerly Y', 'X n/k/a Y', 'X / Y'."""

from __future__ import annotations

import re

from companies.matching.fold import is_foreign

_TRADING = (
    r"d\s*/?\s*b\s*/?\s*a\.?|d\.\s?b\.\s?a\.?|doing business as|t\s*/\s*a|trading as|trades as|operating as|o/a"
    r"|nombre de fantas[ií]a|nombre comercial|nome fantasia|enseigne|insegna|firmierend als"
)
_ALSO = r"a\s*/?\s*k\s*/\s*a\.?|a\.k\.a\.?|aka|also known as|v skratke|en abr[ée]g[ée]|abgek[üu]rzt"
_FORMER = (
    r"f\s*/?\s*k\s*/?\s*a\.?|f\.k\.a\.?|n[ée]e|erstwhile|(?:formerly|previously)(?: known as)?(?! part of)"
    r"|ehemals|vormals|anciennement|tidligere|d/h|dahulu|gi[àa]|voorheen|antes|antiguamente"
)
_LATER = r"nka|n\s*/\s*k\s*/\s*a\.?|n\.k\.a\.?|now known as|now called|renamed(?: to| as)?"
_SPLIT = re.compile(
    rf"(?i)[\s,;:(\[]+(?:(?P<dba>{_TRADING})|(?P<alias>{_ALSO}|{_LATER})|(?P<former>{_FORMER}))[\s:]+"
    r"|\s*[,(\[]\s*(?:(?P<now>now)\s+|(?P<once>ex)[\s-]+(?=\w{2}))"
    # A stroke between two names, not the one of 'A / S'.
    r"|(?<=[^\W\d_]{4})\s+(?P<beside>/)\s+(?=[^\W\d_]{4})"
)
# 'Portland, City of' is the City of Portland.
_TURNED = re.compile(
    r"(?i)^(?P<name>[^,]+(?:, [A-Z][a-z]+)?), "
    r"(?P<first>(?:the )?(?:city|town|village|county|state|university|bank|port|republic) of)$"
)
_BESIDE = re.compile(r"^(?P<one>[^()]+?)(?:\s+[-–—]\s+|\s*\()(?P<other>[^()]+?)\)?$")
# 'Hyundai Motor Company & Kia Motors Corporation' are two, 'Hartwell Ltd & Sons Ltd' is one.
_FORM = r"(?:company|corporation|corp\.?|inc\.?|incorporated|ltd\.?|limited|gmbh|llc)"
_TWO = re.compile(
    rf"(?i)^(?P<one>\S.*?\w,? {_FORM}) ?(?:&|and|;) "
    rf"(?P<other>(?!co\b|company|sons?\b|cie|bro|associates|partners)\w\S* \w.* {_FORM})$"
)
_SMALL = frozenset("a an and de des di do du e et for für of the und y & +".split())
# 'Global Equity (ex Tobacco) Fund', 'Managed Fund / Global Value': what a fund leaves out is no former name, and an umbrella's
# name is not another one of each fund under it.
_FUNDS = re.compile(
    r"(?i)\b(?:funds?|fondos?|index|equit(?:y|ies)|bonds?|credit|etf|portfolio|sicav|umbrella|(?:multi)?gestion)\b"
)
_NOT_OF_FUNDS = ("once", "beside")
_KINDS = {"beside": "alias", "now": "alias", "once": "former"}


def names_another(text: str) -> bool:
    """Whether it begins as another name of the same company does: '(now …', ', dba …'."""
    return _SPLIT.match(text) is not None


def name_parts(text: str) -> list[tuple[str, str]]:
    """The names in one field with their kind ('legal', 'dba', 'alias', 'former', 'short'), the main one first."""
    text = _TURNED.sub(r"\g<first> \g<name>", text) if text.endswith((" of", " OF")) else text
    found: list[tuple[str, str]] = []
    kind, start = "legal", 0
    for split in _SPLIT.finditer(text):
        if split.lastgroup in _NOT_OF_FUNDS and _FUNDS.search(text):
            continue
        found.append((kind, text[start : split.start()]))
        kind, start = _KINDS.get(str(split.lastgroup), str(split.lastgroup)), split.end()
    found.append((kind, text[start:]))
    if len(found) == 1 and (two := _TWO.match(text)):
        found = [("legal", two["one"]), ("alias", two["other"])]
    elif len(found) == 1:
        marked = "(" in text or "-" in text or "–" in text
        found = (_with_initials(text) if marked else _after_initials(text)) or found
    named = [(kind, part.strip(" ,;()[]-")) for kind, part in found]
    return [(kind, part) for kind, part in named if any(char.isalnum() for char in part)][:4]


def _with_initials(text: str) -> list[tuple[str, str]]:
    """The two names of 'TCEC - Tri-County Electrical Contractors', 'Deutsche Bahn (DB)' or 'Toshiba (東芝)', the full one first,
    initials of it as 'short'; [] where the one is neither the initials of the other nor the same in another script."""
    beside = _BESIDE.match(text)
    if beside is None:
        return []
    if is_foreign(beside["one"]) != is_foreign(beside["other"]):
        return [("legal", beside["one"]), ("alias", beside["other"])]
    short, full = sorted((beside["one"].strip(" ,"), beside["other"].strip(" ,")), key=len)
    letters = "".join(char for char in short if char.isalnum())
    # Two letters are said to be initials only in brackets: 'National Instruments (NI)', not 'IT - Infrared Technology'.
    if not (2 if text.endswith(")") else 3) <= len(letters) < 13 or " " in short:
        return []
    words = re.findall(r"[^\W_]+", full)
    initials = ["".join(w[0] for w in words), "".join(w[0] for w in words if w.lower() not in _SMALL)]
    told = len(letters) > 2 or letters.isupper()
    met = told and any(_stands_for(letters.upper(), one.upper()) for one in initials)
    met = met or (len(letters) > 3 and _made_of(letters.lower(), [word.lower() for word in words]))
    return [("legal", full), ("short", short)] if met else []


def _stands_for(letters: str, initials: str) -> bool:
    """Whether letters are the initials of a name, or their beginning; the last may be a form's that was left out: 'RIL (Reliance
    Industries)'."""
    return initials.startswith(letters) or (
        len(initials) > 1 and letters[:-1] == initials and letters[-1] in "CILP"
    )


def _after_initials(text: str) -> list[tuple[str, str]]:
    """The two names of 'MSC Mediterranean Shipping Company'; [] where it does not begin with the initials of what follows."""
    short, _, full = text.partition(" ")
    if not (3 <= len(short) <= 6 and short.isalpha()) or short.lower() == "the":
        return []
    words = re.findall(r"[^\W_]+", full)
    initials = "".join(word[0] for word in words if word.lower() not in _SMALL).upper()
    return [("legal", full), ("short", short)] if initials.startswith(short.upper()) else []


def _made_of(short: str, words: list[str]) -> bool:
    """Whether it puts together beginnings of two words or more, in their order, the first one's first: 'inditex' those of
    'Industria de Diseño Textil'."""
    reached = set(range(1, _shared(short[:-1], words[0]) + 1))
    for word in words[1:]:
        reached |= {end + size for end in reached for size in range(1, _shared(short[end:], word) + 1)}
    return len(short) in reached


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
