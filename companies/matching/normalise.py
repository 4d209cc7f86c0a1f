"""A company's name as the matcher sees it: its own words, its legal form, other ways to write it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from companies.matching import domains, fold
from companies.matching.forms import form_class
from companies.matching.legal import (
    are_initials,
    may_be_initials,
    split_branch,
    strip_native,
    whole_apart,
)
from companies.matching.letters import (
    are_of_one_script,
    are_read_alike_only,
    differ_in_vowels_only,
    own_letters,
    stretches,
)
from companies.matching.parts import name_parts
from companies.matching.rates import is_general
from companies.matching.remarks import without_remarks
from companies.matching.wordlists import mapping, words

MOST_WORDS = 24

_TENS, _ONES = ("", "x", "xx", "xxx"), ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
# 'II' to 'XXXIX' as they number funds and holdings; a single letter is more often an initial than a number.
_ROMAN = {
    _TENS[number // 10] + _ONES[number % 10]: str(number) for number in range(2, 40) if number not in (5, 10)
}
# One letter that numbers what stands before it: 'Fund I GP', 'Partners V'. An 'I' at the end does so behind any word.
_SINGLE = {"i": "1", "v": "5", "x": "10"}
_NUMBERED = frozenset(
    "fund funds fonds partner partners series holding holdings investment investments investors capital trust portfolio feeder"
    " spv phase unit stage project compartment cell tranche class opco propco bidco holdco midco finco issuer funding financing"
    " leasing aviation equity ventures properties solar wind energy power clo opportunities growth income acquisition".split()
)
# Said of a company as a whole.
_WHOLE = frozenset({"group", "holding"})
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.[ ]?){2,}(?:[^\W\d_](?![^\W_]))?")
# Forms that are written in dotted groups: 'S.à r.l.', 'S.c. a r.l.', 'spol. s r.o.', 'Sp. z o.o.'. No letter before them belongs
# to them: 'Alpha I S.à r.l.'.
_OF_LIMITED_LIABILITY = re.compile(
    r"(?i)(?<![^\W_])(?:s\.? ?(?:c\.? ?)?[aàá]\.? ?r\. ?l|s\.? ?r\. ?o|z\.? ?o\. ?o)(?![^\W_])"
)
# A Czech form that is a surname without its full stops: 'Solar Jota v.o.s.', 'Jan Vos'.
_PUBLIC_PARTNERSHIP = re.compile(r"(?i)(?<=\w)[ ,]+v\. ?o\. ?s\.?(?=$|,| v likvidaci)")
# Not 'SE & Co. KG'.
_TIGHT_AND = re.compile(r"(?<![^\W_])([^\W_]{1,2}) ?[&+] ?(?![Cc][Oo](?![^\W_]))([^\W_]{1,2})(?![^\W_])")
# The same said at the start of a name: 'AT and T', 'h and m'.
_SAID_AND = re.compile(r"(?i)^([a-z]|at) (?:and|und) ([a-z])(?![^\W_])")
# '1und1'.
_NUMBERS_AND = re.compile(r"(?i)(?<![^\W_])(\d)(?:and|und|et)(\d)(?![^\W_])")
# 'fischerundpartner.de': the small word that 'Fischer & Partner' drops.
_WITHIN = re.compile(r"^(\w{3,}?)(?:and|und)(\w{3,})$")
_INNER = re.compile(
    r"(?<![^\W\d_])[^\W\d_]*?[a-z]{3}(?=[A-Z][a-z]{2})|(?<=[a-z]{3})[A-Z][a-z]{2,}|\b[A-Z]{3,}(?=[A-Z][a-z]{2})"
)
_DIGITS = re.compile(r"\d+")
_ORDINAL = re.compile(r"\d[a-z]+")
# 'University of York' and 'York University' are two.
_LINKS = frozenset("of for in de du des di do da del della von van der den fur fuer".split())
# 'Bharat Elec.', 'Masch.fabrik'.
_CUT = re.compile(r"([a-z]{3,})\.(?=[^0-9]|$)")
# 'ACMETOOLSGMBH': endings that no word has, but for 'unlimited'.
_STUCK = re.compile(
    r"([a-z]{4,}?)(gmbh(?:und)?(?:cokg)?|pvtltd|privatelimited|ptyltd|pteltd|sdnbhd|spzoo|kgaa|(?<!un)limited|ltd|llc|srl)"
)
_COMPANY_OF = re.compile(r"\bco\.? (?=of\b)")
# 'Co-op', 'co op', 'Co-operative', but not behind 'and': 'Smith & Co Op'. 'Heartland Co-op' is one.
_CO_OP = re.compile(r"(?<!\band )(?<!\band  )\bco[ -]op(?=s?\b|erativ)")
_ARTICLES = frozenset("a an the der die das le la les l el los las il lo gli het een o".split())
# Small words that say something where they come first: 'E-Tech', 'N Brown', 'Au Bon Pain'.
_FIRST = frozenset(
    "and at by for from in with to und mit bei fur fuer im zu et en pour au aux sur chez y e para por"
    " i og och ja ve ze dla n voor".split()
)
# What stands between a person's initials and surname: 'A. van de Beek'.
_SURNAME = frozenset({"van", "von"})
_INITIALS_OF_A_PERSON = 3
# Given by the king, and left out in everyday speech: 'Koninklijke Philips'.
_HONOURED = frozenset({"koninklijke", "kungliga"})
_BROTHERS = re.compile(r"(?i)(?<![^\W_])f\.lli(?![^\W_])")
# As registers of the United States write '.com': 'AMAZON COM INC'.
_COM_APART = re.compile(r"(?i)(?<=[^\W_]{2}) com(?=,? (?:inc|corp|corporation|llc|lp|ltd|limited)\b)")
_WEB_ENDING = re.compile(r"(?i)(?<=[^\W_]{2})\.(?:com|net|org|io)\b")


_QUOTED_WHOLE = re.compile(r'["“”„«»]+([^"“”„«»]*\w[^"“”„«»]*)["“”„«»]+')


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: `text` is what is compared, `surface` what was typed (folded); `cut` where a full stop says that
    it is the beginning of a longer one. `native` is what was typed in the letters of another script."""

    text: str
    surface: str
    cut: bool = False
    native: str = ""

    @property
    def own(self) -> str:
        """The word in the letters that it was typed in."""
        return self.native or self.surface

    def is_read_alike_only(self, other: Word) -> bool:
        """Whether both were typed in one script, are read alike, and are written in other letters of it. In scripts of India
        words that differ in vowels alone count as read alike."""
        if self.surface == other.surface:
            return are_read_alike_only(self.native, other.native)
        return self.text != other.text and differ_in_vowels_only(self.native, other.native)


@dataclass(frozen=True, slots=True)
class Name:
    """A normalised name. An empty core can't be compared.

    `core` joins its words with spaces, `spellings` holds it in every way of writing its umlauts; `form` is the legal
    form's words; `letters` what its initials may be; `typed` all words but the form as typed, without spaces; `parts`
    words that capitals set apart inside others ('NTTData'); `address` tells that it came from a web or mail address;
    `expansion` is the full name that a famous short one stands for, and `known` tells that this is such a full name;
    `joined` is the core without spaces, `form_class` the legal form in one way of writing ('limited' and 'ltd' are one),
    `written` every way of writing the name together, umlauts levelled; `digits` holds every run of digits, inside words,
    too ('P15' and 'P11' are two), `single` the words of one letter; `foreign` tells that it was written in another script,
    `linked` that small words such as 'of' link its words, `aside` that it is the initials of another name in the same field;
    `with_initials` is the same name where letters before it are no legal form: 'AB Agri' is 'agri' and 'ab agri'.
    """

    raw: str
    words: tuple[Word, ...]
    form: tuple[str, ...]
    spellings: tuple[str, ...]
    letters: tuple[str, ...]
    typed: str = ""
    parts: tuple[str, ...] = ()
    address: bool = False
    expansion: str = ""
    known: bool = False
    foreign: bool = False
    linked: bool = False
    aside: bool = False
    with_initials: Name | None = None
    # What follows from the others, kept since a look-up compares each name a dozen times.
    core: str = field(init=False)
    joined: str = field(init=False)
    form_class: str = field(init=False)
    written: frozenset[str] = field(init=False)
    digits: frozenset[str] = field(init=False)
    single: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        core = self.spellings[0] if self.spellings else ""
        together = [spelling.replace(" ", "") for spelling in (*self.spellings, self.typed)]
        keep = object.__setattr__
        keep(self, "core", core)
        keep(self, "joined", core.replace(" ", ""))
        keep(self, "form_class", form_class(self.form))
        others = self.with_initials.written if self.with_initials else frozenset[str]()
        keep(self, "written", frozenset(map(fold.without_digraphs, together)) | others)
        keep(self, "digits", frozenset(run.lstrip("0") for run in _DIGITS.findall(core)))
        keep(self, "single", frozenset(word.text for word in self.words if len(word.text) == 1))

    @property
    def as_written(self) -> str:
        """The words without spaces as typed, short forms and number words written out, but nothing translated."""
        full = _written_out_words()
        return fold.without_digraphs("".join(full.get(word.surface, word.surface) for word in self.words))

    def read_beside(self, other: Name) -> Name:
        """The name in the reading that is the other name: with its initials where only so the two are one."""
        own = self.with_initials
        if own is None or own.written.isdisjoint(other.written):
            return self
        return own if (self.written - own.written).isdisjoint(other.written) else self

    def is_read_alike_only(self, other: Name) -> bool:
        """Whether the two, the same in Latin letters, are written in other letters of one script: '华新' and '华鑫'."""
        if not self.is_in_script_of(other):
            return False
        one, two = (sorted(name.words, key=lambda word: (word.text, word.native)) for name in (self, other))
        if [word.text for word in one] == [word.text for word in two]:
            return any(mine.is_read_alike_only(its) for mine, its in zip(one, two, strict=True))
        if self.written.isdisjoint(other.written):
            return False
        return are_read_alike_only(self.native, other.native)

    def is_in_script_of(self, other: Name) -> bool:
        """Whether both were typed in one script other than Latin, so that their own letters can be compared."""
        return self.foreign and other.foreign and are_of_one_script(self.native, other.native)

    @property
    def native(self) -> str:
        """The words without spaces in the letters that they were typed in."""
        return "".join(word.own for word in self.words)


@lru_cache(maxsize=8192)
def normalise(text: str) -> Name:
    """The main name in a field as typed. Takes any text, of any length; never raises."""
    return names_in(text)[0][1]


@lru_cache(maxsize=4096)
def names_in(text: str) -> tuple[tuple[str, Name], ...]:
    """Every name in a field with its kind (legal, dba, alias, former), the main one first; at least one."""
    tidy = fold.clean(text)
    tidy = found[1] if (found := _QUOTED_WHOLE.fullmatch(tidy)) else tidy
    if domains.looks_like_address(tidy):
        return _names_in_address(text, tidy)
    parts = name_parts(without_remarks(tidy)) or [("legal", tidy)]
    named = [(kind, _single(part if len(parts) > 1 else text, part)) for kind, part in parts]
    return tuple(
        ("alias", replace(name, aside=True)) if kind == "short" else (kind, name) for kind, name in named
    )


def _names_in_address(text: str, tidy: str) -> tuple[tuple[str, Name], ...]:
    """The owner's name as the address has it; one of a university is also the university called so."""
    own = _single(text, domains.name_in_address(tidy))
    named = [("legal", replace(own, address=True, typed=_WITHIN.sub(r"\1\2", own.typed)))]
    if domains.is_academic(tidy) and not own.expansion:
        named.append(("alias", replace(_single(text, f"University of {own.core}"), address=True)))
    return tuple(named)


@lru_cache(maxsize=4096)
def meant_by(text: str) -> tuple[Name, ...]:
    """Every name in a field that can be compared, and what famous short names among them stand for: 'IBM' is also
    'International Business Machines'."""
    named = [name for _, name in names_in(text) if name.words]
    full = [_single(name.raw, written_out) for name in named if (written_out := _written_out(name))]
    return (*named, *(replace(name, expansion="", known=True) for name in full if name.words))


def _written_out(name: Name) -> str:
    """The name with a famous short name written out: alone, before places ('IBM Deutschland') or before 'Group'; '' where
    none is."""
    if name.aside:
        return ""  # the full name stands beside it
    first, *rest = name.words
    if name.expansion or not rest or len(first.surface) < 3:
        return name.expansion
    expansion = _known_names().get(first.surface, "")
    more = [word for word in rest if word.text not in _WHOLE]
    where = all(
        word.text in words("places") or word.surface in words("places") or word.text == "bank"
        for word in more
    )
    return " ".join([expansion, *(word.text for word in more)]) if expansion and where else ""


@cache
def _known_names() -> dict[str, str]:
    return {
        re.sub(r"[^a-z0-9]", "", fold.to_ascii(short)): full for short, full in mapping("known_names").items()
    }


@cache
def _written_out_words() -> dict[str, str]:
    return {**_tens_and_ones(), **mapping("number_words"), **mapping("abbreviations")}


@cache
def _canonical() -> dict[str, str]:
    """Abbreviations, number words and generic words of other languages, each to the form that is compared."""
    return {**mapping("translations"), **_written_out_words()}


def _single(raw: str, part: str) -> Name:
    bare = whole_apart(strip_native(part))
    name = _read(raw, bare, initials=are_initials(bare))
    if may_be_initials(fold.to_ascii(bare), [*name.form]):
        return replace(name, with_initials=_read(raw, bare, initials=True))
    return name


def _read(raw: str, bare: str, *, initials: bool) -> Name:
    said = fold.to_ascii(_joined_initials(bare))
    plain, form, own = _words(said, initials=initials)
    spellings = [" ".join(word.text for word in plain)]
    if any(char in bare.lower() for char in "äöüøå"):
        written_out, _, _ = _words(fold.to_ascii_german(_joined_initials(bare)), initials=initials)
        spellings.append(" ".join(word.text for word in written_out))
    typed = "".join(own)
    foreign = fold.is_foreign(bare)
    if foreign:
        plain = _in_own_letters(bare, plain)
    return Name(
        raw[: fold.LONGEST],
        tuple(plain),
        tuple(form),
        tuple(dict.fromkeys(filter(None, spellings))),
        _initials(said, plain, form),
        typed,
        tuple(fold.to_ascii(part) for part in _INNER.findall(bare)),
        expansion=_known_names().get(typed)
        or _known_names().get("".join(word.surface for word in plain), ""),
        foreign=foreign,
        linked=not _LINKS.isdisjoint(own[1:-1]),
    )


def _in_own_letters(bare: str, plain: list[Word]) -> list[Word]:
    found = stretches(bare, [word.surface for word in plain])
    return [
        replace(word, native=own_letters(bare[slice(*span)])) if span else word
        for word, span in zip(plain, found, strict=True)
    ]


def _initials(said: str, plain: list[Word], form: list[str]) -> tuple[str, ...]:
    """'Bank of America Corp' → 'ba', 'boa', 'bac': without and with small words, with the legal form, with
    hyphened words as one."""
    if len(plain) < 2:
        return ()
    text = said.replace("'", "")
    own = "".join(word.surface[0] for word in plain)
    every = re.findall(r"[a-z0-9]+", text)
    with_small = "".join(word[0] for word in every[: len(every) - len(form)])
    variants = [own, with_small, own + form[0][0] if form else own]
    if "-" in text:
        hyphened = re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", text)
        variants.append("".join([word[0] for word in hyphened[: len(hyphened) - len(form)]]))
    return tuple(dict.fromkeys(letters for letters in variants if 3 <= len(letters) <= 8))


def _joined_initials(text: str) -> str:
    """'I.B.M.' → 'IBM', 'AT&T' and 'AT and T' → 'ATT', 'Booking.com' → 'Booking'."""
    if "." in text:
        text = _BROTHERS.sub("fratelli", text)
        text = _PUBLIC_PARTNERSHIP.sub(" veřejná obchodní společnost", text)
        text = _OF_LIMITED_LIABILITY.sub(lambda m: re.sub(r"[. ]", "", m.group()), text)
        text = _WEB_ENDING.sub("", _DOTTED.sub(lambda m: re.sub(r"[. ]", "", m.group()) + " ", text))
    if " com " in text.lower():
        text = _COM_APART.sub("", text)
    if "&" in text or "+" in text:
        text = _TIGHT_AND.sub(r"\1\2", text)
    if text[:1].isdigit():
        text = _NUMBERS_AND.sub(r"\1\2", text)
    return _SAID_AND.sub(r"\1\2", text) if " " in text[1:3] else text


def _words(text: str, *, initials: bool) -> tuple[list[Word], list[str], list[str]]:
    """The telling words, those of the legal form, and all but the form's as typed."""
    said = text.lstrip("&+ ").replace("'", "").replace("&", " and ").replace("+", " and ")
    said = _COMPANY_OF.sub("company ", said) if " of " in said else said
    said = _CO_OP.sub("coop", said) if "co" in said else said
    tokens = _numbers_joined(_letters_joined(re.findall(r"[a-z0-9]+", said)))[: MOST_WORDS * 2]
    if len(tokens) == 1 and (stuck := _STUCK.fullmatch(tokens[0])):
        tokens = [*stuck.groups()]
    own, form = split_branch(tokens, initials=initials)
    canonical_of = _canonical()
    small = words("stop_words")
    telling = [
        token
        for place, token in enumerate(own)
        if token not in small
        or (place == 0 and _says_something(own))
        or (token == "i" and _numeral(own, place))
    ] or own
    if len(telling) == 1 and (is_general(telling[0]) or is_general(canonical_of.get(telling[0], telling[0]))):
        telling = [
            token for token in own if token not in _ARTICLES
        ] or own  # 'AT Service' and 'In-Service' are two
    if len(telling) == 2 and telling[0] in _HONOURED and telling[1] not in _canonical():
        telling = telling[1:]
    if len(telling) > 2:
        untitled = [token for token in telling if token not in words("titles")]
        telling = untitled if len(untitled) > 1 else telling
    cut = frozenset(_CUT.findall(said)) if "." in said else frozenset[str]()
    out: list[Word] = []
    for index, token in enumerate(telling[:MOST_WORDS]):
        canonical = canonical_of.get(token, token)
        if index > 0:
            canonical = _numeral(telling, index) or _ROMAN.get(canonical, canonical)
        text = canonical.lstrip("0") or canonical if canonical.isdigit() else canonical
        twice = out and out[-1].text == text and out[-1].surface != token  # 'Coop Genossenschaft'
        if not twice or text.isdigit():
            out.append(Word(text, token, token in cut))
    return out, form, own[:MOST_WORDS]


def _says_something(own: list[str]) -> bool:
    """Whether the first word stays, small as it may be."""
    return len(own) > 1 and (
        own[0] in _FIRST or (len(own[0]) <= _INITIALS_OF_A_PERSON and own[1] in _SURNAME)
    )


def _numeral(words: list[str], place: int) -> str:
    """The number that a single letter stands for; '' where it is an initial or a small word."""
    number = _SINGLE.get(words[place], "") if place else ""
    return number if words[place - 1] in _NUMBERED or (number == "1" and place == len(words) - 1) else ""


def _numbers_joined(tokens: list[str]) -> list[str]:
    """Tens and ones in words are one number: 'twenty', 'one' → 'twentyone'."""
    joined = _tens_and_ones()
    out: list[str] = []
    for token in tokens:
        if out and out[-1] + token in joined:
            out[-1] += token
        else:
            out.append(token)
    return out


@cache
def _tens_and_ones() -> dict[str, str]:
    """'twentyone' → '21', 'twentyfirst' → '21st', for every word that says tens with every one that says ones."""
    said = mapping("number_words").items()
    tens = [
        (word, number) for word, number in said if len(number) == 2 and number[0] > "1" and number[1] == "0"
    ]
    ones = [(word, number) for word, number in said if len(number) == 1 or _ORDINAL.fullmatch(number)]
    return {ten + one: t[0] + o for ten, t in tens for one, o in ones}


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
