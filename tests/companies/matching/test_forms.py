"""Legal forms written in many ways, and where they are at home."""

import pytest

from companies.facts import is_the_name
from companies.matching import CompanyFacts, CompanyQuery, entry, normalise, rank, score
from companies.matching.entries import hashed
from companies.matching.fold import to_ascii, to_ascii_german
from companies.matching.forms import are_foreign, form_class, homes
from companies.matching.legal import split_legal
from companies.matching.wordlists import lines, mapping


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hartwell Sociedad Limitada", "Hartwell S.L."),
        ("Hartwell SRL in liquidazione", "Hartwell Società a responsabilità limitata"),
        ("Hartwell Spółka z ograniczoną odpowiedzialnością", "Hartwell Sp. z o.o."),
        ("Hartwell Gesellschaft mit beschränkter Haftung & Co. KG", "Hartwell GmbH & Co. KG"),
        ("Hartwell Sanayi ve Ticaret Anonim Şirketi", "Hartwell A.Ş."),
        ("Hartwell Public Limited Company", "Hartwell PLC"),
        ("Hartwell Limited Liability Company", "Hartwell LLC"),
        ("Hartwell & C. S.a.s.", "Hartwell SAS"),
        ("Hartwell S.à r.l.", "Hartwell SARL"),
        ("Hartwell S.à r.l.-S", "Hartwell SARL"),
        ("Hartwell S.C.Sp.", "Hartwell SCSp"),
        ("Hartwell spol. s r.o.", "Hartwell s.r.o."),
        ("Kabushiki Kaisha Hartwell", "Hartwell K.K."),
    ],
)
def test_a_form_is_one_however_it_is_written(one: str, other: str) -> None:
    assert normalise(one).form_class == normalise(other).form_class != ""
    said = [
        signal for signal in score(CompanyQuery(one), CompanyFacts((other,))).signals if signal.code == "form"
    ]
    assert all(signal.label.startswith("The same legal form: ") for signal in said)


def test_being_wound_up_is_no_form() -> None:
    assert normalise("Hartwell in Liquidation").form == ("in", "liquidation")
    assert form_class(("in", "liquidation")) == ""


@pytest.mark.parametrize(
    ("one", "other", "foreign"),
    [
        ("srl", "as", True),
        ("sl", "srl", False),
        ("spzoo", "as", True),
        ("gmbh co kg", "bv", True),
        ("gmbh", "ag", False),
        ("bv", "nv", False),
        ("as", "ltd", False),  # whoever writes English says 'Ltd'
        ("", "as", False),
    ],
)
def test_forms_of_different_countries(one: str, other: str, foreign: bool) -> None:
    assert are_foreign(one, other) is are_foreign(other, one) is foreign


def test_companies_called_alike_are_less_sure_with_forms_of_different_countries() -> None:
    def reached(name: str) -> float:
        return rank(CompanyQuery("Global Medical S.r.l."), [(1, CompanyFacts((name,)))], total=1_000_000)[
            0
        ].match.score

    assert reached("Global Medical AS") < reached("Global Medical") <= reached("Global Medical SRL")
    match = score(CompanyQuery("Global Medical S.r.l."), CompanyFacts(("Global Medical AS",)))
    assert "Different legal forms of different countries: S.r.l. and AS" in [
        signal.label for signal in match.signals
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ab american bike srl", ["ab", "american", "bike"]),
        ("as air lease 87 gmbh", ["as", "air", "lease", "87"]),
        ("ab archipelago solar oy", ["archipelago", "solar"]),
        ("oy pictor production ltd", ["pictor", "production"]),
        ("uab nordcode", ["nordcode"]),
        ("nv hartwell sa", ["hartwell"]),
        ("kk steel", ["kk", "steel"]),
    ],
)
def test_letters_before_a_name_are_a_form_unless_another_country_s_stands_behind(
    name: str, words: list[str]
) -> None:
    assert split_legal(name.split())[0] == words


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Alpha I S.à r.l.", "alpha 1"),
        ("Propco C S.à r.l.", "propco c"),
        ("Jan Vos", "jan vos"),
        ("A.S.Industries", "as industry"),
        ("N.V. Hartwell", "hartwell"),
        ("P.T. Hartwell", "hartwell"),
        ("Smith & Co Op", "smith co op"),
    ],
)
def test_a_letter_or_a_word_beside_a_form_stays(name: str, core: str) -> None:
    assert normalise(name).core == core


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("AB Agri", "AB Agri Ltd", True),
        ("AS Creation", "AS Creation AG", True),
        ("AB Agri", "Agri AB", True),
        ("AB Agri", "AS Agri Ltd", False),
        ("AB Foods Ltd", "Foods Ltd", False),
    ],
)
def test_letters_before_a_name_are_read_both_ways(one: str, other: str, same: bool) -> None:
    assert (
        is_the_name(normalise(one), normalise(other)) is is_the_name(normalise(other), normalise(one)) is same
    )
    assert (
        not set(entry(one).keys).isdisjoint(hashed(f"j:{joined}") for joined in normalise(other).written)
    ) is same


def test_each_word_that_is_written_short_is_a_word_of_a_form() -> None:
    forms = [line.removeprefix("^") for line in lines("legal_forms")]
    known = {word for form in forms for fold in (to_ascii, to_ascii_german) for word in fold(form).split()}
    known |= {to_ascii(form).replace(" ", "") for form in forms}
    for long in mapping("form_spellings"):
        assert set(long.split()) <= known or long.replace(" ", "") in known, long


@pytest.mark.parametrize("form", ["Société à responsabilité limitée", "Ltée", "Sociedade Anónima"])
def test_a_form_is_no_slip_of_another(form: str) -> None:
    assert normalise(f"Hartwell {form}").core == "hartwell"


def test_each_form_at_home_somewhere_is_written_short() -> None:
    for form, countries in mapping("form_countries").items():
        assert form_class(tuple(form.split())) == form
        assert all(len(country) == 2 and country.isalpha() for country in countries.split()), form
        assert homes(form)
    assert "gmbh" in lines("legal_forms")
