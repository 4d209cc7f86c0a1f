"""Where in a text as typed a word stands, so that a page can mark it."""

from __future__ import annotations

from companies.matching.letters import stretches
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


def _found(name: Name, places: tuple[int, ...]) -> list[Span | None]:
    """For each place, in their order, the span of its word, None where it can't be found."""
    ordered = sorted(places)
    found = stretches(name.raw, [name.words[place].surface for place in ordered])
    return [_with_full_stop(name.raw, span) for span in found]


def _with_full_stop(raw: str, span: Span | None) -> Span | None:
    """'I.B.M.' to its end."""
    if span is not None and "." in raw[slice(*span)] and raw[span[1] : span[1] + 1] == ".":
        return span[0], span[1] + 1
    return span
