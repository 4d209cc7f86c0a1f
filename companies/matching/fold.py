"""Text to plain letters: bounded, without control characters, case, accents or scripts other than Latin."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import unescape

from anyascii import anyascii

from companies.matching.wordlists import mapping

# A name longer than this is cut: nothing that tells companies apart comes later.
LONGEST = 300

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼʹ′"), None)
_TRADE_MARKS = dict.fromkeys(map(ord, "™℠"), " ")  # NFKC makes letters of them
_KEPT_SYMBOLS = frozenset("&+@")
_GERMAN = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ø": "oe",
        "Ø": "Oe",
        "å": "aa",
        "Å": "Aa",
    }
)
# A double quote inside a Hebrew word marks an abbreviation, as in the legal form בע"מ.
_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])["\u05f4](?=[\u05d0-\u05ea])')
_MISREAD = re.compile("[ÂÃÄÅÐÑØÙà-ï][\u0080-\u00bf\u0152-\u0178\u02c6-\u2122]")
# Arabic and Syriac letters that anyascii writes as a mark, which would cut the word in two.
_UNHEARD = dict.fromkeys(map(ord, "عܥ"), "")
_SPACES = re.compile(r"\s+")
# Letters that one script has and another writes with its neighbour; vowels and half-vowels are not written in all.
_SOUNDS = str.maketrans("bpgjcqkdtvfszxlr", "bbkkkkkttffssslr", "aeiouyhw")


def clean(text: str) -> str:
    """The text as one line of at most LONGEST characters, NFKC, without invisible characters,
    apostrophes, emoji and other symbols. Never raises."""
    short = text[: LONGEST * 2]
    if "&" in short:
        short = unescape(short)
    if short.isascii() and short.isprintable():  # most names: what follows would change nothing else
        return _SPACES.sub(" ", short.replace("'", "").replace("`", "")).strip()[:LONGEST]
    short = _read_again(short).translate(_APOSTROPHES | _TRADE_MARKS)
    short = _GERSHAYIM.sub("", short)
    whole = unicodedata.normalize("NFKC", short)[: LONGEST * 2]
    return _SPACES.sub(" ", "".join(map(_visible, whole))).strip()[:LONGEST]


def _read_again(text: str) -> str:
    """'UniversitÃ©' → 'Université': UTF-8 that somebody read as Western European, once or twice."""
    for _ in range(2):
        if not _MISREAD.search(text):
            break
        for encoding in ("cp1252", "latin-1"):
            try:
                text = text.encode(encoding).decode("utf-8")
                break
            except UnicodeError:
                continue
        else:
            break
    return text


def _visible(char: str) -> str:
    if char.isascii() and char.isprintable():
        return char
    kind = unicodedata.category(char)
    if kind in {"Cf", "Mn"} and not _joins(char):
        return ""  # right-to-left marks, joiners, variation selectors, vowel points
    if kind[0] == "C" or (kind[0] == "S" and char not in _KEPT_SYMBOLS):
        return " "
    return char


def _joins(char: str) -> bool:
    # Vowel signs of Indic scripts are marks that carry the sound; a combining accent was composed by NFKC.
    return ord(char) >= 0x0900 and unicodedata.category(char) == "Mn" and not 0xFE00 <= ord(char) <= 0xFE0F


def to_ascii(text: str) -> str:
    """Small Latin letters for any script: 'Müller' → 'muller', 'Лукойл' → 'lukoyl', '华为' → 'huawei'."""
    low = text.lower()
    return low if low.isascii() else anyascii(low.translate(_one_reading())).lower()


@cache
def _one_reading() -> dict[int, str]:
    return {**str.maketrans(mapping("han_variants")), **_UNHEARD}


def is_foreign(text: str) -> bool:
    """Whether it has letters of another script than Latin."""
    return not text.isascii() and any(
        char > "\u036f" and char.isalpha() and not _is_latin(char) for char in text
    )


def _is_latin(char: str) -> bool:
    return unicodedata.name(char, "").startswith("LATIN")


def sounds(joined: str) -> str:
    """The consonants of a folded name as they sound across scripts, repeats dropped: 'samseongjeonja' and 'samsungjeonja'
    are one, and so are 'aytwran' and 'ituran'."""
    return re.sub(r"(.)\1+", r"\1", joined.replace("ph", "f").replace("th", "t").translate(_SOUNDS))


def to_ascii_german(text: str) -> str:
    """As `to_ascii`, umlauts written out: 'Müller' → 'mueller'. The same text where there are none."""
    return to_ascii(text.translate(_GERMAN))


def without_digraphs(word: str) -> str:
    """'mueller' and 'muller' to one form, so that umlauts meet whichever way they were typed; 'lakshmi' and 'laxmi', too."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("ksh", "x")


def clean_display(text: str) -> str:
    """The text as typed, fit to be shown: one line, at most LONGEST characters, no control or direction marks."""
    visible = "".join(" " if _is_control(char) else char for char in text[: LONGEST * 4])
    return _SPACES.sub(" ", visible).strip()[:LONGEST].strip()


def _is_control(char: str) -> bool:
    # Joiners (U+200C, U+200D) belong to Persian and Indic spelling; what turns the direction of a line does not.
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char not in "\u200c\u200d"
