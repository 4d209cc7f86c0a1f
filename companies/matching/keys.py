"""Keys under which a name is found: two names that could be one company share at least one, most others none.

Each key is a label such as 't:siemens', kept in the database as a 32-bit hash. A rare collision only
brings one candidate more; the score decides.
"""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from zlib import crc32

from companies.matching.fold import without_digraphs
from companies.matching.normalise import Name, names_in
from companies.matching.wordlists import words

# Labels whose keys are always asked for; the others only while few names carry them.
ALWAYS = ("j:", "s:")

_WORDS_PAIRED = 5


def hashed(label: str) -> int:
    """A label as a signed 32-bit number, the same on every machine and in every release."""
    value = crc32(label.encode())
    return value - (1 << 32) if value >= 1 << 31 else value


def labels_of(name: Name) -> set[str]:
    """The labels of one normalised name; none where it has no letters or digits."""
    texts = [word.text for word in name.words]
    if not texts:
        return set()
    labels = {f"s:{' '.join(sorted(texts))}", f"c:{skeleton(name.joined)}"}
    for spelling in name.spellings:
        joined = spelling.replace(" ", "")
        labels |= {f"j:{joined}", f"j:{without_digraphs(joined)}"}
    labels.add(f"j:{name.typed}")
    labels |= {f"t:{word}" for word in texts if word not in words("common_words")}
    labels |= {f"t:{without_digraphs(word)}" for word in texts if len(word) > 4}
    labels |= {f"t:{one}{two}" for one, two in pairwise(texts)}
    labels |= {
        f"p:{' '.join(sorted(pair))}" for pair in combinations(dict.fromkeys(texts[:_WORDS_PAIRED]), 2)
    }
    return labels | initials_labels(name)


def initials_labels(name: Name) -> set[str]:
    """'i:ibm' for 'International Business Machines' as for 'IBM': initials meet from both sides."""
    letters = set(name.letters)
    if len(name.words) == 1 and 3 <= len(name.joined) <= 6 and name.joined.isalpha():
        letters.add(name.joined)
    return {f"i:{one}" for one in letters}


def skeleton(joined: str) -> str:
    """The first letter and the consonants after it, repeats dropped: 'siemens', 'simens' → 'smns'."""
    bare = joined[:1] + re.sub(r"[aeiouyhw]", "", joined[1:])
    return re.sub(r"(.)\1+", r"\1", bare)


def name_keys(text: str) -> list[int]:
    """The keys of every name in a field as typed, sorted; to be stored beside it."""
    return sorted({hashed(label) for label in keys_of(text)})


def keys_of(text: str) -> set[str]:
    """The labels of every name in a field as typed."""
    return {label for _, name in names_in(text) for label in labels_of(name)}
