"""What is stored for a name. Pure Python, so that processes without Django can prepare rows by the thousand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from companies.matching.entries import entry, mistyped


class Row(NamedTuple):
    """A name's row: `words` are those that the vocabulary has to know."""

    core: str
    keys: tuple[int, ...]
    words: tuple[str, ...]


def row_of(text: str) -> Row:
    """The row of a name as typed. `core` names every word once more where the text holds several names ('X dba Y')."""
    core, keys, words = entry(text)
    seen = core.split()
    return Row(" ".join([*seen, *(word for word in words if word not in seen)]), keys, words)


def copied_entries(names: Sequence[tuple[int, int, str]]) -> str:
    """(name id, company id, text) as lines for COPY into the entries."""
    return "".join(f"{name}\t{company}\t{_entry(text)}" for name, company, text in names)


def copied_words(words: Iterable[tuple[str, int]]) -> str:
    """(word, names) as lines for COPY into the vocabulary."""
    return "".join(f"{word}\t{names}\t{{{','.join(map(str, mistyped(word)))}}}\n" for word, names in words)


def _entry(text: str) -> str:
    core, keys, _ = row_of(text)
    return f"{core}\t{{{','.join(map(str, keys))}}}\n"  # a core has letters, digits and spaces only: nothing to escape
