"""Which of the certificates that end at one moment a gate closes with: the rule alone, with gates made up here."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from partners.certificates.ending import Held, Moment, closed_at
from partners.certificates.gates import Gate
from partners.certificates.nothing import why_nothing

DAY = date(2026, 12, 31)
GATE = Gate("x", "It")


def held(code, pk=0):
    return Held(pk or ord(code), code, code, "", "N-1", date(2026, 1, 1), DAY)


def closes(opens, ending, goes_on=""):
    """The codes of those that the gate closes with; `opens` says of codes whether it is open."""
    those, rest = frozenset(map(held, ending)), frozenset(map(held, goes_on))
    moment = Moment(1, DAY + timedelta(days=1), those, those | rest, rest)
    found = closed_at(moment, lambda case: [GATE] if opens(case.codes) else [])
    return "".join(one.code for one in found.get(GATE, []))


@pytest.mark.parametrize(
    ("opens", "ending", "goes_on", "with_which"),
    [
        (lambda has: {"a", "b"} <= has, "ab", "", "ab"),
        (lambda has: {"a", "b"} <= has, "abc", "", "ab"),  # c only ends that day, too
        (lambda has: {"a", "b"} <= has, "a", "b", "a"),
        (lambda has: {"a", "b"} <= has, "a", "", ""),  # closed before
        (lambda has: bool({"a", "b"} & has), "ab", "", "ab"),
        (lambda has: bool({"a", "b"} & has), "a", "b", ""),
        (lambda has: "a" in has or {"b", "c"} <= has, "abc", "", "abc"),
        (lambda has: "a" in has or {"b", "c"} <= has, "ab", "", "a"),
        (lambda has: len(has & set("abc")) >= 2, "abcd", "", "abc"),
        (lambda has: len(has & set("abcdefgh")) >= 3, "abcdefghij", "", "abcdefgh"),
        (lambda has: len(has & set("abcdefgh")) >= 3, "abcdef", "ghi", "abcdef"),
        (lambda has: len(has & set("abcdefgh")) >= 3, "abcde", "fgh", ""),
    ],
)
def test_what_closes_with_which(opens, ending, goes_on, with_which):
    assert closes(opens, ending, goes_on) == with_which


@pytest.mark.parametrize(
    ("opens", "why"),
    [
        (
            lambda has: {"a", "b", "c"} <= has,
            "What asks for it closes already with b, which ends on 20 Dec 2026",
        ),
        (
            lambda has: "a" in has and bool({"b", "c"} & has),
            "What asks for it closes already with c, which ends on 25 Dec 2026",
        ),
        (lambda has: {"a", "z"} <= has, "No rule asks for it at the moment"),
    ],
)
def test_what_is_closed_before_is_told_with_what(opens, why):
    own, b, c = (
        held("a"),
        replace(held("b"), end=date(2026, 12, 20)),
        replace(held("c"), end=date(2026, 12, 25)),
    )
    mine = frozenset({own})
    moment = Moment(1, DAY + timedelta(days=1), mine, mine, frozenset())
    found = why_nothing(
        moment,
        own,
        frozenset({own, b, c}),
        lambda case: [GATE] if opens(case.codes) else [],
        today=date(2026, 12, 1),
        is_asked_for=False,
    )
    assert found == why


def test_one_of_three_hundred_is_told_with_few_words():
    many = Gate("x", "It", together=tuple(f"Expert of {number}" for number in range(299)))
    assert many.words == "It (together with Expert of 0, Expert of 1 and 297 more, which end the same day)"
