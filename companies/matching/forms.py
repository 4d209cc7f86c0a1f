"""What a legal form is, however it is written, and where it is at home."""

from __future__ import annotations

from functools import cache, lru_cache

from companies.matching.wordlists import mapping


@lru_cache(maxsize=8192)
def form_class(form: tuple[str, ...]) -> str:
    """The words of a legal form in one way of writing: 'sociedad limitada' and 'sl', 'srl in liquidazione' and 'srl' are one.
    Those of a company that has several stand in their order, each once."""
    spellings, longest = _spellings()
    out: dict[str, None] = {}
    at = 0
    while at < len(form):
        for size in range(min(longest, len(form) - at), 0, -1):
            short = spellings.get(form[at : at + size])
            if short is not None or size == 1:
                out.update(dict.fromkeys(form[at : at + 1] if short is None else short))
                at += size
                break
    return " ".join(out)


@lru_cache(maxsize=8192)
def homes(form: str) -> frozenset[str]:
    """The countries that have a form, given as `form_class` writes it; none where it may be of any country, or where
    the words of several countries' forms stand together."""
    countries = mapping("form_countries")
    if form in countries:
        return frozenset(countries[form].split())
    known = [frozenset(countries[word].split()) for word in form.split() if word in countries]
    return frozenset.intersection(*known) if known else frozenset()


def are_foreign(one: str, other: str) -> bool:
    """Whether no country has both of two forms, each as `form_class` writes it."""
    here, there = homes(one), homes(other)
    return bool(here and there) and here.isdisjoint(there)


@cache
def _spellings() -> tuple[dict[tuple[str, ...], list[str]], int]:
    spellings = {tuple(long.split()): short.split() for long, short in mapping("form_spellings").items()}
    return spellings, max(map(len, spellings))
