"""What stands beside a company's name: taken off where it is a remark, kept where it is the name."""

import pytest

from companies.matching import REVIEW, SAME, CompanyFacts, CompanyQuery, names_in, normalise, score
from companies.matching.remarks import without_remarks


@pytest.mark.parametrize(
    "text",
    [
        "ATTN: Accounts Payable, Hartwell Optics Ltd",
        "c/o J. Marsh: Hartwell Optics Ltd",
        "c/o J. Marsh - Hartwell Optics Ltd",
        "OLD - Hartwell Optics Ltd",
        "Inactive_Hartwell Optics Ltd",
        "NEW!! Hartwell Optics Ltd (pilot)",
        "zzz_Hartwell Optics Ltd",
        "Hartwell Optics Ltd (renewal 2024)",
        "Hartwell Optics Ltd [merged into 00123]",
        "Hartwell Optics Ltd #4471 NET30",
        "Hartwell Optics Ltd ??? check w/ Anna",
        "Hartwell Optics Ltd duplicate",
        "Hartwell Optics Ltd - ref. from Ford",
        "Hartwell Optics Ltd - Leeds, UK",
        "Hartwell Optics Ltd, Leeds",
        "Hartwell Optics Ltd, 12 Mill Lane, Leeds",
        "Hartwell Optics Ltd, Hafenstraße 3",
        "Hartwell Optics Ltd (Leeds, UK)",
        "Hartwell Optics Ltd (Leeds office)",
        "Hartwell Optics Ltd (lenses for labs)",
        "Hartwell Optics Ltd - EMEA - FY25",
        "Hartwell Optics Ltd - EMEA - Renewal 2025",
        "Hartwell Optics Ltd – new contact 03/2021",
        "Hartwell Optics Ltd - VENDOR 004512",
        "Firma Hartwell Optics Ltd KdNr 77812",
        "2024-POC-Hartwell Optics Ltd (via partner)",
        "To the attention of Mr. Ito, Hartwell Optics Ltd",
        "Hartwell Optics Ltd z.Hd. Frau Huber",
        "Hartwell Optics Ltd (Northwind Group)",
        "Hartwell Optics Ltd, a Northwind company",
        "Hartwell Optics Ltd (spun off from Northwind-Kilmer)",
        "Hartwell Optics Ltd (Leeds)",
        "Hartwell Optics Ltd (1398.HK)",
        "Hartwell Optics Ltd (NYSE: HWO)",
        "Hartwell Optics Ltd <migrated from SAP>",
        "Hartwell Optics Ltd tel. +44 113 496 0000",
        "Hartwell Optics Ltd VAT GB123456789",
        "Hartwell Optics Ltd corporate HQ",
        "Hartwell Optics Ltd (via Ingram Micro)",
        "Lead #4471 Hartwell Optics Ltd",
        "Cust# 100482 Hartwell Optics Ltd",
        "[Partner] Hartwell Optics Ltd",
        "Hartwell Optics Ltd VZO O.N.",
        "**KEY ACCT** Hartwell Optics Ltd",
        "Hartwell Optics Ltd **VIP**",
        "Hartwell Optics Ltd; Q3 renewal",
        "Hartwell Optics Ltd - Phase 2",
        "Hartwell Optics Ltd (Phase II)",
        "Hartwell Optics Ltd: Lot 3",
        "Hartwell Optics Ltd - Opp 2",
        "Hartwell Optics Ltd - Phase II rollout",
        "Hartwell Optics Ltd - Q3 expansion",
        "Hartwell Optics Ltd as of 2025",
        "Hartwell Optics Ltd - DO NOT USE.",
        "Hartwell Optics Ltd, Leeds.",
        "Hartwell Optics Ltd \u2010 Renewal 2026",
    ],
)
def test_a_remark_is_taken_off(text: str) -> None:
    assert without_remarks(text) == "Hartwell Optics Ltd"


@pytest.mark.parametrize(
    "text",
    [
        "Hartwell (Old Mutual)",
        "Hartwell - Retail, LLC",
        "Hartwell - Building Corporation, LP",
        "Medical Care of Boston",
        "Hartwell Income Fund - 2025",
        "Hartwell (India)",
        "Hartwell Optics, Inc.",
        "Hartwell Optics Co., Ltd.",
        "Hartwell Funds Ltd., Series A",
        "Hartwell Diner #1043",
        "Hartwell Store #34122",
        "Hartwell HQ",
        "Hartwell Optics Ltd as trustee for the Smith Family Trust",
        "Lead Optics 4471",
        "Hartwell Trust Inc., North Portfolio",
        "Ironworkers Local #401",
        "Old Dominion",
        "XXL Sports",
        "Yahoo!",
        "OLD",
        "Hartwell (formerly Optik)",
        "Client Services Inc",
        "Vendor Management Group",
        "The Hartwell Company",
        "Hartwell (Group)",
        "Hartwell Local 1234",
        "Hartwell Solar - Phase 2",
        "Hartwell Tower - Lot 3",
        "Hartwell Offshore Wind: Lot 3",
        "Hartwell Phase 2",
        "Hartwell Optics Co.",
    ],
)
def test_what_belongs_to_the_name_stays(text: str) -> None:
    assert without_remarks(text) == text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Statoil ASA n/k/a Equinor ASA", ["statoil", "equinor"]),
        ("Mylan, now Viatris", ["mylan", "viatris"]),
        ("Square Inc (now Block)", ["square", "block"]),
        ("Smile Studio / Kestrel Dental", ["smile studio", "kestrel dental"]),
        ("TCEC - Tri-County Electrical Contractors", ["tri county electric contracting", "tcec"]),
        ("Northern Heat Pump Supplies (NHPS)", ["northern heat pump supply", "nhps"]),
        ("Novo Nordisk A / S", ["novo nordisk"]),
        ("Nordwind (BAC)", ["nordwind bac"]),
        ("Hartwell Pump Ltd (HP)", ["hartwell pump", "hp"]),
        ("HP - Hartwell Pump", ["hp hartwell pump"]),
        ("Hartwell Pump Company & Northern Valve Corporation", ["hartwell pump", "northern valve"]),
        ("Hartwell Ltd & Sons Ltd", ["hartwell son"]),
        ("Hartwell Company and Services Limited", ["hartwell company service"]),
        ("Hartwell (ex Rocket)", ["hartwell", "rocket"]),
        ("Hartwell Equity (ex Tobacco) Fund", ["hartwell equity ex tobacco fund"]),
        ("Hartwell Umbrella / Northern Value", ["hartwell umbrella northern value"]),
        ("Hartwell (nka Rocket", ["hartwell", "rocket"]),
        ("Industria de Diseño Textil, S.A. (Inditex)", ["industry diseno textile", "inditex"]),
        ("Hartwell Pump (Harpum)", ["hartwell pump", "harpum"]),
        ("Hartwell Pump (Pumhar)", ["hartwell pump pumhar"]),
        ("HPB Hartwell Pump Bureau", ["hartwell pump bureau", "hpb"]),
        ("HPX Hartwell Pump Bureau", ["hpx hartwell pump bureau"]),
        ("Portland, City of", ["city portland"]),
    ],
)
def test_names_beside_one_another(text: str, names: list[str]) -> None:
    assert [name.core for _, name in names_in(text)] == names


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("Forever Twenty-One Inc", "forever 21"),
        ("Twenty First Century Fox", "21st century fox"),
        ("Three Sixty", "3 60"),
        ("AT and T", "att"),
        ("H and M Hennes", "hm hennes"),
        ("Me and My", "me my"),
        ("targetcorp.com", "target"),
        ("zinc.com", "zinc"),
    ],
)
def test_numbers_signs_and_addresses_said_in_other_ways(text: str, core: str) -> None:
    assert normalise(text).core == core


@pytest.mark.parametrize("address", ["marksandspencer.com", "marksundspencer.de"])
def test_an_address_meets_the_sign_that_it_cannot_have(address: str) -> None:
    assert normalise(address).written & normalise("Marks & Spencer plc").written


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hartwell, Moscow", "Hartwell"),
        ("Hartwell (Wuppertal)", "Hartwell"),
        ("Hartwell - Kuala Lumpur", "Hartwell"),
        ("Hartwell, Brightmoor", "Hartwell, Brightmoor"),
        ("City of Hartwell, Moscow", "City of Hartwell, Moscow"),
        ("Hotel Hartwell (Paris)", "Hotel Hartwell (Paris)"),
    ],
)
def test_a_city_behind_a_name_is_where_it_is_unless_the_name_needs_it(text: str, left: str) -> None:
    assert without_remarks(text) == left


def test_a_legal_form_before_brackets_is_none_of_the_names_words() -> None:
    assert normalise("Hartwell S.A. (Switzerland)").core == "hartwell switzerland"
    assert normalise("Hartwell S.A. (Switzerland)").form == normalise("Hartwell S.A.").form


def test_what_initials_stand_for_counts_before_they_do() -> None:
    """Two that say it differently are two, though both are called so for short."""
    one, other = "HPB (Hartwell Pump Builders)", "HPB (Horizon Plastics Bureau)"
    assert score(CompanyQuery(one), CompanyFacts((other,))).score < REVIEW
    assert score(CompanyQuery(one), CompanyFacts(("Hartwell Pump Builders",))).score >= SAME
    assert REVIEW <= score(CompanyQuery(one), CompanyFacts(("HPB Ltd",))).score < SAME
    assert normalise("HPL (Hartwell Pump)").core == "hartwell pump"  # Ltd is left out


@pytest.mark.parametrize(
    "text", ["Hartwell Primary School, Leeds", "Городская больница № 4, Казань", "Szpital Hartwell, Warszawa"]
)
def test_bodies_named_alike_in_many_places_keep_theirs(text: str) -> None:
    assert without_remarks(text) == text


def test_two_cities_behind_one_name_are_asked_about() -> None:
    def value(other: str) -> float:
        return score(CompanyQuery("Hartwell Lukoil, Vienna"), CompanyFacts((other,))).score

    assert value("Hartwell Lukoil, Graz") < SAME <= value("Hartwell Lukoil")
    assert value("Hartwell Lukoil, Wien") >= SAME


def test_a_telephone_alone_is_never_enough() -> None:
    def value(name: str) -> float:
        facts = CompanyFacts((name,), phone="030 1234567")
        return score(CompanyQuery("Hartwell Pumps", phone="+49 30 1234567"), facts).score

    assert REVIEW <= value("Hartwell Group") < SAME <= value("Hartwell Pump")
    assert REVIEW <= value("Hartley Pumps") < SAME  # much alike, and yet another name
