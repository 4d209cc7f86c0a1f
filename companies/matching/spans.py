"""Where in a text as typed a word stands, so that a page can mark it."""

from __future__ import annotations

from functools import lru_cache

from companies.matching.fold import clean, to_ascii
from companies.matching.normalise import Name
from companies.matching.types import Span


def spans_of(name: Name, places: tuple[int, ...]) -> tuple[Span, ...]:
    """The spans in `name.raw` of the words at these places; a word that can't be found has none."""
    letters, offsets = _letters(name.raw)
    found: list[Span] = []
    start = 0
    for place in sorted(places):
        surface = name.words[place].surface
        at = letters.find(surface, start)
        at = letters.find(surface) if at < 0 else at
        if at >= 0:
            start = at + len(surface)
            found.append((offsets[at], offsets[start - 1] + 1))
    return tuple(found)


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
