"""Legal forms: taken off the end and the start of a name, and kept apart."""

from __future__ import annotations

import re
from functools import cache

from companies.matching.fold import to_ascii, to_ascii_german
from companies.matching.wordlists import lines

_CONNECTORS = frozenset({"and", "u", "und", "et", "y"})
# In the middle of a name only these are surely a form ('Deutsche GmbH Technik').
_ANYWHERE = frozenset(
    {"gmbh", "ltd", "inc", "llc", "limited", "incorporated", "pty", "pvt", "plc", "llp", "bhd", "sdn"}
)


def _phrases(entry: str) -> set[tuple[str, ...]]:
    folded = {to_ascii(entry), to_ascii_german(entry)}
    return {tuple(re.findall(r"[a-z0-9]+", text.replace("'", ""))) for text in folded} - {()}


@cache
def _forms() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]], int]:
    ends: set[tuple[str, ...]] = set()
    starts: set[tuple[str, ...]] = set()
    for line in lines("legal_forms"):
        phrases = _phrases(line.removeprefix("^"))
        # 'sp z o o' may also come as 'sp zoo' or 'spzoo' after dotted letters were joined.
        phrases |= {_joined_letters(phrase) for phrase in phrases} | {
            ("".join(phrase),) for phrase in phrases
        }
        ends |= phrases
        if line.startswith("^"):
            starts |= phrases
    return frozenset(ends), frozenset(starts), max(map(len, ends))


def _joined_letters(phrase: tuple[str, ...]) -> tuple[str, ...]:
    out: list[str] = []
    for index, word in enumerate(phrase):
        after_letter = index > 0 and len(phrase[index - 1]) == 1
        if len(word) == 1 and after_letter:
            out[-1] += word
        else:
            out.append(word)
    return tuple(out)


@cache
def _unspaced_forms() -> tuple[str, ...]:
    """Forms of scripts that write without spaces, the longest first."""
    forms = (line.removeprefix("^") for line in lines("legal_forms"))
    return tuple(sorted((form for form in forms if form[0] >= "\u2e80"), key=len, reverse=True))


def strip_unspaced(text: str) -> str:
    """The text without a Chinese, Japanese or Korean legal form at its end or start."""
    if text in _unspaced_forms():
        return text
    for form in _unspaced_forms():
        bare = text.removesuffix(form).removeprefix(form).strip()
        if bare and bare != text:
            return bare
    return text


def split_legal(tokens: list[str]) -> tuple[list[str], list[str]]:
    """The name's own words, and those of its legal form. A name made of nothing else keeps its words."""
    ends, starts, longest = _forms()
    words, form = list(tokens), list[str]()
    stripped = True
    while stripped and len(words) > 1:
        stripped = False
        for size in range(min(longest, len(words) - 1), 0, -1):
            if tuple(words[-size:]) in ends:
                form, words, stripped = words[-size:] + form, words[:-size], True
                break
        while len(words) > 1 and words[-1] in _CONNECTORS:
            words.pop()
    for size in range(min(longest, len(words) - 1), 0, -1):
        if tuple(words[:size]) in starts:
            form, words = words[:size] + form, words[size:]
            break
    inside = [word for word in words if word in _ANYWHERE]
    if inside and len(inside) < len(words):
        words, form = [word for word in words if word not in _ANYWHERE], form + inside
    return (words, form) if words else (list(tokens), [])
