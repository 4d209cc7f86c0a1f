"""Golden pairs by class of variance: what must meet, what must be looked at, what must stay apart."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from companies.matching import REVIEW, SAME, CompanyFacts, CompanyQuery, rank, score

MEET = {
    "legal form": [
        ("Siemens AG", "Siemens Aktiengesellschaft"),
        ("Orlen Sp. z o.o.", "Orlen"),
        ("Enel S.p.A.", "Enel SpA"),
        ("Nakayama Kabushiki Kaisha", "Nakayama K.K."),
        ("ООО Ромашка", "Ромашка"),
        ("PT Astra International Tbk", "Astra International"),
        ("Bosch GmbH & Co. KG", "Bosch"),
        ("Tata Steel Pvt. Ltd.", "TATA STEEL PRIVATE LIMITED"),
        ("Telia AB (publ)", "Telia"),
        ("Vega S.à r.l.", "Vega SARL"),
        ("Vega S.C.Sp.", "Vega SCSp"),
        ("Heartland Co-op", "Heartland Cooperative"),
    ],
    "initials with dots": [
        ("I.B.M.", "IBM"),
        ("ibm corp", "I.B.M."),
        ("I B M Corporation", "IBM"),
        ("AT&T", "AT & T Inc."),
        ("U.S. Steel", "US Steel Corp"),
        ("A. O. Smith", "A. O. Smith Corporation"),
        ("AO Smith", "A. O. Smith Corporation"),
        ("A.S. Watson", "A.S. Watson Ltd"),
        ("AB Agri", "AB Agri Ltd"),
        ("AS Creation", "AS Creation AG"),
        ("UAB Medicine", "UAB Medicine Inc."),
        ("AB Volvo", "Volvo AB"),
        ("AB Volvo", "Volvo"),
    ],
    "umlauts and accents": [
        ("Müller GmbH", "Mueller"),
        ("Muller", "Mueller GmbH"),
        ("L'Oréal S.A.", "LOREAL"),
        ("Škoda Auto a.s.", "Skoda Auto"),
        ("Ørsted A/S", "Orsted"),
        ("Weiß KG", "Weiss"),
    ],
    "and": [
        ("Marks & Spencer plc", "Marks and Spencer"),
        ("Müller und Sohn", "Mueller & Sohn"),
        ("Johnson&Johnson", "Johnson and Johnson"),
    ],
    "abbreviations": [
        ("Intl Business Machines", "International Business Machines Corp"),
        ("Acme Mfg Co", "Acme Manufacturing Company"),
        ("St. Mary's Hospital", "Saint Marys Hosp."),
        ("ST MARY'S HOSPITAL", "St Marys Hospital Inc"),
        ("Northwind Hldgs", "Northwind Holdings"),
        ("1st Source Bank", "First Source Bank"),
    ],
    "typing mistakes": [
        ("Microsoft", "Microsfot"),
        ("Volkswagen AG", "Volkswagon"),
        ("Schneider Electric", "Schnieder Electric"),
    ],
    "spaces": [("Face Book", "Facebook"), ("Tech Data", "TechData Corp"), ("Mc Donalds", "McDonald's")],
    "order": [
        ("Rossi Mario Trasporti", "Mario Rossi Trasporti"),
    ],
    "addresses": [
        ("https://www.acme-tools.co.uk/contact", "Acme Tools Ltd"),
        ("info@northwind.com", "Northwind Inc"),
        ("Booking.com B.V.", "Booking"),
    ],
    "several names": [
        ("Holdfast LLC dba Rocket Tools", "Rocket Tools"),
        ("Rocket Tools", "Holdfast LLC d/b/a Rocket Tools Inc"),
        ("Meta Platforms, formerly Facebook Inc", "Facebook"),
        ("Holdfast t/a Rocket Tools", "Rocket Tools Ltd"),
    ],
    "noise": [
        ("Acme Tools (DO NOT USE)", "Acme Tools"),
        ("Acme Tools - renewal", "Acme Tools Ltd"),
        ("Acme Tools attn: John Smith", "Acme Tools"),
        ("Acme Tools #12345", "Acme Tools"),
    ],
    "scripts": [
        ("华为技术有限公司", "华为技术"),
        ("株式会社トヨタ", "トヨタ"),
        ('שטראוס בע"מ', "שטראוס"),
        ("شركة أرامكو السعودية", "أرامكو السعودية"),
        ("삼성전자 주식회사", "삼성전자"),
        ("\u202bأرامكو السعودية\u202c", "أرامكو السعودية"),
    ],
    "marks around a name without spaces": [
        ("华为技术有限公司", "华为技术有限公司。"),
        ("小米科技有限责任公司", "“小米科技有限责任公司”"),
        ("小米科技", "小米科技有限责任公司."),
        ("トヨタ自動車株式会社", "「トヨタ自動車株式会社」"),
    ],
    "quoted whole": [
        ("SVA Smart Value Asset Management GmbH", '"SVA Smart Value Asset Management GmbH"'),
        ("M/S Green Decor", "„M/S Green Decor“"),
        ("Sunny Panels", 'Helios Ltd dba "Sunny Panels"'),
    ],
    "capitals": [
        ("Hotels.com LP", "HOTELS.COM LP"),
        ("Amazon.com, Inc.", "AMAZON.COM, INC."),
        ("Booking.com Transport Limited", "booking.com transport limited"),
        ("AMAZON COM INC", "Amazon.com, Inc."),
        ("Siemens AG (CH)", "siemens ag (ch)"),
        ("Northgate Systems B.V. (NL)", "northgate systems b.v. (nl)"),
    ],
    "trade marks": [("Acme Tools", "Acme™ Tools Ltd"), ("Zenith", "Zenith℠"), ("Lumenia®", "Lumenia GmbH")],
    "known short names": [
        ("IBM", "International Business Machines Corp."),
        ("I.B.M.", "International Business Machines"),
        ("B.A.S.F.", "Badische Anilin Soda Fabrik"),
        ("Lukoil", "Лукойл"),
    ],
    "invisible": [
        ("Acme\u200b Tools\x00", "Acme Tools"),
        ("🚀 Acme Tools 🚀", "Acme Tools"),
        ("ＡＣＭＥ　Ｔｏｏｌｓ", "Acme Tools"),
    ],
}
LOOK = {
    "a short name mistyped": [("Siemens", "Simens")],
    # The one is in England, the other in New Zealand; most universities are called both ways.
    "turned around 'of'": [("University of Lincoln", "Lincoln University")],
    "initials": [
        ("NHPS", "Northern Heat Pump Supplies Ltd"),
        ("N.H.P.S.", "Northern Heat Pump Supplies"),
    ],
}
APART = [
    ("Delta Air Lines", "Delta Faucet"),
    ("United Airlines", "United Technologies"),
    ("American Express", "American Airlines"),
    ("General Motors", "General Electric"),
    ("First National Bank of Omaha", "First National Bank of Texas"),
    ("Apollo Fund II", "Apollo Fund III"),
    ("Store Master Funding XXVII, LLC", "Store Master Funding XVII, LLC"),
    ("SAEL Solar P15 Private Limited", "SAEL Solar P11 Private Limited"),
    ("Siemens", "Simmons"),
    ("Nordwind Logistik", "Südwind Logistik"),
    ("3M", "3i"),
    ("Royal Bank of Canada", "Royal Mail"),
]


def value(one: str, other: str) -> float:
    return score(CompanyQuery(one), CompanyFacts((other,))).score


@pytest.mark.parametrize(("one", "other"), [pair for pairs in MEET.values() for pair in pairs])
def test_meet(one: str, other: str) -> None:
    assert value(one, other) >= SAME


@pytest.mark.parametrize(("one", "other"), [pair for pairs in LOOK.values() for pair in pairs])
def test_ask_for_a_look(one: str, other: str) -> None:
    assert REVIEW <= value(one, other) < SAME


@pytest.mark.parametrize("where", ["(DE)", "(Germany)", "- DE", "- Germany", "(CH)"])
def test_a_country_behind_a_legal_form_makes_a_branch(where: str) -> None:
    match = score(CompanyQuery("Siemens AG"), CompanyFacts((f"Siemens AG {where}",)))
    assert match.tier == "related"


@pytest.mark.parametrize(
    "form",
    ["S.A. de C.V.", "S. de R.L. de C.V.", "Sociedad Limitada", "Joint Stock Company", "Private Limited"],
)
@pytest.mark.parametrize("where", ["(MX)", "(India)", "- Mexico"])
def test_also_behind_a_form_of_several_words(form: str, where: str) -> None:
    match = score(
        CompanyQuery(f"Varelia Robotics {form}"), CompanyFacts((f"Varelia Robotics {form} {where}",))
    )
    assert match.tier in ("related", "same")


@pytest.mark.parametrize("where", [", DE", ", Germany", ", Munich"])
def test_behind_a_comma_it_is_the_seat(where: str) -> None:
    assert value("Siemens AG", f"Siemens AG{where}") >= SAME


def test_the_last_of_many_names_is_compared() -> None:
    many = [f"Zenith Optical Branch {number} Works" for number in range(99)]
    facts = CompanyFacts(("Zenith Optical GmbH", *many, "Kuckuck Turbinen"))
    assert score(CompanyQuery("Kuckuck Turbinen"), facts).matched_name == "Kuckuck Turbinen"
    assert score(CompanyQuery("Zenith Optical"), facts).matched_name == "Zenith Optical GmbH"
    assert score(CompanyQuery("International Business Machines"), CompanyFacts((*many, "IBM"))).tier == "same"


@pytest.mark.parametrize(("one", "other"), APART)
def test_stay_apart(one: str, other: str) -> None:
    assert value(one, other) < REVIEW


def test_initials_are_only_possible() -> None:
    match = score(CompanyQuery("NHPS"), CompanyFacts(("Northern Heat Pump Supplies",)))
    assert match.tier == "possible"


@pytest.mark.parametrize("here", [{"country": "GB"}, {"country": "GB", "city": "Leeds"}])
def test_a_place_that_many_share_makes_initials_no_surer(here: dict[str, str]) -> None:
    match = score(CompanyQuery("NHPS", **here), CompanyFacts(("Northern Heat Pump Supplies",), **here))
    assert match.tier == "possible"
    assert (
        score(
            CompanyQuery("NHPS", domain="nhps.example"),
            CompanyFacts(("Northern Heat Pump Supplies",), domain="nhps.example"),
        ).tier
        == "same"
    )


def test_a_famous_short_name_means_its_bearer() -> None:
    assert value("IBM", "Indian Bureau of Mines") < 0.5 <= value("IBM", "International Business Machines")


def test_the_best_of_several_names_counts() -> None:
    facts = CompanyFacts(("International Business Machines Corp.", "IBM"))
    match = score(CompanyQuery("I.B.M."), facts)
    assert (match.tier, match.matched_name) == ("same", "IBM")


# The share of pairs of a class that the score puts on the right side of one half.
LEAST_RIGHT = 0.8


def told_right(name: str) -> dict[str, list[bool]]:
    """By class, which pairs of a file of golden/ the score puts on their side of one half."""
    right: dict[str, list[bool]] = defaultdict(list)
    with (Path(__file__).parent / "golden" / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            right[row["class"]].append((value(row["a"], row["b"]) >= 0.5) == (row["same"] == "1"))
    return right


def share(right: dict[str, list[bool]]) -> float:
    every = [found for several in right.values() for found in several]
    return sum(every) / len(every)


def test_the_golden_pairs_class_by_class() -> None:
    right = told_right("pairs.csv")
    shares = {name: sum(found) / len(found) for name, found in right.items()}

    assert {name: round(part, 2) for name, part in shares.items() if part < LEAST_RIGHT} == {}
    assert share(right) >= 0.95


@pytest.mark.parametrize(("name", "least"), [("hard_pairs.csv", 0.92), ("held_out.csv", 0.9)])
def test_pairs_with_a_trap_beside_each(name: str, least: float) -> None:
    """The second file was never shown to what fits the model."""
    assert share(told_right(name)) >= least


@pytest.mark.parametrize(
    ("one", "other"), [("Siemens India Ltd", "Siemens AG"), ("IBM Deutschland GmbH", "I.B.M.")]
)
def test_a_branch_is_related_however_the_score_turns_out(one: str, other: str) -> None:
    assert score(CompanyQuery(one), CompanyFacts((other,))).tier == "related"
    assert score(CompanyQuery(other), CompanyFacts((one,))).tier == "related"


@pytest.mark.parametrize(
    ("one", "other"), [("Delta India", "Faucet India"), ("Bank of India", "Bank"), ("Acme Energy", "Acme")]
)
def test_other_words_are_no_branch(one: str, other: str) -> None:
    assert score(CompanyQuery(one), CompanyFacts((other,))).tier != "related"


def test_a_better_rival_hides_nobody() -> None:
    found = [(1, CompanyFacts(("I.B.M.",))), (2, CompanyFacts(("International Business Machines Corp.",)))]
    scores = {one.id: one.match.score for one in rank(CompanyQuery("I.B.M. Deutschland"), found, total=1_000)}
    assert min(scores.values()) >= REVIEW
