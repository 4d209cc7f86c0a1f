"""What the reasons say stands in the two names as they were typed, and is marked there."""

import re
from math import exp

import pytest

from companies.matching import CompanyFacts, CompanyQuery, Match, Signal, normalise, score
from companies.matching.fold import clean, to_ascii
from companies.matching.spans import form_as_typed
from companies.matching.wordlists import mapping

IBM, META = "International Business Machines", "Meta Platforms"
# A reason of the two names (+ or −), and the words marked on either side for it.
TOLD = [
    ("SAP SE", "SAP", "+", "Both have “SAP”", ["SAP"], ["SAP"]),
    ("IBM", "I.B.M.", "+", "Both have “IBM”", ["IBM"], ["I.B.M."]),
    ("3M", "3M Company", "+", "Both have “3M”", ["3M"], ["3M"]),
    ("BMW", "BMW AG", "+", "Both have “BMW”", ["BMW"], ["BMW"]),
    ("HP", "HP Inc", "+", "Both have “HP”", ["HP"], ["HP"]),
    ("VW", "VW AG", "+", "Both have “VW”", ["VW"], ["VW"]),
    ("SAP", "S.A.P.", "+", "Both have “SAP”", ["SAP"], ["S.A.P."]),
    (
        "IBM Germany",
        "IBM Deutschland GmbH",
        "+",
        "Both have “IBM”, “Germany” (“Deutschland”)",
        ["IBM", "Germany"],
        ["IBM", "Deutschland"],
    ),
    ("SAP SE", "SAP", "+", "The same name, apart from legal form, accents and punctuation", ["SAP"], ["SAP"]),
    ("I.B.M.", IBM, "+", f"“I.B.M.” is the initials of “{IBM}”", ["I.B.M."], IBM.split()),
    (f"{IBM} Corp.", "IBM", "+", f"“IBM” is the initials of “{IBM}”", IBM.split(), ["IBM"]),
    (
        "AT&T",
        "American Telephone & Telegraph",
        "+",
        "“AT&T” is the initials of “American Telephone & Telegraph”",
        ["AT&T"],
        ["American", "Telephone", "Telegraph"],
    ),
    (
        "IBM",
        "Internatoinal Business Machines",
        "+",
        "“IBM” is the initials of “Internatoinal Business Machines”, spelled differently",
        ["IBM"],
        ["Internatoinal", "Business", "Machines"],
    ),
    (
        "HP",
        "Hewlett-Packard",
        "+",
        "“HP” is the well-known short name of “Hewlett-Packard”",
        ["HP"],
        ["Hewlett", "Packard"],
    ),
    (
        "TSMC",
        "Taiwan Semiconductor Manufacturing Company Ltd",
        "+",
        "“TSMC” is the initials of “Taiwan Semiconductor Manufacturing Company”",
        ["TSMC"],
        ["Taiwan", "Semiconductor", "Manufacturing"],
    ),
    ("Delta Faucet", "Delta Faucets", "+", "The names begin alike", [], []),
    ("Bolton Foods", "Colton Foods", "+", "The first words look alike", [], []),
    ("Volkswagen AG", "VW", "+", "“VW” is the well-known short name of “Volkswagen”", ["Volkswagen"], ["VW"]),
    ("Facebook", META, "+", f"“Facebook” is a known other name of “{META}”", ["Facebook"], META.split()),
    (
        "Meta",
        "Facebook Inc",
        "+",
        "“Meta” and “Facebook” are known names of one company",
        ["Meta"],
        ["Facebook"],
    ),
    (
        "IBM Deutschland",
        IBM,
        "+",
        "No word stands against another: only the new name has “Deutschland”",
        [],
        [],
    ),
    (
        "IBM",
        "Business Machines Ltd",
        "−",
        "“IBM” stands for “international business machines”: the other name has “Business Machines” of it",
        [],
        [],
    ),
    (
        "Delta Faucet",
        "Delta Air Lines",
        "−",
        "“Faucet” and “Air Lines” differ, and both are telling words",
        ["Faucet"],
        ["Air", "Lines"],
    ),
    (
        "Delta Faucet",
        "Delta Holdings",
        "−",
        "“Faucet” and “Holdings” differ, and only “Faucet” tells much",
        ["Faucet"],
        ["Holdings"],
    ),
    (
        "Delta Holdings",
        "Delta Technology",
        "−",
        "“Holdings” and “Technology” differ, and are common words",
        ["Holdings"],
        ["Technology"],
    ),
]


def compared(one: str, other: str) -> Match:
    return score(CompanyQuery(one), CompanyFacts((other,)))


def marked(signal: Signal) -> tuple[list[str], list[str]]:
    return (
        [signal.ours[start:end] for start, end in signal.ours_spans],
        [signal.theirs[start:end] for start, end in signal.theirs_spans],
    )


@pytest.mark.parametrize(("one", "other", "sign", "label", "ours", "theirs"), TOLD)
def test_a_reason_speaks_of_what_was_typed_and_marks_it(
    one: str, other: str, sign: str, label: str, ours: list[str], theirs: list[str]
) -> None:
    there = {signal.label: signal for signal in compared(one, other).signals}
    assert label in there, list(there)
    assert (there[label].contribution > 0) is (sign == "+")
    assert marked(there[label]) == (ours, theirs)


def typed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", to_ascii(clean(text)))


# Every 151st line of the list, each as it would be met.
FAMOUS = list(mapping("known_names").items())[::151]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pair
        for short, full in FAMOUS
        for pair in ((short, f"{short.upper()} AG"), (short, full), (f"{full} Ltd", short))
    ],
)
def test_of_a_famous_name_no_word_is_told_that_nobody_typed(one: str, other: str) -> None:
    match = compared(one, other)

    for signal in match.signals:
        for said in re.findall("“([^”]+)”", signal.label):
            assert typed(said) in typed(one) or typed(said) in typed(other), signal.label
        alike = "100% alike" in signal.label
        assert not alike or typed(one) == typed(other).removesuffix("ag"), signal.label
    assert any(
        signal.ours_spans and signal.theirs_spans for signal in match.signals if signal.contribution > 0
    )
    log_odds = sum(signal.contribution for signal in match.signals)
    assert match.score == pytest.approx(1 / (1 + exp(-log_odds)))


@pytest.mark.parametrize(
    ("one", "other", "both", "near", "ours", "theirs"),
    [
        (
            "Nordic Fairy Lines",
            "Nordic Ferry Lines AB",
            ["Nordic", "Lines"],
            "“Fairy” for “Ferry”",
            "ai",
            "er",
        ),
        (
            "Nakamura Seimitu K.K.",
            "Nakamura Seimitsu K.K.",
            ["Nakamura"],
            "“Seimitu” for “Seimitsu”",
            "",
            "s",
        ),
        (
            "Hanseatik Cold Storage",
            "Hanseatic Cold Storage",
            ["Cold", "Storage"],
            "“Hanseatik” for “Hanseatic”",
            "k",
            "c",
        ),
        ("Müler Maschinenbau", "Müller Maschinenbau GmbH", ["Maschinenbau"], "“Müler” for “Müller”", "", "l"),
        (
            "Hanse cold storage",
            "Hanseatic cold storage",
            ["cold", "storage"],
            "“Hanse” for “Hanseatic”",
            "",
            "atic",
        ),
        ("Quelhof", "Quellhof eG", [], "“Quelhof” for “Quellhof”", "", "l"),
    ],
)
def test_words_that_are_spelled_differently_are_not_said_to_be_in_both(
    one: str, other: str, both: list[str], near: str, ours: str, theirs: str
) -> None:
    there = {signal.code: signal for signal in compared(one, other).signals}
    shared, slips = there["shared"], there["slips"]

    assert re.findall("“([^”]+)”", shared.label) == both
    assert "word but for its spelling" in shared.label
    assert marked(shared) == (both, both)
    assert slips.label == f"Spelled differently: {near}"
    assert "".join(one[start:end] for start, end in slips.ours_letters) == ours
    assert "".join(other[start:end] for start, end in slips.theirs_letters) == theirs


@pytest.mark.parametrize(
    ("one", "other", "label"),
    [
        ("Acme Intl", "Acme International Inc", "Both have “Acme”, “Intl” (“International”)"),
        ("MUELLER Kesselring", "The Müller-Kesselring AG", "Both have “MUELLER” (“Müller”), “Kesselring”"),
        ("Hanse Coldstorage", "Hanse Cold Storage", "Both have “Hanse”, “Coldstorage” (“Cold Storage”)"),
        ("Reunis Foods", "Réunis Foods SA", "Both have “Reunis”, “Foods”"),
        ("MUELLER Kesselring", "Müller Kesselring", "Written in another way: “MUELLER” for “Müller”"),
    ],
)
def test_one_word_in_two_ways_of_writing_is_quoted_in_both(one: str, other: str, label: str) -> None:
    assert label in [signal.label for signal in compared(one, other).signals]


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("Vantage Aerospace", "Vantage Aerospace Group plc", ["Vantage", "Aerospace"]),
        ("Fund II", "Fund III", ["Fund"]),
    ],
)
def test_words_of_both_are_marked_where_they_are_too_common_to_speak_for_it(
    one: str, other: str, words: list[str]
) -> None:
    shared = next(signal for signal in compared(one, other).signals if signal.code == "shared")

    assert shared.contribution < 0
    assert marked(shared) == (words, words)


def test_words_in_another_order_are_told_once_with_one_sign() -> None:
    said = [
        signal for signal in compared("Hartwell Pryce", "Pryce Hartwell").signals if "order" in signal.label
    ]

    assert [(signal.code, signal.label) for signal in said] == [("same", "The same words in another order")]


def test_no_word_is_said_to_be_one_sides_only_where_the_letters_are_spaced_differently() -> None:
    said = [signal.label for signal in compared("Torq Energy Serv ices", "Torq Energy Services Inc.").signals]

    assert "The same letters, spaced differently" in said
    assert not [label for label in said if "ices" in label and "only the" in label.lower()]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Baltic Grain Terminals OÜ", "OÜ"),
        ("Kowalski Sp. z o.o.", "Sp. z o.o."),
        ("Müller GmbH & Co. KG", "GmbH & Co. KG"),
        ("PT Sinar Jaya Tbk", "PT Tbk"),
        ("Acme (Pty) Ltd", "Pty Ltd"),
        ("ACMETOOLSGMBH", "gmbh"),
        ("Magna", ""),
    ],
)
def test_a_legal_form_is_said_as_it_was_typed(name: str, said: str) -> None:
    assert form_as_typed(normalise(name)) == said
