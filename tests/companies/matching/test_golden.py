"""Golden pairs by class of variance: what must meet, what must be looked at, what must stay apart."""

import pytest

from companies.matching import REVIEW, SAME, CompanyFacts, CompanyQuery, score

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
    ],
    "initials with dots": [
        ("I.B.M.", "IBM"),
        ("ibm corp", "I.B.M."),
        ("I B M Corporation", "IBM"),
        ("AT&T", "AT & T Inc."),
        ("U.S. Steel", "US Steel Corp"),
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
        ("Siemens", "Simens"),
        ("Microsoft", "Microsfot"),
        ("Volkswagen AG", "Volkswagon"),
        ("Schneider Electric", "Schnieder Electric"),
    ],
    "spaces": [("Face Book", "Facebook"), ("Tech Data", "TechData Corp"), ("Mc Donalds", "McDonald's")],
    "order": [
        ("University of Oxford", "Oxford University"),
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
    "invisible": [
        ("Acme\u200b Tools\x00", "Acme Tools"),
        ("🚀 Acme Tools 🚀", "Acme Tools"),
        ("ＡＣＭＥ　Ｔｏｏｌｓ", "Acme Tools"),
    ],
}
LOOK = {
    "initials": [
        ("IBM", "International Business Machines Corp."),
        ("I.B.M.", "International Business Machines"),
        ("B.A.S.F.", "Badische Anilin Soda Fabrik"),
    ],
    "part of the name": [("Siemens", "Siemens Energy"), ("Lukoil", "Лукойл")],
}
APART = [
    ("Delta Air Lines", "Delta Faucet"),
    ("United Airlines", "United Technologies"),
    ("American Express", "American Airlines"),
    ("General Motors", "General Electric"),
    ("First National Bank of Omaha", "First National Bank of Texas"),
    ("Apollo Fund II", "Apollo Fund III"),
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


@pytest.mark.parametrize(("one", "other"), APART)
def test_stay_apart(one: str, other: str) -> None:
    assert value(one, other) < REVIEW


def test_initials_are_only_possible() -> None:
    match = score(CompanyQuery("IBM"), CompanyFacts(("International Business Machines",)))
    assert match.tier == "possible"


def test_the_best_of_several_names_counts() -> None:
    facts = CompanyFacts(("International Business Machines Corp.", "IBM"))
    match = score(CompanyQuery("I.B.M."), facts)
    assert (match.tier, match.matched_name) == ("same", "IBM")
