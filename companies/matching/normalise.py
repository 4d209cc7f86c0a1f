"""A company's name as the matcher sees it: its own words, its legal form, other ways to write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from companies.matching import domains, fold
from companies.matching.legal import split_legal, strip_unspaced
from companies.matching.parts import name_parts, without_noise
from companies.matching.wordlists import mapping, words

MOST_WORDS = 24

_ROMAN = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "xi": "11",
    "xii": "12",
}
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.[ ]?){2,}(?:[^\W\d_](?![^\W_]))?")
_TIGHT_AND = re.compile(r"(?<![^\W_])([^\W_]{1,2}) ?[&+] ?([^\W_]{1,2})(?![^\W_])")
_WEB_ENDING = re.compile(r"(?<=[^\W_]{2})\.(?:com|net|org|io)\b")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: `text` is what is compared, `surface` what was typed (folded)."""

    text: str
    surface: str


@dataclass(frozen=True, slots=True)
class Name:
    """A normalised name. `core` joins its words with spaces; `spellings` holds the core in every way of writing
    its umlauts; `form` is the legal form's words; `letters` what its initials may be.
    An empty core can't be compared."""

    raw: str
    words: tuple[Word, ...]
    form: tuple[str, ...]
    spellings: tuple[str, ...]
    letters: tuple[str, ...]

    @property
    def core(self) -> str:
        return self.spellings[0] if self.spellings else ""

    @property
    def joined(self) -> str:
        """The core without spaces."""
        return self.core.replace(" ", "")

    @property
    def typed(self) -> str:
        """The words without spaces as they were typed, abbreviations left as they are."""
        return "".join(word.surface for word in self.words)


@lru_cache(maxsize=8192)
def normalise(text: str) -> Name:
    """The main name in a field as typed. Takes any text, of any length; never raises."""
    return names_in(text)[0][1]


@lru_cache(maxsize=4096)
def names_in(text: str) -> tuple[tuple[str, Name], ...]:
    """Every name in a field with its kind (legal, dba, alias, former), the main one first; at least one."""
    tidy = fold.clean(text)
    if domains.looks_like_address(tidy):
        return (("legal", _single(text, domains.name_in_address(tidy))),)
    parts = name_parts(without_noise(tidy)) or [("legal", tidy)]
    return tuple((kind, _single(part if len(parts) > 1 else text, part)) for kind, part in parts)


def _single(raw: str, part: str) -> Name:
    bare = strip_unspaced(part)
    plain, form = _words(fold.to_ascii(_joined_initials(bare)))
    spellings = [" ".join(word.text for word in plain)]
    if any(char in bare.lower() for char in "äöüøå"):
        written_out, _ = _words(fold.to_ascii_german(_joined_initials(bare)))
        spellings.append(" ".join(word.text for word in written_out))
    return Name(
        raw[: fold.LONGEST],
        tuple(plain),
        tuple(form),
        tuple(dict.fromkeys(filter(None, spellings))),
        _initials(fold.to_ascii(_joined_initials(bare)), plain, form),
    )


def _initials(text: str, plain: list[Word], form: list[str]) -> tuple[str, ...]:
    """'Bank of America Corp' → 'ba', 'boa', 'bac', 'boac': without and with small words and the legal form."""
    if len(plain) < 2:
        return ()
    own = "".join(word.surface[0] for word in plain)
    every = re.findall(r"[a-z0-9]+", text.replace("'", ""))
    with_small = "".join(word[0] for word in every[: len(every) - len(form)])
    variants = [own, with_small, own + form[0][0] if form else own]
    return tuple(dict.fromkeys(letters for letters in variants if 3 <= len(letters) <= 8))


def _joined_initials(text: str) -> str:
    """'I.B.M.' → 'IBM', 'AT&T' → 'ATT', 'Booking.com' → 'Booking'."""
    text = _DOTTED.sub(lambda m: re.sub(r"[. ]", "", m.group()) + " ", text)
    return _WEB_ENDING.sub("", _TIGHT_AND.sub(r"\1\2", text))


def _words(text: str) -> tuple[list[Word], list[str]]:
    tokens = _letters_joined(re.findall(r"[a-z0-9]+", text.replace("'", "")))[: MOST_WORDS * 2]
    own, form = split_legal(tokens)
    telling = [token for token in own if token not in words("stop_words")] or own
    abbreviations = mapping("abbreviations")
    out: list[Word] = []
    for index, token in enumerate(telling[:MOST_WORDS]):
        canonical = abbreviations.get(token, token)
        if index > 0:
            canonical = _ROMAN.get(canonical, canonical)
        out.append(Word(canonical.lstrip("0") or canonical if canonical.isdigit() else canonical, token))
    return out, form


def _letters_joined(tokens: list[str]) -> list[str]:
    """Single letters that follow each other are initials: 'i b m' → 'ibm'."""
    out: list[str] = []
    running = False
    for token in tokens:
        letter = len(token) == 1 and token.isalpha()
        if letter and running:
            out[-1] += token
        else:
            out.append(token)
        running = letter
    return out
