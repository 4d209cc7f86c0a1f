"""Where in a text as typed a word stands, so that a page can mark it."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from companies.matching.letters import letters_of, stretches
from companies.matching.normalise import Name
from companies.matching.types import Span


def spans_of(name: Name, places: tuple[int, ...]) -> tuple[Span, ...]:
    """The spans in `name.raw` of the words at these places; a word that can't be found has none."""
    return tuple(span for span in _found(name, places) if span is not None)


def typed(name: Name, places: tuple[int, ...]) -> list[str]:
    """The words at these places as they were typed, in their order; folded where they can't be found."""
    found = zip(sorted(places), _found(name, places), strict=True)
    return [name.raw[slice(*span)] if span else name.words[place].surface for place, span in found]


def quoted(name: Name, places: tuple[int, ...]) -> str:
    """The words at these places as they were typed, each in quotation marks, neighbours in one pair: “Faucet”, “Air Lines”."""
    said: list[str] = []
    begins = ends = -1
    for place, span in zip(sorted(places), _found(name, places), strict=True):
        if span is None:
            said.append(name.words[place].surface)
            begins = ends = -1
        elif 0 <= ends <= span[0] and not any(char.isalnum() for char in name.raw[ends : span[0]]):
            said[-1], ends = name.raw[begins : span[1]], span[1]
        else:
            begins, ends = span
            said.append(name.raw[begins:ends])
    return ", ".join(f"“{one}”" for one in said)


def quoted_with_form(name: Name, places: tuple[int, ...]) -> str:
    """As `quoted`, with all that stands between, to the first word of the legal form."""
    spans = stretches(name.raw, [*(word.surface for word in name.words), *name.form[:1]])
    first, last = spans[min(places)], spans[-1]
    if first is None or last is None or not name.form or first[0] >= last[1]:
        return quoted(name, places)
    return f"“{name.raw[first[0] : last[1]]}”"


def form_as_typed(name: Name) -> str:
    """The legal form as it was typed ('OÜ', 'Sp. z o.o.'), or its folded words where one can't be found; '' for none."""
    found = stretches(name.raw, [*(word.surface for word in name.words), *name.form])[len(name.words) :]
    said, last = "", 0
    for span in found:
        stands = _with_full_stop(name.raw, span)
        if stands is None or _is_within_a_word(name.raw, stands):
            return " ".join(name.form)
        between = name.raw[last : stands[0]]
        said += (between if said and not between.strip(" .&-") else " ") + name.raw[slice(*stands)]
        last = stands[1]
    return said.strip()


def _is_within_a_word(text: str, span: Span) -> bool:
    return any(char.isalnum() for char in text[max(0, span[0] - 1) : span[0]] + text[span[1] : span[1] + 1])


def differing(
    ours: Name, mine: tuple[int, ...], theirs: Name, other: tuple[int, ...]
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Of words that met but are spelled differently, the letters on either side that are not in the other."""
    as_written = ours.is_in_script_of(theirs)
    one, two = _spelled(ours, mine, as_written), _spelled(theirs, other, as_written)
    edits = Levenshtein.editops([letter for letter, _ in one], [letter for letter, _ in two])
    return (
        _stretches_at(one[edit.src_pos][1] for edit in edits if edit.tag != "insert"),
        _stretches_at(two[edit.dest_pos][1] for edit in edits if edit.tag != "delete"),
    )


def _spelled(name: Name, places: tuple[int, ...], as_written: bool) -> list[tuple[str, int]]:
    """The letters of the words at these places with their offsets: folded to Latin ones, unless they are wanted as written."""
    raw = name.raw
    every = enumerate(raw.lower()) if as_written and len(raw.lower()) == len(raw) else None
    letters = [(char, at) for at, char in every] if every else letters_of(raw)
    spans = [span for span in _found(name, places) if span is not None]
    return [
        (char, at) for start, end in spans for char, at in letters if start <= at < end and char.isalnum()
    ]


def _stretches_at(offsets: Iterable[int]) -> tuple[Span, ...]:
    """Offsets as spans, neighbours in one."""
    found: list[Span] = []
    for at in sorted(set(offsets)):
        if found and found[-1][1] == at:
            found[-1] = found[-1][0], at + 1
        else:
            found.append((at, at + 1))
    return tuple(found)


def _found(name: Name, places: tuple[int, ...]) -> list[Span | None]:
    """For each place, in their order, the span of its word, None where it can't be found."""
    found = stretches(name.raw, [word.surface for word in name.words])
    return [_with_full_stop(name.raw, found[place]) for place in sorted(places)]


def _with_full_stop(raw: str, span: Span | None) -> Span | None:
    """'I.B.M.' to its end."""
    if span is not None and "." in raw[slice(*span)] and raw[span[1] : span[1] + 1] == ".":
        return span[0], span[1] + 1
    return span
