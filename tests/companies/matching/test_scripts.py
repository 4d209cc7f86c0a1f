"""Names in other scripts than Latin: their own letters tell two of them apart, and are quoted and marked as they were typed."""

import re

import pytest

from companies.matching import (
    REVIEW,
    SAME,
    CompanyFacts,
    CompanyQuery,
    Match,
    entry,
    meant_by,
    normalise,
    score,
)
from companies.matching.letters import own_letters
from companies.reasons import highlighted
from tests.companies.scripts import (
    FAMOUS,
    IN_LATIN,
    ONE_LETTER_APART,
    READ_ALIKE,
    READ_APART,
    WAYS_OF_WRITING,
    WHOLE,
    known_in_their_letters,
    known_natives,
)


def compared(one: str, other: str) -> Match:
    return score(CompanyQuery(one), CompanyFacts((other,)))


@pytest.mark.parametrize(("one", "other"), READ_ALIKE)
def test_names_that_are_only_read_alike_are_looked_at(one: str, other: str) -> None:
    match = compared(one, other)

    assert REVIEW <= match.score < SAME
    assert match.score == pytest.approx(compared(other, one).score)
    assert set(entry(one).keys) & set(entry(other).keys)


@pytest.mark.parametrize(("one", "other"), READ_ALIKE)
def test_no_reason_says_that_they_are_written_alike(one: str, other: str) -> None:
    said = [signal.label for signal in compared(one, other).signals if signal.contribution > 0]

    assert "By their sound the names are 100% alike" in said
    for untrue in (
        "Letter by letter the names are 100%",
        "The same name",
        "The same letters",
        "No word is spelled",
    ):
        assert not [label for label in said if label.startswith(untrue)]


def test_each_side_of_what_is_only_read_alike_is_quoted() -> None:
    said = [signal.label for signal in compared("华新科技", "华鑫科技").signals]

    assert "Spelled differently: “华新科技” for “华鑫科技”" in said
    assert "What the names have in common is how they are read" in said


@pytest.mark.parametrize(("one", "other"), ONE_LETTER_APART)
def test_a_vowel_that_is_written_counts(one: str, other: str) -> None:
    assert compared(one, other).score < SAME


@pytest.mark.parametrize(("one", "other"), WAYS_OF_WRITING + READ_APART + IN_LATIN + WHOLE + FAMOUS)
def test_ways_of_writing_meet(one: str, other: str) -> None:
    match = compared(one, other)

    assert match.score >= SAME
    assert match.score == pytest.approx(compared(other, one).score)


def test_what_is_known_of_two_names_in_their_own_letters_makes_them_one() -> None:
    pairs = known_in_their_letters()

    assert len(pairs) > 300
    for one, other in pairs:
        match = compared(one, other)
        assert match.tier == "same", (one, other, match.score)
        assert match.score == pytest.approx(compared(other, one).score)


def test_every_line_of_the_known_names_is_reached_by_the_name_that_stands_above_it() -> None:
    known = known_natives()

    assert len(known) > 2_000
    unread = [
        native
        for native, full in known
        if normalise(full).core not in {name.core for name in meant_by(native)}
    ]
    assert not unread


# Whichever name of a field it is.
ONLY_READ_SO = [("任天堂", "仁天堂"), ("Acme (任天堂)", "仁天堂"), ("仁天堂", "Acme (任天堂)")]


@pytest.mark.parametrize(("one", "other"), ONLY_READ_SO)
def test_a_name_that_is_only_read_like_a_famous_one_stands_for_nothing(one: str, other: str) -> None:
    match = compared(one, other)

    assert match.tier == "review"
    assert not [signal for signal in match.signals if signal.code == "known"]


def test_a_group_is_told_from_its_company_as_in_latin_letters() -> None:
    for native, latin in (("集团", "Group"), ("控股", "Holding")):
        in_latin = compared("Vanke", f"Vanke {latin}").score
        assert compared("万科", f"万科{native}").score == pytest.approx(in_latin, abs=0.01)


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("أحمد", "احمد"),
        ("華新", "华新"),
        ("トヨタ", "とよた"),
        ("Łódź", ""),
        ("हिन्दुस्तान", "हिंदुसतान"),
        ("टीम", "टिम"),
        ("ACME", ""),
        ("12", ""),
    ],
)
def test_own_letters_are_those_of_scripts_with_more_of_them_than_latin(typed: str, letters: str) -> None:
    assert own_letters(typed) == letters


def test_no_letter_cuts_an_arabic_word_in_two() -> None:
    assert [word.surface for word in normalise("السعودية للصناعات").words] == ["lswdyh", "llsnt"]


@pytest.mark.parametrize(
    ("one", "other", "label", "shown"),
    [
        (
            "شركة النور للتجارة",
            "النور للتجارة",
            "Both have “النور للتجارة”",
            "شركة <mark>النور</mark> <mark>للتجارة</mark>",
        ),
        (
            "بانک یکتا ایران",
            "بانک یکتا",
            "Both have “بانک یکتا”",
            "<mark>بانک</mark> <mark>یکتا</mark> ایران",
        ),
        ("Газпром", "ГАЗПРОМ", "Both have “Газпром”", "<mark>Газпром</mark>"),
    ],
)
def test_words_are_quoted_as_typed_and_marked_whole(one: str, other: str, label: str, shown: str) -> None:
    signals = compared(one, other).signals

    assert label in [signal.label for signal in signals]
    assert highlighted(one, [signal.as_json() for signal in signals], "ours") == shown


def test_latin_letters_stand_in_no_reason_for_a_name_without_them() -> None:
    for one, other in READ_ALIKE + WAYS_OF_WRITING[:6]:
        for signal in compared(one, other).signals:
            assert not re.search("“[a-z]+”", signal.label), signal.label
