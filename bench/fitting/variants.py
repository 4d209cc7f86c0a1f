"""Queries made from names: what people type for a company that is in the list, and names of companies that are not."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from companies.matching import normalise
from companies.matching.wordlists import mapping

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FIRMS = ("Kilm Partners Ltd", "Ridgeway Holdings LLC", "Zeta Ventures Inc", "North Star Group")
_TAILS = ("Inc.", "Holdings", "Group", "GmbH", "Ltd.", "Europe", "USA", "International", "Services", "S.A.")
_NUMBERED = re.compile(r"\d{1,4}|[IVX]{1,4}|[A-F]")


def _bare(name: str) -> str:
    """The name as typed without its legal form."""
    words = name.split()
    form = len(normalise(name).form)
    return " ".join(words[: len(words) - form]).strip(" ,.") or name if form < len(words) else name


def _slip(rnd: random.Random, text: str) -> str:
    places = [place for place, char in enumerate(text) if char.isalnum()]
    if len(places) < 4:
        return text
    at, other = rnd.choice(places), rnd.choice(_LETTERS)
    return rnd.choice(
        (
            text[:at] + other + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[:at] + other + text[at:],
            text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
        )
    )


def _apart(rnd: random.Random, words: list[str]) -> str:
    long = [place for place, word in enumerate(words) if len(word) >= 6]
    if not long:
        return ""
    at = rnd.choice(long)
    cut = rnd.randrange(3, len(words[at]) - 2)
    return " ".join([*words[:at], words[at][:cut], words[at][cut:], *words[at + 1 :]])


def _together(rnd: random.Random, words: list[str]) -> str:
    if len(words) < 2:
        return ""
    at = rnd.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]])


def _address(rnd: random.Random, bare: str) -> str:
    label = re.sub(r"[^a-z0-9]", "", bare.lower())
    start, end = rnd.choice(("https://www.", "www.", "")), rnd.choice((".com", ".de", ".co.uk", ".io"))
    return f"{start}{label}{end}" if len(label) >= 3 else ""


def _shortened(name: str) -> str:
    short = {full: part for part, full in mapping("abbreviations").items() if 2 <= len(part) <= 6}
    return " ".join(short.get(word.lower().strip(",."), word) for word in name.split())


def variants(rnd: random.Random, name: str) -> dict[str, Callable[[], str]]:
    """By kind, how to make a query for this name; one that can't be made gives '' or the name itself."""
    bare = _bare(name)
    words = bare.split()
    return {
        "one slip": lambda: _slip(rnd, rnd.choice((name, bare))),
        "two slips": lambda: _slip(rnd, _slip(rnd, rnd.choice((name, bare)))),
        "address": lambda: _address(rnd, bare),
        "apart": lambda: _apart(rnd, words),
        "together": lambda: _together(rnd, words),
        "initials": lambda: "".join(word[0] for word in words).upper() if 3 <= len(words) <= 7 else "",
        "order": lambda: " ".join(rnd.sample(words, len(words))),
        "shortened": lambda: _shortened(name),
        "trading as": lambda: f"{rnd.choice(_FIRMS)} {rnd.choice(('dba', 'd/b/a', 'trading as'))} {bare}",
        "without last": lambda: " ".join(words[:-1]) if len(words) > 2 else "",
        "without form": lambda: bare,
        "case": lambda: rnd.choice((name.upper(), name.lower(), name.replace(" ", "-", 1))),
        "beginning": lambda: " ".join(words[: rnd.choice((1, 2))]) if len(words) > 1 else "",
        "with more": lambda: f"{bare} {rnd.choice(_TAILS)}",
    }


def sibling(rnd: random.Random, name: str) -> str:
    """Another company of the family: its number, Roman number or letter changed; '' where there is none."""
    words = name.split()
    places = [place for place, word in enumerate(words) if _NUMBERED.fullmatch(word)]
    if not places:
        return ""
    at = rnd.choice(places)
    if words[at].isdigit():
        words[at] = str(int(words[at]) + rnd.choice((1, 2, 3, 10)))
    else:
        others = ("A", "B", "C", "D") if words[at] in "ABCDEF" else ("I", "II", "III", "IV", "V", "VI", "VII")
        words[at] = rnd.choice([other for other in others if other != words[at]])
    return " ".join(words)
