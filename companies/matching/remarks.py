"""What people write beside a company's name: remarks, account numbers, who opens the mail, addresses."""

from __future__ import annotations

import re
from functools import cache

from companies.matching.seats import FAMILIES, without_seat
from companies.matching.wordlists import lines

_WHOM = (
    r"attn|att|(?:to the )?attention(?: of)?|c/o|(?<=[,;(-] |.\()care of|fao|z\.? ?hd\.?|zu h[äa]nden|[aà] l.?attention de"
    r"|a la atenci[oó]n de"
)
_CARE_OF = re.compile(rf"(?i)[\s,;(-]*\b(?:{_WHOM})(?<=\w|\.)(?!\w)[:.\s].*$")
# Before the name, as on an envelope: up to the comma, colon or dash.
_TO_WHOM = re.compile(rf"(?i)^\s*(?:{_WHOM})(?!\w)[:.\s](?:[^,;:]*?(?:[,;:]|\s[-–—]\s))\s*(?=\w)")
_MESSRS = re.compile(r"(?i)^\s*(?:m/s\.?|messrs\.?|firma|fa\.)\s+(?=\w)")
# '- EMEA', '- FY25', '- Q3 2024' behind a name, one after the other.
_REGION = re.compile(
    r"(?:\s*[(\[](?:EMEA|APAC|LATAM|DACH|MENA|CEE)[)\]]|\s+FY ?\d\d(?:\s+(?i:renewal|upsell|expansion|deal))?"
    r"|\s+[-–—|/]\s*(?:EMEA|APAC|LATAM|NAM|NORAM|AMER|DACH|MENA|CEE|JAPAC|20[12]\d"
    r"|(?:(?:FY|Q[1-4]|H[12])[ /-]?(?:\d\d){0,2}|(?:Q[1-4]|H[12])[ /-]?(?:FY)?(?:\d\d){1,2})"
    r"(?:\s+(?i:renewal|upsell|expansion|deal|rollout|project))?))+\s*$"
)
# Which of the company's deals it is: '- Phase 2', '(Lot 3)', ': Opp 2', '- Phase II rollout'.
_DEAL = re.compile(
    r"(?i)(?<=[\w.)])\s*(?:\s[-–—|/]|:|[(\[])\s*(?:phase|lot|opp(?:ortunity)?|deal|rollout|expansion|upsell)\.?"
    r" ?(?:#|no\.?|nr\.?)? ?(?:\d{1,3}|[ivx]{1,4})(?:\s+(?:renewal|upsell|expansion|deal|rollout|project))?\s*[)\]]?\s*$"
)
# What is built in phases and sold in lots is numbered by them.
_BUILT = frozenset(
    "solar wind hydro hydrogen mine mining dam pipeline offshore onshore farm tower towers plaza estate estates property"
    " properties housing homes apartment apartments residence residences residential villa villas condo condos condominium"
    " condominiums mall development developments marina wharf quay".split()
)
_NUMBERED = re.compile(r"(?i)\b(?:phase|lot)\b")
# 'as of 2025', 'as at 31/12/2024'.
_AS_OF = re.compile(r"(?i)(?<=\w)[\s,;(-]+as (?:of|at) [\w./ -]{0,14}?(?:19|20)\d\d\)?\s*$")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2212", "-"))
# Numbers of a list's own behind a name: '- VENDOR 004512', 'KdNr 77812', '(PO 8871)'.
_OWN_NUMBER = re.compile(
    r"(?i)(?:[\s,;:|(–—-]*\b(?:kd\.?-?nr|kundennr|kundennummer|debitor(?:ennr)?|kreditor(?:ennr)?"
    r"|(?:vendor|supplier|customer|cust|client)(?: ?(?:no|nr|id|number))?)"
    r"|\s*[|(–—-]\s*(?:po|p\.o|kd|so|ref|id|no|nr|sap|crm|opp|order|case|quote|ticket))"
    r"\.?\s*[:#]?\s*\d{3,}[\dA-Z/-]*\)?\s*$"
)
# Before a name: '2023-POC-Metro AG', 'Lead #4471 Metro AG', '[Partner] Metro AG'.
_OWN_CODE = re.compile(
    r"(?i)^(?:(?:(?:19|20)\d\d[-_/ ]+(?:poc|rfp|rfq|rfi|opp|deal|renewal|q[1-4])|(?:rfp|rfq|rfi|opp)_)[-_/: ]+"
    r"|(?:lead|deal|case|ticket|order|quote|opp|opportunity|rfp|rfq|rfi|po)\.? ?(?:#|no\.?|nr\.?) ?\d[\dA-Z-]*[-_/:, ]+"
    r"|(?:cust(?:omer)?|client|vendor|supplier|acc(?:oun)?t|kd-?nr|kundennr)\.? ?(?:#|no\.?|nr\.?|id)? ?:? ?\d{4,}[-_/:, ]+"
    r"|\[[^\[\]]{2,24}\]\s*)(?=\w\w)"
)
# How the company is reached and taxed, behind its name: 'tel. +1 314 553 2000', 'VAT DE123658859'.
_REACHED = re.compile(
    r"(?i)(?<=\w)[\s,;.(|–—-]*\b(?:(?:tel|phone|ph|fax|mobile|cell|telefon|tél|mob)\b\.?\s*[:#]?\s*[+(]?\d[\d ()./-]{5,}"
    r"|(?:vat|tva|mwst|iva|p\.? ?iva|partita iva|ust-?id(?:-?nr)?|btw|nip|cif|nif|abn|ein|gstin|cnpj|uid|duns)"
    r"(?: ?(?:no|nr|number|id))?\b\.?\s*[:#]?\s*(?=[\dA-Z.-]*\d{3})[\dA-Z./ -]{6,})\)?\s*$"
)
# Through whom it buys: '(via Ingram Micro)'.
_THROUGH = re.compile(r"(?i)\s*\((?:via|through|thru|über|par|por|tramite)\s[^()]+\)\s*$")
# '(1398.HK)', '(NYSE: GE)', '<migrated from SAP>'.
_LISTING = re.compile(
    r"\s*\((?:[\dA-Z]{1,6}\.[A-Z]{1,3}|(?:NYSE|NASDAQ|LSE|TSE|HKEX|SEHK|ASX|BSE|NSE|TSX|FWB|SIX|SGX|KRX|JSE)\s*:\s*[\w.]+)\)|\s*<[^<>]*>"
)
# Kinds of shares in lists of a stock exchange: 'Sixt AG ST O.N.'.
_SHARES = re.compile(r"\s+(?:(?:NA|INH|VZO?|ST)\.?\s+)?O\.\s?N\.?\s*$")
# Whose company it is: '(Geely Group)', ', a Tata company', '- ein Unternehmen der X-Gruppe', 'spun off from X'.
_OWNER = re.compile(
    r"(?i)(?<=\w)[\s,;.]*(?:[(\[][^()\[\]]*[^\W_]{2}[\s-]+(?:group|gruppe|groupe|gruppo|grupo|konzern)(?: company)?\s*[)\]]"
    r"|[,(–—-]\s*(?:an? (?:member of )?(?:the )?[\w&. -]+ (?:group )?company|ein unternehmen der [\w&. -]+)\)?"
    r"|[,(–—-]\s*(?:formerly |once )?(?:part of|spun off from|spun out of|owned by|owner of|subsidiary of|division of)"
    r" [^()]+\)?)\s*$"
)
# Where a register says in which state a company was founded: 'PVH CORP. /DE/'.
_STATE = re.compile(r"\s+/\s?[A-Za-z]{2,4}\s?/?\s*$|\s+\\[A-Za-z]{2}\\?\s*$")
# A short number after '#' tells funds, locals and branches apart.
_NUMBER_TAG = re.compile(
    r"(?i)(?<!store )(?<!stores )(?<!shop )(?<!restaurant )(?<!branch )(?<!unit )(?<!lodge )(?<!club )(?<!hotel )"
    r"(?:#(?=[A-Z-]*\d{5}|[A-Z]+-?\d{4}|\d+\s+net\s?\d)|\bacct\.?|\baccount (?:no|number)\.?)"
    r"\s*[:#]?\s*[\dA-Z-]*\d[\dA-Z-]*(?:\s+net\s?\d\d\b)?"
)
# At the end of a name these need no dash before them.
_AFTER = re.compile(
    r"(?<=\w)\W\s*(?:duplicate|dupe?|inactive|obsolete|do not use"
    r"|(?i:(?:corporate|global|world) hq|(?:corporate |global |world )?headquarters|head office))\s*$"
)
# '**KEY ACCT** Honeywell'.
_STARRED = re.compile(r"\*{2,}[^*]+\*{2,}(?=[^*]*\w)|(?<=\w)\s*\*{2,}[^*]+\*{2,}\s*$")
# 'Pfizer Inc; Q3 renewal': small words, quarters and years behind a semicolon.
_BEHIND_SEMICOLON = re.compile(
    r"(?<=[\w.)])\s*;\s*(?:(?:[Qq][1-4]|[Ff][Yy] ?\d\d|20\d\d|[a-z][a-z/.-]*)(?:\s+|$))+$"
)
# Small letters after a dash: 'Novelis - ref. from Ford'. 'Leeds, UK' is a place, 'Retail, LLC' is not.
_ASIDE = re.compile(
    r"^(?P<head>[^a-z]*[A-Z].*?)\s[-–—]\s+"
    r"(?:(?:ref|re|via|see|from|site|branch|office|plant|dept|contact|per)\b"
    r"|[A-Z][\w .]+, ?(?!L[A-Z]+$|[A-Z]*L[CP]$|S[ALEP]$|A[BGS]$|[BN]V$|FIL$|SRL$|PTY$|BHD$|INC$)[A-Z]{2,3}$).*$"
)
# What comes after marks of doubt is for whoever keeps the list.
_DOUBT = re.compile(r"(?<=\w)\W*(?:\?{2,}|!{2,}).*$")
# Without one of these nothing is a remark, as in most names.
_SIGNS = frozenset("([{<*#|:;_/\\–—?!+")
_REMARK_WORDS = frozenset(
    "attn att attention attenzione atención atencion zhd hd handen händen fao acct account messrs firma fa kdnr kd kundennr"
    " kundennummer vendor supplier customer cust client debitor debitorennr kreditor kreditorennr duplicate dup dupe inactive"
    " obsolete use care tel phone ph fax mobile telefon vat tva mwst iva ustid ustidnr btw nip cif nif abn ein gstin cnpj"
    " hq headquarter headquarters office lead deal case ticket order quote opp opportunity".split()
)
# Words that begin what is said of an owner.
_MAY_BE_OWNED = re.compile(
    r"(?i)group|gruppe|gruppo|grupo|konzern|company|unternehmen|part of|spun|own|subsidiary of|division of"
)


def without_remarks(text: str) -> str:
    """The name without 'attn …', account numbers, '(DO NOT USE)', an address behind it and the like; the text where nothing
    else remains. A full stop behind it all changes nothing."""
    text = text.translate(_HYPHENS)
    bare = _without_remarks(text)
    if bare == text and text.endswith("."):
        ended = text.rstrip(". ")
        bare = _without_remarks(ended)
        return text if bare == ended else bare
    return bare


def _without_remarks(text: str) -> str:
    text = _SHARES.sub("", text) if text.endswith(("N", "N.")) else text
    if not _may_hold_remark(text):
        if "," not in text:
            return text
        bare = _OWNER.sub("", text) if _MAY_BE_OWNED.search(text) else text
        bare = without_seat(bare).strip(" -|*")
        return bare if any(char.isalnum() for char in bare) else text
    bare = _BEHIND_SEMICOLON.sub("", _STARRED.sub(" ", text).strip())
    bare = _CARE_OF.sub("", _TO_WHOM.sub("", _MESSRS.sub("", _STATE.sub("", bare))))
    bare = _REACHED.sub("", _LISTING.sub("", _THROUGH.sub("", bare)))
    bare = _OWN_CODE.sub("", _without_region(_OWN_NUMBER.sub("", _without_deal(_AS_OF.sub("", bare)))))
    if _MAY_BE_OWNED.search(bare):
        bare = _OWNER.sub("", bare)
    bare = _before().sub("", _NUMBER_TAG.sub(" ", bare))
    bare = _ASIDE.sub(
        r"\g<head>", _AFTER.sub("", _without_region(_set_apart().sub(" ", _DOUBT.sub("", bare))))
    )
    bare = re.sub(r"\(\s*\)|\[\s*\]", " ", bare).strip(" -–—|*")
    bare = without_seat(bare)
    return bare if any(char.isalnum() for char in bare) else text


def _may_hold_remark(text: str) -> bool:
    if not _SIGNS.isdisjoint(text) or " -" in text or "- " in text or text[:4].isdigit():
        return True
    low = text.lower()
    return (
        low.startswith("zz")
        or " as of " in low
        or " as at " in low
        or not _REMARK_WORDS.isdisjoint(low.replace(".", "").split())
    )


def _without_region(text: str) -> str:
    """Without regions and years, which tell the funds of a family apart."""
    return text if not FAMILIES.isdisjoint(text.lower().split()) else _REGION.sub("", text)


def _without_deal(text: str) -> str:
    found = _DEAL.search(text)
    if found is None:
        return text
    is_built = not (FAMILIES | _BUILT).isdisjoint(re.findall(r"[a-z]+", text.lower()))
    return text if is_built and _NUMBERED.search(found[0]) else text[: found.start()]


def _phrases() -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(lines("crm_noise"), key=len, reverse=True))


@cache
def _set_apart() -> re.Pattern[str]:
    """Remarks set apart from the name: in brackets, after a dash, between stars. In brackets small words and numbers may
    follow: '(renewal 2024)', but not '(Old Mutual)'."""
    more = r"(?:\s+[a-z/.]+)*(?:\s+(?i:(?:q[1-4]|fy|no\.?)?\s?#?\d[\w/.-]*))*"
    return re.compile(
        rf"(?<![(\[{{*])[(\[{{*]+\s*(?i:{_phrases()}){more}\s*[)\]}}*]+|(?:\s[-–—:|]+|\*+)\s*(?i:{_phrases()})"
        rf"(?:\s+(?i:q[1-4]|fy|h[12])?\s?\d[\d/.-]*)*\s*$"
    )


@cache
def _before() -> re.Pattern[str]:
    """Remarks before the name: 'OLD - Acme', 'zzz_Acme'."""
    phrase = rf"(?:q[1-4] )?(?:{_phrases()})"
    return re.compile(
        rf"(?i)^\W*(?:{phrase}\s*(?:\s[-–—/]+\s|[:|_]|!+)|(?:zz+|xxx+)[_:.-]|zzz+\s)\s*(?=\w\w)"
    )
