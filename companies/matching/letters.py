"""A name's words in the letters that they were typed in: where they stand, and whether two read alike are written alike.

Names are compared in Latin letters, and other scripts have more of them: '新' and '鑫' are both read 'xin', 'عمر' and
'عمار' both 'mr'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from companies.matching.fold import clean, to_ascii
from companies.matching.types import Span
from companies.matching.wordlists import mapping

# Scripts whose letters are read in the same way by twos and threes; the last two lines are those of India.
_SCRIPTS = frozenset(
    "ARABIC HEBREW CJK HIRAGANA KATAKANA HANGUL CYRILLIC GREEK THAI"
    " DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA"
    " TAMIL TELUGU KANNADA MALAYALAM".split()
)
# Accents, points and hamzas are left out below here; above, marks belong to the letter.
_INDIC, _INDIC_END = 0x0900, 0x0D80
_LETTERS_OF_THEIR_OWN = frozenset("йў")
# One letter in several ways of writing: Arabic, Persian and Urdu; Ukrainian and Russian; the end of a Greek word.
_ONE_LETTER = str.maketrans(
    dict(zip("ٱ ة ى ی ک ہ ھ ە ۃ ے".split(), "ا ه ي ي ك ه ه ه ه ي".split(), strict=True))
    | dict(zip("і є э ґ ς".split(), "и е е г σ".split(), strict=True))
    | {"ء": "", "ـ": ""}
)
# Katakana are read as hiragana, and small kana as large ones, as older company names have them: 'キヤノン', 'キャノン'.
_KANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_LARGE = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
_LONG_AT_THE_END = re.compile("ー(?![ぁ-ゖー])")  # 'コンピューター', 'コンピュータ'
_AGAIN = re.compile("(.)々")


def _indic(*places: int) -> str:
    """The letters and signs that stand at these places in the nine scripts of India, which Unicode keeps in one order."""
    return "".join(chr(start + place) for start in range(_INDIC, _INDIC_END, 0x80) for place in places)


# A consonant without its vowel in one sign, as it is written in two elsewhere.
_WITHOUT_VOWEL = str.maketrans({"ৎ": "ত্", "ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്"})
# A nasal is a letter of its own, a point or a moon: 'हिन्दुस्तान', 'हिंदुस्तान'; at a word's end only 'm' is a point.
_NASAL = re.compile(
    rf"[{_indic(0x19, 0x1E, 0x23, 0x28)}][{_indic(0x4D)}](?=[{_indic(*range(0x15, 0x3A))}])"
    rf"|[{_indic(0x2E)}][{_indic(0x4D)}]|[{_indic(0x01, 0x02)}\u0a70]"
)
# Long i and u are written for short ones, open e and o for closed. That a consonant has no vowel, points below and the sign of a
# double letter are left out.
_INDIC_WAYS = {
    **str.maketrans(_indic(0x08, 0x0A, 0x40, 0x42), _indic(0x07, 0x09, 0x3F, 0x41)),
    **str.maketrans(_indic(0x0D, 0x11, 0x45, 0x49), _indic(0x0F, 0x13, 0x47, 0x4B)),
    **dict.fromkeys(map(ord, _indic(0x3C, 0x4D) + "\u0a71")),
}
_VOWELS = dict.fromkeys(map(ord, _indic(*range(0x3E, 0x4D))))


def own_letters(text: str) -> str:
    """The letters and digits of a text in its own script, in one way of writing it: 'أحمد' → 'احمد', '華新' → '华新', 'トヨタ' →
    'とよた'. '' where it has none of a script that is read in fewer letters than it has."""
    if text.isascii() or not any(map(script_of, text)):
        return ""
    low = _AGAIN.sub(r"\1\1", text.lower().translate(_one_form()))
    low = "".join(_bare(char) for char in low).translate(_ONE_LETTER).translate(_KANA)
    if max(low, default="") >= chr(_INDIC):
        low = _NASAL.sub("\u0902", low.translate(_WITHOUT_VOWEL)).translate(_INDIC_WAYS)
    return _LONG_AT_THE_END.sub("", low).translate(_LARGE)


def are_read_alike_only(one: str, other: str) -> bool:
    """Whether two results of `own_letters` for words that are read alike are written in other letters of one script."""
    return one != other and are_of_one_script(one, other)


def differ_in_vowels_only(one: str, other: str) -> bool:
    """Whether two results of `own_letters` in one script of India have the same consonants: 'कमल', 'कोमल'. Vowels are signs
    beside them, written in more than one way in words from other languages: 'नेशनल', 'नैशनल'."""
    if not (one and other) or one == other or not chr(_INDIC) <= one[0] < chr(_INDIC_END):
        return False
    return one.translate(_VOWELS) == other.translate(_VOWELS)


def are_of_one_script(one: str, other: str) -> bool:
    """Whether two results of `own_letters` can be compared letter by letter."""
    return bool(one and other) and _script(one) == _script(other) != ""


def stretches(text: str, surfaces: Sequence[str]) -> list[Span | None]:
    """For each folded word, in the order of the text, where it stands there with all its letters; None where it does not."""
    letters, offsets = _letters(text)
    found: list[Span | None] = []
    start = last = 0
    for surface in surfaces:
        at = letters.find(surface, start)
        at = letters.find(surface) if at < 0 else at
        if at < 0:
            found.append(None)
            continue
        start = at + len(surface)
        begins, ends = offsets[at], offsets[start - 1] + 1
        least = last if begins >= last else 0
        while begins > least and _is_silent(text[begins - 1]):
            begins -= 1
        while ends < len(text) and _is_silent(text[ends]):
            ends += 1
        last = ends
        found.append((begins, ends))
    return found


def letters_of(text: str) -> list[tuple[str, int]]:
    """The text's letters and digits, folded, each with the offset of the character it came from."""
    return list(zip(*_letters(text), strict=True))


@lru_cache(maxsize=8192)
def script_of(char: str) -> str:
    """The script of a letter, '' where it is of none that is read in fewer letters than it has."""
    script = unicodedata.name(char, "").partition(" ")[0] if char > "\u036f" and char.isalpha() else ""
    return script if script in _SCRIPTS else ""


def _script(letters: str) -> str:
    return next(filter(None, map(script_of, letters)), "")


@cache
def _one_form() -> dict[int, str]:
    """Every Chinese and Japanese character to its one form, whether they are read alike or not."""
    forms = {**mapping("han_forms"), **mapping("han_variants")}
    return {ord(char): forms.get(form, form) for char, form in forms.items()}


@lru_cache(maxsize=8192)
def _bare(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if ord(char) < _INDIC and char not in _LETTERS_OF_THEIR_OWN:
        char = "".join(
            part for part in unicodedata.normalize("NFD", char) if unicodedata.category(part) != "Mn"
        )
    return char if char.isalnum() or unicodedata.category(char or " ")[0] == "M" else ""


@lru_cache(maxsize=8192)
def _folded(char: str) -> str:
    return "".join(one for one in to_ascii(clean(char)) if one.isalnum())


@lru_cache(maxsize=8192)
def _is_silent(char: str) -> bool:
    """Whether it belongs to a word, but to none of the letters that it is read in: the alif, an accent."""
    return (
        not char.isascii() and (char.isalpha() or unicodedata.category(char)[0] == "M") and not _folded(char)
    )


@lru_cache(maxsize=1024)
def _letters(text: str) -> tuple[str, list[int]]:
    """The text's letters and digits, folded, each with the offset of the character it came from."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        folded = _folded(char)
        letters += folded
        offsets += [offset] * len(folded)
    return "".join(letters), offsets
