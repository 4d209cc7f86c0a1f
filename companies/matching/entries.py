"""What the index keeps of a name: its core, the keys it is found by, and its words for the vocabulary.

A key is a label such as 't:siemens' as a 32-bit hash. A rare collision only brings one candidate more; the score
decides. Words that stand in many names get no key of their own: their pairs do.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import NamedTuple
from zlib import crc32

from companies.matching.fold import without_digraphs
from companies.matching.normalise import Name, meant_by, names_in
from companies.matching.rates import is_frequent, is_general
from companies.matching.wordlists import fingerprint

# Raised whenever a change of normalising or of the keys makes what is stored wrong. A line more in a word list needs nothing:
# the lists' own number is the other half of the version.
RULES = 13
LISTS = 1_000_000
VERSION = RULES * LISTS + fingerprint() % LISTS

_WORDS_PAIRED = 6
_SHORTEST_MISTYPED = 4
_LONGEST_MISTYPED = 24


class Entry(NamedTuple):
    """One name in the index: `core` is compared first, `keys` find it, `words` are counted in the vocabulary."""

    core: str
    keys: tuple[int, ...]
    words: tuple[str, ...]


def is_outdated(version: int) -> bool:
    """Whether what an index of this version holds is to be written anew: by older rules, or by the same with other lists."""
    return version != VERSION and version // LISTS <= RULES


def entry(text: str) -> Entry:
    """The entry of a name as typed; without keys where it has no letters or digits."""
    names = [name for _, name in names_in(text)]
    labels = {label for name in meant_by(text) for label in labels_of(name)}
    words = dict.fromkeys(word.text for name in names for word in name.words)
    return Entry(names[0].core, tuple(sorted(map(hashed, labels))), tuple(words))


def labels_of(name: Name) -> set[str]:
    """The labels of one normalised name; none where it has no letters or digits."""
    texts = list(dict.fromkeys(word.text for word in name.words))
    if not texts:
        return set()
    labels = {f"j:{joined}" for joined in name.written}
    if len(texts) > 1:
        labels.add(f"s:{' '.join(sorted(texts))}")
    if len(texts) <= 3:
        labels.add(f"c:{skeleton(name.joined)}")
    labels |= {word_label(word) for word in texts if not is_general(word)}
    labels |= {word_label(part) for part in name.parts if len(part) >= 3 and not is_general(part)}
    frequent = [word for word in texts if is_frequent(word)][:_WORDS_PAIRED]
    labels |= {pair_label(*pair) for pair in combinations(frequent, 2)}
    return labels | {f"i:{letters}" for letters in name.letters}


def word_label(word: str) -> str:
    """The label of a word that finds names by itself."""
    return f"t:{without_digraphs(word)}"


def pair_label(one: str, other: str) -> str:
    """The label of two words in either order."""
    return f"p:{min(one, other)} {max(one, other)}"


def skeleton(joined: str) -> str:
    """The first letter and the consonants after it, repeats dropped: 'siemens', 'simens' → 'smns'."""
    bare = joined[:1] + re.sub(r"[aeiouyhw]", "", joined[1:])
    return re.sub(r"(.)\1+", r"\1", bare)


def mistyped(word: str) -> tuple[int, ...]:
    """Hashes that two words share when one letter was added, left out, changed or swapped; () for short words."""
    if not _SHORTEST_MISTYPED <= len(word) <= _LONGEST_MISTYPED or word.isdigit():
        return ()
    without_one = {word[:place] + word[place + 1 :] for place in range(len(word))}
    return tuple(sorted({hashed(text) for text in {word, *without_one}}))


def hashed(label: str) -> int:
    """A label as a signed 32-bit number, the same on every machine and in every release."""
    value = crc32(label.encode())
    return value - (1 << 32) if value >= 1 << 31 else value
