"""Names in other scripts than Latin: their own letters tell two of them apart, and are quoted and marked as they were typed."""

import re

import pytest

from companies.matching import REVIEW, SAME, CompanyFacts, CompanyQuery, Match, entry, normalise, score
from companies.matching.letters import own_letters
from companies.reasons import highlighted
from tests.companies.scripts import IN_LATIN, ONE_LETTER_APART, READ_ALIKE, READ_APART, WAYS_OF_WRITING


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


@pytest.mark.parametrize(("one", "other"), WAYS_OF_WRITING + READ_APART + IN_LATIN)
def test_ways_of_writing_meet(one: str, other: str) -> None:
    match = compared(one, other)

    assert match.score >= SAME
    assert match.score == pytest.approx(compared(other, one).score)


@pytest.mark.parametrize(
    ("typed", "letters"),
    [
        ("أحمد", "احمد"),
        ("華新", "华新"),
        ("トヨタ", "とよた"),
        ("Łódź", ""),
        ("टाटा", ""),
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
        ("بانک ملی ایران", "بانک ملی", "Both have “بانک ملی”", "<mark>بانک</mark> <mark>ملی</mark> ایران"),
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
