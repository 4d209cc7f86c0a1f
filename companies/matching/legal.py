"""Legal forms: taken off the end and the start of a name, and kept apart."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from companies.matching.fold import to_ascii, to_ascii_german
from companies.matching.forms import form_class, homes
from companies.matching.rates import is_frequent, is_general
from companies.matching.wordlists import lines

_CONNECTORS = frozenset({"and", "u", "und", "et", "y"})
# Forms that are written before a name have few letters, as initials do; some are beside any other: 'Oy Pictor Ltd'.
_SHORT = 3
_BESIDE_ANY = frozenset({"oy", "pt"})
# With full stops these are always initials before a name: 'A. O. Smith', 'A.S. Watson'. 'N.V.' and 'P.T.' may be forms.
_DOTTED_INITIALS = re.compile(r"(?i)\W*a\. ?[bos]\.")
_MAY_BE_INITIALS = re.compile(r"(?i)\W*([a-z]{2,3}|[a-z] [a-z])(?![^\W_])")
# In the middle of a name only these are surely a form ('Deutsche GmbH Technik').
_ANYWHERE = frozenset(
    "gmbh ltd inc llc limited incorporated pty pvt plc llp bhd sdn gbr ohg kgaa srl sarl eurl".split()
)


def _phrases(entry: str) -> set[tuple[str, ...]]:
    folded = {to_ascii(entry), to_ascii_german(entry)}
    return {tuple(re.findall(r"[a-z0-9]+", text.replace("'", ""))) for text in folded} - {()}


class _Forms(NamedTuple):
    """The forms at the end and at the start of a name as tuples of words, the words they end and begin with and all their
    words, and how many the longest has."""

    ends: frozenset[tuple[str, ...]]
    starts: frozenset[tuple[str, ...]]
    last_words: frozenset[str]
    first_words: frozenset[str]
    words: frozenset[str]
    longest: int


@cache
def _forms() -> _Forms:
    ends: set[tuple[str, ...]] = set()
    starts: set[tuple[str, ...]] = set()
    for line in lines("legal_forms"):
        if _is_native(line):
            continue
        phrases = _phrases(line.removeprefix("^"))
        # 'sp z o o' may also come as 'sp zoo' or 'spzoo' after dotted letters were joined.
        phrases |= {_joined_letters(phrase) for phrase in phrases} | {
            ("".join(phrase),) for phrase in phrases
        }
        ends |= phrases
        if line.startswith("^"):
            starts |= phrases
    return _Forms(
        frozenset(ends),
        frozenset(starts),
        frozenset(form[-1] for form in ends),
        frozenset(form[0] for form in starts),
        frozenset(word for form in ends for word in form),
        max(map(len, ends)),
    )


def _joined_letters(phrase: tuple[str, ...]) -> tuple[str, ...]:
    out: list[str] = []
    for index, word in enumerate(phrase):
        after_letter = index > 0 and len(phrase[index - 1]) == 1
        if len(word) == 1 and after_letter:
            out[-1] += word
        else:
            out.append(word)
    return tuple(out)


def _is_native(form: str) -> bool:
    """Whether a form is written in another script: it is taken off before folding, lest 'АО' eat 'AO Smith'."""
    return any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in form)


_UNSPACED_FROM = "\u0e00"  # Thai; Chinese, Japanese and Korean come later


@cache
def _native_forms() -> tuple[tuple[str, ...], frozenset[str], int]:
    """Forms of scripts that write without spaces, the longest first; those of the others, and their most words."""
    forms = [
        line.removeprefix("^").lower() for line in lines("legal_forms") if _is_native(line.removeprefix("^"))
    ]
    spaced = frozenset(
        form.replace(".", "") for form in forms if form[0] < _UNSPACED_FROM or "\u1000" <= form[0] < "\u2e80"
    )
    unspaced = sorted(
        (form for form in forms if form[0] >= "\u2e80" or _UNSPACED_FROM <= form[0] < "\u1000"),
        key=len,
        reverse=True,
    )
    return tuple(unspaced), spaced, max((form.count(" ") + 1 for form in spaced), default=0)


# '(株)日立製作所', '현대모비스(주)', 'จำกัด (มหาชน)'.
_BRACKETED = re.compile(
    r"^\s*[(（]?\s*(?:株|有|合|資|名|社|財|医|学|주|유|사|재)\s*[)）]\s*|\s*[(（]\s*(?:株|有|合|資|名|社|財|医|学|주|유|사|재|มหาชน)\s*[)）]?\s*$"
)


# Marks that these scripts put around a name or behind it.
_MARKS = re.compile("[。、・「」『』《》〈〉【】“”„…]+")


def strip_native(text: str) -> str:
    """The text without a legal form in its own script at its end or start, before or behind a mark ('…有限公司 - 深圳'); a text
    of nothing else keeps it."""
    if text.isascii():
        return text
    if max(text) >= _UNSPACED_FROM:
        text = _strip_unspaced(_MARKS.sub(" ", text).strip() or text)
    text = _strip_spaced(text)
    return _strip_spaced(text)


def _strip_unspaced(text: str) -> str:
    text = _BRACKETED.sub("", text) or text
    bare = _unspaced_form().sub(" ", text).strip()
    return bare if any(char.isalnum() for char in bare) else text


@cache
def _unspaced_form() -> re.Pattern[str]:
    either = "|".join(map(re.escape, _native_forms()[0]))
    return re.compile(rf"(?<!\w)(?:{either})|(?:{either})(?!\w)")


def _strip_spaced(text: str) -> str:
    _, spaced, longest = _native_forms()
    words = text.split()
    for size in range(min(longest, len(words) - 1), 0, -1):
        if _bare(words[-size:]) in spaced:
            return " ".join(words[:-size])
        if _bare(words[:size]) in spaced:
            return " ".join(words[size:])
    return text


def _bare(words: list[str]) -> str:
    return " ".join(words).lower().replace(".", "").strip("\"'«»“”,")


# What Chinese names say of a company as a whole, between its name and its legal form: 'Group', 'Holding'.
_WHOLE = re.compile(r"(?<=\w)(集团|集團|控股)(?=(?:集团|集團|控股)*(?!\w))")


def whole_apart(text: str) -> str:
    """'万科集团' → '万科 集团': no legal form, but a word of its own, as in 'Vanke Group'. For a text without its legal form."""
    return text if text.isascii() else _WHOLE.sub(r" \1", text)


# Long forms are recognised with a slip of the key in them.
_LONG_FORMS = (
    "limited",
    "private",
    "company",
    "corporation",
    "incorporated",
    "proprietary",
    "partnership",
    "gesellschaft",
    "aktiengesellschaft",
    "sociedad",
    "aktiebolag",
)


def _is_telling(word: str) -> bool:
    return not is_general(word) and not is_general(word.removesuffix("s"))


def _mended(words: list[str]) -> list[str]:
    """The last two words, where they are a long legal form with one slip in it, put right."""
    out = list(words)
    for place in range(max(1, len(words) - 2), len(words)):
        out[place] = _mended_word(words[place])
    return out


@lru_cache(maxsize=8192)
def _mended_word(word: str) -> str:
    if len(word) < 6 or word in _forms().words or is_frequent(word):
        return word
    return next((form for form in _LONG_FORMS if OSA.distance(word, form, score_cutoff=1) <= 1), word)


# What a branch calls itself behind its company's legal form: 'Siemens AG Niederlassung Nürnberg'.
_BRANCH = frozenset(
    "niederlassung zweigniederlassung znl succursale sucursal filial filiale branch oddzial pobocka fioktelepe bijkantoor".split()
)
_WHERE = 3


def split_branch(tokens: list[str], *, initials: bool = False) -> tuple[list[str], list[str]]:
    """As `split_legal`, for a branch, too: its company's own words with where it is, and the form between them."""
    for place in range(2, len(tokens)):
        if tokens[place] in _BRANCH and len(tokens) - place <= _WHERE + 1:
            for before in range(place, max(1, place - _WHERE - 1), -1):
                own, form = split_legal(tokens[:before], initials=initials)
                if form and tokens[before - len(form) : before] == form:
                    return own + tokens[before:place] + tokens[place + 1 :], form
    return split_legal(tokens, initials=initials)


def are_initials(text: str) -> bool:
    """Whether the letters before a name, as typed, are no form but somebody's initials: 'A. O. Smith'."""
    return _DOTTED_INITIALS.match(text) is not None


def may_be_initials(text: str, form: list[str]) -> bool:
    """Whether the whole form of a name, given in Latin letters, is letters before it that may be initials as well: 'AB Agri' is
    'Agri AB' or 'AB Agri Ltd'."""
    begins = _MAY_BE_INITIALS.match(text)
    return begins is not None and form == [begins[1].replace(" ", "")] and form[0] not in _BESIDE_ANY


def _may_begin(start: tuple[str, ...], end: list[str], *, initials: bool) -> bool:
    """Whether words at the start are a form although another one stands at the end: 'Ab Archipelago Solar Oy', but neither
    'AB American Bike SRL' nor 'AS Air Lease 87 Limited'."""
    if len(start) > 1 or len(start[0]) > _SHORT or start[0] in _BESIDE_ANY:
        return True
    if initials or not end:
        return not initials
    return not homes(form_class(start)).isdisjoint(homes(form_class(tuple(end))))


def is_surely_a_form(word: str) -> bool:
    """Whether a word is a legal form wherever it stands, and nobody's name: 'gmbh', unlike 'sas' or 'ag'."""
    return word in _ANYWHERE


def split_legal(tokens: list[str], *, initials: bool = False) -> tuple[list[str], list[str]]:
    """The name's own words, and those of its legal form. A name made of nothing else keeps its words. `initials` takes a few
    letters before the name for initials, whatever form they may be."""
    forms = _forms()
    words, form = _mended(tokens), list[str]()
    stripped = True
    while stripped and len(words) > 1:
        stripped = False
        most = min(forms.longest, len(words) - 1) if words[-1] in forms.last_words else 0
        for size in range(most, 0, -1):
            if tuple(words[-size:]) in forms.ends:
                form, words, stripped = words[-size:] + form, words[:-size], True
                break
        while len(words) > 1 and words[-1] in _CONNECTORS:
            words.pop()
    most = min(forms.longest, len(words) - 1) if words and words[0] in forms.first_words else 0
    for size in range(most, 0, -1):
        # 'SIA Foods': with nothing telling after it the form at the start may be the name.
        start = tuple(words[:size])
        begins = start in forms.starts and any(map(_is_telling, words[size:]))
        if begins and _may_begin(start, form, initials=initials):
            form, words = words[:size] + form, words[size:]
            break
    inside = [word for word in words if word in _ANYWHERE]
    if inside and len(inside) < len(words):
        words, form = [word for word in words if word not in _ANYWHERE], form + inside
    return (words, form) if words else (list(tokens), [])
