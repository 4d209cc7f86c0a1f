"""Domains, legal forms, several names in one field, weights, signals with their places."""

import pytest

from companies.matching import (
    REVIEW,
    CompanyFacts,
    CompanyQuery,
    evident_domain,
    meant_by,
    names_in,
    normalise,
    rank,
    registrable_domain,
    score,
)
from companies.matching.align import CUT
from companies.matching.closeness import closeness
from companies.matching.entries import entry, hashed, mistyped
from companies.matching.features import FEATURES, look
from companies.matching.fold import LONGEST, clean, clean_display
from companies.matching.probe import Probe, shortlist
from companies.matching.rates import Rates


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://shop.acme.co.uk/x?y#z", "acme.co.uk"),
        ("Joe@Mail.Acme.DE", "acme.de"),
        ("acme.com", "acme.com"),
        ("  WWW.ACME.COM.  ", "acme.com"),
        ("//acme.com:8080/", "acme.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("www.hartwell.ac.za", "hartwell.ac.za"),
        ("joe@mail.hartwell.gob.hn", "hartwell.gob.hn"),
        ("go.fr", "go.fr"),
        ("go.it", ""),  # the province of Gorizia, where others register
        ("co.uk", ""),
        ("www.linz.gv.at", "linz.gv.at"),
        ("x.mof.gov.sk", "mof.gov.sk"),
        ("www.rki.bund.de", "rki.bund.de"),
        ("cde.ca.gov", "cde.ca.gov"),
        ("dot.state.tx.us", "dot.state.tx.us"),
        ("quill.webflow.io", "quill.webflow.io"),
        ("acme.wordpress.com", "acme.wordpress.com"),
        ("shop.quill.odoo.com", "quill.odoo.com"),
        ("www.gov.uk/dvla", "www.gov.uk"),
        ("www.bund.de", "bund.de"),
        ("https://www.webflow.io/quill", "webflow.io"),
        ("localhost", ""),
        ("192.168.0.1", ""),
        ("not a domain", ""),
        ("", ""),
        ("http://", ""),
        ("a" * 300 + ".com", ""),
    ],
)
def test_registrable_domain(address: str, domain: str) -> None:
    assert registrable_domain(address) == domain


@pytest.mark.parametrize(
    "address",
    [
        *(
            "joe@gmail.com",
            "https://wordpress.com/acme",
            "facebook.com/acme",
            "joe@web.de",
            "mario@libero.it",
        ),
        *("mario@yahoo.it", "ana@hotmail.com.br", "https://outlook.fr", "jean@live.fr", "jo@gmx.es"),
        *(
            "jo@telekom.de",
            "www.vodafone.de",
            "jo@posteo.de",
            "jo@nyc.rr.com",
            "jo@i.ua",
            "jo@op.pl",
            "jo@telenor.no",
        ),
        *("www.gov.uk/dvla", "bund.de", "https://www.ca.gov", "gv.at", "www.webflow.io/quill", "odoo.com"),
        *("etsy.com/shop/acme", "linktr.ee/acme", "sites.google.com/acme", "gov.sk"),
    ],
)
def test_shared_domains_are_no_evidence(address: str) -> None:
    assert evident_domain(address) == ""


@pytest.mark.parametrize(
    "link",
    [
        "https://find-and-update.company-information.service.gov.uk/company/01234567",
        "https://www.societe.com/societe/malerei-huber-1.html",
        "https://www.infogreffe.fr/entreprise/malerei-huber",
        "https://www.pappers.fr/entreprise/malerei-huber",
        "https://www.handelsregister.de/rp_web/x",
        "https://bizfileonline.sos.ca.gov/search/business",
        "https://www.dnb.com/business-directory/company-profiles.huber.html",
        "https://www.zoominfo.com/c/huber/1",
        "https://www.bloomberg.com/profile/company/HUB:GR",
        "https://de.indeed.com/cmp/huber",
        "https://www.google.de/search?q=huber",
        "https://app.box.com/s/1",
        "https://web.archive.org/web/2020/huber.de",
        "https://chatgpt.com/c/1",
    ],
)
def test_a_link_to_a_register_a_directory_or_a_search_is_no_evidence(link: str) -> None:
    assert evident_domain(link) == ""


def test_a_firm_whose_host_is_shared_keeps_its_own_domain() -> None:
    assert (evident_domain("app.box.com/s/1"), evident_domain("www.box.com")) == ("", "box.com")
    assert evident_domain("https://www.salesforce.com/de") == "salesforce.com"


@pytest.mark.parametrize(
    ("text", "core", "form"),
    [
        ("Siemens Aktiengesellschaft", "siemens", ("aktiengesellschaft",)),
        ("Acme Co., Ltd.", "acme", ("co", "ltd")),
        ("Müller & Co. KG", "muller", ("co", "kg")),
        ("The Company Ltd", "the", ("company", "ltd")),
        ("Limited", "limited", ()),
        ("Rhein GmbH Technik", "rhein technology", ("gmbh",)),
        ("ООО Ромашка", "romashka", ()),
        ("有限公司", "youxiangongsi", ()),
        ("АО Лукойл", "lukoyl", ()),
        ("Acme Prviate Limitde", "acme", ("private", "limited")),
        ("PVH CORP. /DE/", "pvh", ("corp",)),
        ("M/s Aditya Steel", "aditya steel", ()),
        ("Fund II", "fund 2", ()),
        ("007 Agents", "7 agents", ()),
        ("HARTWELLOPTICSGMBH", "hartwelloptics", ("gmbh",)),
        ("Hartwellunlimited", "hartwellunlimited", ()),
        ("www.hartwelloptic-srl-inliquidazione.it", "hartwelloptic", ("srl", "inliquidazione")),
        ("linkedin.com/company/hartwell-pump/", "hartwell pump", ()),
        ("1und1 Hartwell", "11 hartwell", ()),
        ("Barilla F.lli", "barilla brother", ()),
        ("Koninklijke Hartwell N.V.", "hartwell", ("nv",)),
        ("Koninklijke Bibliotheek", "royal library", ()),
        ("First Hartwell", "1st hartwell", ()),
        ("One Hartwell", "1 hartwell", ()),
        ("AT Service", "at service", ()),
        ("The Service Ltd", "service", ("ltd",)),
        ("Hartwell SE & Co. KG", "hartwell", ("se", "co", "kg")),
        ("Pump GbR Hartwell", "pump hartwell", ("gbr",)),
        ("NV Hartwell SA", "hartwell", ("nv", "sa")),
        ("Hartwell Funding Designated Activity", "hartwell funding", ("designated", "activity")),
        ("Hartwell Co. of York", "hartwell company york", ()),
        ("N Brown Group plc", "n brown group", ("plc",)),
        ("E-Pump Srl", "e pump", ("srl",)),
        ("& Sons Cold Storage", "son cold storage", ()),
        ("A van den Berg", "a berg", ()),
        ("Van den Berg", "berg", ()),
        ("Hartwell Fund I GP", "hartwell fund 1 gp", ()),
        ("Hartwell Partners V", "hartwell partner 5", ()),
        ("Pump Hartwell I LLC", "pump hartwell 1", ("llc",)),
        ("Hartwell X", "hartwell x", ()),
        ("Ceramika i Szkło", "ceramika glass", ()),
        ("Hartwell AG Niederlassung Nürnberg", "hartwell nuremberg", ("ag",)),
        ("Hartwell Bank Berhad, Labuan Offshore Branch", "hartwell bank", ("berhad",)),
        ("Hartwell Branch Holdings", "hartwell branch holding", ()),
        ("(株)東芝", "dongzhi", ()),
        ("현대(주)", "hyeondae", ()),
    ],
)
def test_core_and_legal_form(text: str, core: str, form: tuple[str, ...]) -> None:
    assert (normalise(text).core, normalise(text).form) == (core, form)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Acme", [("legal", "acme")]),
        ("Acme dba Rocket", [("legal", "acme"), ("dba", "rocket")]),
        ("Acme, f/k/a Rocket", [("legal", "acme"), ("former", "rocket")]),
        ("Acme (formerly known as Rocket)", [("legal", "acme"), ("former", "rocket")]),
        ("Acme (erstwhile Rocket)", [("legal", "acme"), ("former", "rocket")]),
        ("Acme a.k.a. Rocket dba Moon", [("legal", "acme"), ("alias", "rocket"), ("dba", "moon")]),
        ("dba Rocket", [("legal", "dba rocket")]),
    ],
)
def test_several_names_in_one_field(text: str, names: list[tuple[str, str]]) -> None:
    assert [(kind, name.core) for kind, name in names_in(text)] == names


def test_cleaning_is_bounded_and_removes_what_is_invisible() -> None:
    assert clean("ﷺ" * 1000).count(" ") < LONGEST
    assert len(clean("x" * 10_000)) == LONGEST
    assert clean_display("Ac\u202eme\x00 \n Tools\u200c") == "Ac me Tools\u200c"


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("siemens", "simens", 0.8, 0.95),
        ("motor", "motors", 0.95, 0.95),
        ("mueller", "muller", 0.97, 0.97),
        ("lakshmi", "laxmi", 0.97, 0.97),
        ("bank", "bahn", 0, 0.8),
        ("delta", "faucet", 0, 0),
        ("2", "3", 0, 0),
        ("ab", "ac", 0, 0),
        ("eqpt", "equipment", 0.6, 0.6),
        ("cnsltnts", "consultants", 0.6, 0.6),
        ("brnd", "brandenburg", 0, 0),
        ("mike", "michael", 0.9, 0.9),
        ("bob", "bobby", 0.9, 0.9),
        ("james", "jimmy", 0.9, 0.9),
        ("bob", "richard", 0, 0),
    ],
)
def test_closeness(one: str, other: str, least: float, most: float) -> None:
    assert least <= closeness(one, other) <= most
    assert closeness(one, other) == closeness(other, one)


def test_a_word_is_worth_more_the_fewer_names_carry_it() -> None:
    rates = Rates()
    assert rates.weight("fund") < rates.weight("pacific") < rates.weight("siemens") <= 1
    # The list's own counts take over as it grows.
    assert Rates({"siemens": 5_000}, total=10_000).weight("siemens") < rates.weight("siemens")
    assert Rates({"siemens": 1}, total=1_000_000).weight("siemens") > rates.weight("siemens")
    # A word that companies bear was hardly mistyped.
    assert rates.seen("wagner") > rates.seen("wagnre") == 0
    assert Rates({"wagnre": 9}, total=100).seen("wagnre") > 0


def test_signals_tell_where_the_words_stand() -> None:
    found = score(CompanyQuery("The Müller-Kesselring AG"), CompanyFacts(("MUELLER Kesselring Süd",)))
    signals = {signal.code: signal for signal in found.signals}

    shared = signals["shared"]
    assert [shared.ours[a:b] for a, b in shared.ours_spans] == ["Müller", "Kesselring"]
    assert [shared.theirs[a:b] for a, b in shared.theirs_spans] == ["MUELLER", "Kesselring"]
    assert signals["alone"].label.lower().endswith("only the known name has “süd”")


@pytest.mark.parametrize(
    ("facts", "code", "up"),
    [
        ({"domain": "mail@acme.com"}, "same_domain", True),
        ({"domain": "other.com"}, "other_domain", False),
        ({"country": "de"}, "same_country", True),
        ({"country": "FR"}, "other_country", False),
        ({"city": "KÖLN"}, "same_city", True),
        ({"postcode": "50667 "}, "same_postcode", True),
        ({"phone": "0221 / 123 45 67"}, "same_phone", True),
    ],
)
def test_other_fields_shift_the_odds(facts: dict[str, str], code: str, up: bool) -> None:
    ours = {
        "domain": "acme.com",
        "country": "DE",
        "city": "Köln",
        "postcode": "50667",
        "phone": "+49 221 1234567",
    }
    bare = score(CompanyQuery("Acme Tools", **ours), CompanyFacts(("Acme Tooling",)))
    with_fact = score(CompanyQuery("Acme Tools", **ours), CompanyFacts(("Acme Tooling",), **facts))

    assert code in [signal.code for signal in with_fact.signals]
    assert (with_fact.score > bare.score) is up


def test_the_same_domain_outweighs_another_name_to_a_look() -> None:
    found = score(
        CompanyQuery("NWL", domain="nordwind.de"), CompanyFacts(("Sunshine Bakery",), domain="nordwind.de")
    )
    assert found.tier in {"review", "same"}


def found_by(query: str, *names: str) -> list[str]:
    """The names whose keys the query asks for, in the shortlist's order."""
    probe = Probe([name for _, name in names_in(query)])
    entries = {name: entry(name) for name in names}
    known: dict[str, int] = {}
    for one in entries.values():
        for word in one.words:
            if word in probe.words or set(mistyped(word)) & set(probe.typos):
                known[word] = known.get(word, 0) + 1
    keys = set(probe.keys(known, len(names)))
    met = [name for name, one in entries.items() if keys & set(one.keys)]
    return [met[place] for place in shortlist(probe, [entries[name].core for name in met], 12)]


OTHERS = tuple(f"{word} Works {n}" for n, word in enumerate(["Alpine", "Boreal", "Cobalt", "Delta"] * 5))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("I.B.M.", "International Business Machines Corp."),
        ("International Business Machines", "IBM"),
        ("Face Book", "Facebook Inc"),
        ("Simens", "Siemens AG"),
        ("Siemesn Energy", "Siemens Energy"),
        ("Machines Business International", "International Business Machines"),
        ("www.delonghi.it", "De'Longhi S.p.A."),
        ("Rocket Tools", "Holdfast LLC dba Rocket Tools"),
        ("QuidelOrtho", "Quidel Corp"),
        ("Green Houselogistics", "Greenhouse Logistics"),
        ("UniversitÃ© du QuÃ©bec", "Université du Québec"),
        ("НЛМК Трейдинг", "NLMK Treyding OOO"),
    ],
)
def test_found_however_it_is_spelled(query: str, name: str) -> None:
    assert name in found_by(query, *OTHERS, name)


def test_of_many_words_one_letter_off_the_common_ones_and_swapped_letters_are_looked_at() -> None:
    """Of 'Hery' and 'Adad' a list knows more neighbours than are followed: rare ones come first, but not alone."""
    near = [f"her{letter}" for letter in "bcdfgjklmnpqrs"]
    probe = Probe([name for _, name in names_in("Hery Drilline")])
    keys = probe.keys({**dict.fromkeys(near, 1), "henry": 900, "drilling": 1_500}, 1_000_000)
    assert set(keys) & set(entry("Henry Drilling LLC").keys)

    near = [f"ada{letter}" for letter in "bcefghijklmnpqr"]
    probe = Probe([name for _, name in names_in("Adad Service")])
    keys = probe.keys({**dict.fromkeys(near, 1), "adda": 8, "adad": 0}, 1_000_000)
    assert hashed("t:adda") in keys


def test_the_shortlist_keeps_the_likeliest_of_many() -> None:
    many = [f"Nordwind {word} {n}" for n in range(30) for word in ("Logistik", "Energie")]
    assert found_by("Nordwind Pumpen GmbH", *many, "Nordwind Pumpen")[0] == "Nordwind Pumpen"


def test_beside_the_very_name_only_what_is_near_it_is_compared() -> None:
    names = (
        "Nordwind",
        "Nordwind Energie",
        "Nordwind Energie Logistik Pumpen Werke Nord",
        "Nordwald Sued Hafen",
    )
    probe = Probe([name for _, name in names_in("Nordwind")])
    probe.keys({"nordwind": 3, "nordwald": 1}, 1_000)
    kept = shortlist(probe, [entry(name).core for name in names], 12)
    assert [names[place] for place in kept] == list(names[:2])


def test_a_word_that_companies_bear_was_hardly_mistyped() -> None:
    """'Utopya' is a company's word: those that bear it come before any 'Utopia'."""
    names = ("Utopia Global", "Utopia Medical", "Utopya Turizm Insaat Isletmecilik AS")
    probe = Probe([name for _, name in names_in("Utopya")])
    probe.keys({"utopya": 1, "utopia": 30}, 100_000)
    cores = [entry(name).core for name in names]
    assert 2 in shortlist(probe, cores, 2)
    probe.keys({"utopia": 30}, 100_000)
    assert shortlist(probe, cores, 2) == [0, 1]


def test_an_address_of_a_university_is_the_university_called_so() -> None:
    names = [name.core for name in meant_by("office@hartwell.ac.nz")]
    assert names == ["hartwell", "university hartwell"]
    assert [name.core for name in meant_by("office@hartwell.co.nz")] == ["hartwell"]


def test_what_has_no_letters_has_no_keys() -> None:
    assert entry("🚀").keys == ()
    assert all(-(2**31) <= hashed(label) < 2**31 for label in ("j:siemens", "t:华", ""))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("टाटा स्टील", "Tata Steel"),
        ("איתוראן", "Ituran"),
        ("삼성전자", "Samseong Jeonja"),
        ("Αλουμύλ", "Alumil"),
    ],
)
def test_names_of_two_scripts_are_alike_by_their_consonants(one: str, other: str) -> None:
    seen = look(normalise(one), normalise(other), Rates()).values
    assert seen[FEATURES.index("letters.sound")] >= 0.85
    assert not normalise(other).foreign


def test_a_character_is_read_alike_in_every_form_of_it() -> None:
    steel, paper = normalise("日本製鉄"), normalise("日本製紙")

    assert steel.core == normalise("日本製鐵").core == normalise("日本制铁").core
    assert steel.core != paper.core


def test_one_script_is_compared_by_its_letters_alone() -> None:
    seen = look(normalise("Müller"), normalise("Möller"), Rates()).values
    assert seen[FEATURES.index("letters.sound")] == 0


def test_of_may_turn_a_name_into_another() -> None:
    def seen(one: str, other: str) -> float:
        return look(normalise(one), normalise(other), Rates()).values[FEATURES.index("order.linked")]

    assert seen("University of York", "York University") == 1
    assert seen("Rossi Mario Trasporti", "Mario Rossi Trasporti") == 0
    assert seen("University of York", "University York") == 0


def test_a_well_known_company_is_no_slip_of_a_word() -> None:
    rates = Rates()
    assert rates.seen("casio") > 0 < rates.seen("equinix")
    assert rates.seen("equinyx") == 0


def test_the_name_as_typed_comes_before_what_a_famous_short_name_stands_for() -> None:
    found = [
        (1, CompanyFacts(("American Telephone and Telegraph Company",))),
        (2, CompanyFacts(("AT&T Corp.",))),
    ]
    first, second = rank(CompanyQuery("AT&T Inc."), found, known={}, total=1_000_000)
    assert (first.id, second.id) == (2, 1)
    assert "bears the very name" in " ".join(signal.label for signal in second.match.signals)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bharat Elec. Ltd", "Bharat Electronics Ltd"),
        ("Masch.fabrik Reinhausen", "Maschinenfabrik Reinhausen GmbH"),
        ("Masch.fabr. Reinhausen", "Maschinenfabrik Reinhausen"),
    ],
)
def test_a_full_stop_says_that_a_word_is_cut(one: str, other: str) -> None:
    def worst(one: str, other: str) -> float:
        return look(normalise(one), normalise(other), Rates()).values[FEATURES.index("alone.sum_more")]

    assert worst(one, other) == worst(other, one) == 0
    assert score(CompanyQuery(one), CompanyFacts((other,))).score >= REVIEW


def test_the_last_word_of_a_long_name_may_be_cut_off() -> None:
    def alone(one: str, other: str) -> float:
        return look(normalise(one), normalise(other), Rates()).values[FEATURES.index("slips.worst")]

    assert alone("Hartwell Optical Lens Distri", "Hartwell Optical Lens Distribution") == CUT
    assert alone("Hartwell Distri", "Hartwell Distribution") < CUT  # no field is so short


def test_who_bears_the_very_name_speaks_against_no_other_where_one_looks_past_it() -> None:
    found = [
        (1, CompanyFacts(("Aurora Bottling Company",))),
        (2, CompanyFacts(("Bottling Co. Aurora",))),
    ]
    query = CompanyQuery("Bottling Co. Aurora")
    alone = rank(query, found[:1], known={}, total=200)[0].match.score

    beside = {one.id: one.match.score for one in rank(query, found, known={}, total=200)}
    past = {one.id: one.match.score for one in rank(query, found, known={}, total=200, look_past=True)}
    assert beside[1] < REVIEW <= past[1] == alone
    assert past[2] == beside[2]
