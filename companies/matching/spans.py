"""Where in a text as typed a word stands, so that a page can mark it."""

from __future__ import annotations

from functools import lru_cache

from companies.matching.fold import clean, to_ascii
from companies.matching.normalise import Name
from companies.matching.types import Span


def spans_of(name: Name, places: tuple[int, ...]) -> tuple[Span, ...]:
    """The spans in `name.raw` of the words at these places; a word that can't be found has none."""
    return tuple(span for span in _found(name, places) if span is not None)


def quoted(name: Name, places: tuple[int, ...]) -> str:
    """The words at these places as they were typed, each in quotation marks, neighbours in one pair: “Faucet”, “Air Lines”."""
    said: list[str] = []
    begins = ends = -1
    for place, span in zip(sorted(places), _found(name, tuple(sorted(places))), strict=True):
        if span is None:
            said.append(name.words[place].surface)
            begins = ends = -1
        elif 0 <= ends <= span[0] and not any(char.isalnum() for char in name.raw[ends : span[0]]):
            said[-1], ends = name.raw[begins : span[1]], span[1]
        else:
            begins, ends = span
            said.append(name.raw[begins:ends])
    return ", ".join(f"“{one}”" for one in said)


def _found(name: Name, places: tuple[int, ...]) -> list[Span | None]:
    """For each place, in their order, the span of its word, None where it can't be found."""
    letters, offsets = _letters(name.raw)
    found: list[Span | None] = []
    start = 0
    for place in sorted(places):
        surface = name.words[place].surface
        at = letters.find(surface, start)
        at = letters.find(surface) if at < 0 else at
        if at < 0:
            found.append(None)
            continue
        start = at + len(surface)
        begins, ends = offsets[at], offsets[start - 1] + 1
        if "." in name.raw[begins:ends] and name.raw[ends : ends + 1] == ".":
            ends += 1  # 'I.B.M.'
        found.append((begins, ends))
    return found


@lru_cache(maxsize=8192)
def _folded(char: str) -> list[str]:
    return [one for one in to_ascii(clean(char)) if one.isalnum()]


@lru_cache(maxsize=1024)
def _letters(raw: str) -> tuple[str, list[int]]:
    """The text's letters and digits, folded, each with the offset of the character it came from."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(raw):
        folded = _folded(char)
        letters += folded
        offsets += [offset] * len(folded)
    return "".join(letters), offsets
