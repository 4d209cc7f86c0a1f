"""Domains, legal forms, several names in one field, weights, signals with their places."""

import pytest

from companies.matching import (
    CompanyFacts,
    CompanyQuery,
    evident_domain,
    names_in,
    normalise,
    registrable_domain,
    score,
)
from companies.matching.closeness import closeness
from companies.matching.fold import LONGEST, clean, clean_display
from companies.matching.keys import keys_of
from companies.matching.weights import COMMON, Weigher


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://shop.acme.co.uk/x?y#z", "acme.co.uk"),
        ("Joe@Mail.Acme.DE", "acme.de"),
        ("acme.com", "acme.com"),
        ("  WWW.ACME.COM.  ", "acme.com"),
        ("//acme.com:8080/", "acme.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("co.uk", ""),
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
    "address", ["joe@gmail.com", "https://acme.wordpress.com", "facebook.com/acme", "joe@web.de"]
)
def test_shared_domains_are_no_evidence(address: str) -> None:
    assert evident_domain(address) == ""


@pytest.mark.parametrize(
    ("text", "core", "form"),
    [
        ("Siemens Aktiengesellschaft", "siemens", ("aktiengesellschaft",)),
        ("Acme Co., Ltd.", "acme", ("co", "ltd")),
        ("Müller & Co. KG", "muller", ("co", "kg")),
        ("The Company Ltd", "the", ("company", "ltd")),
        ("Limited", "limited", ()),
        ("Deutsche GmbH Technik", "deutsche technik", ("gmbh",)),
        ("ООО Ромашка", "romashka", ("ooo",)),
        ("有限公司", "youxiangongsi", ()),
        ("Fund II", "fund 2", ()),
        ("007 Agents", "7 agents", ()),
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
        ("bank", "bahn", 0, 0.8),
        ("delta", "faucet", 0, 0),
        ("2", "3", 0, 0),
        ("abc", "abd", 0, 0),
    ],
)
def test_closeness(one: str, other: str, least: float, most: float) -> None:
    assert least <= closeness(one, other) <= most
    assert closeness(one, other) == closeness(other, one)


def test_weights_from_frequencies_or_from_the_list() -> None:
    assert Weigher().weight("siemens") == 1
    assert Weigher().weight("service") == COMMON
    known = Weigher({"pacific": 900, "siemens": 1}, total=100_000)
    assert known.weight("siemens") > 0.9
    assert known.weight("pacific") < 0.5
    assert known.weight("siemens") > known.weight("pacific")
    assert Weigher(lambda word: None, 100_000).weight("siemens") == 1


def test_signals_tell_where_the_words_stand() -> None:
    found = score(CompanyQuery("The Müller-Werke AG"), CompanyFacts(("MUELLER Werke Süd",)))
    shared = next(signal for signal in found.signals if signal.code == "shared_words")

    assert [shared.ours[a:b] for a, b in shared.ours_spans] == ["Müller", "Werke"]
    assert [shared.theirs[a:b] for a, b in shared.theirs_spans] == ["MUELLER", "Werke"]
    assert "only_theirs" in [signal.code for signal in found.signals]


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


def test_keys_meet_across_spellings() -> None:
    assert "i:ibm" in keys_of("International Business Machines Corp.") & keys_of("I.B.M.")
    assert "j:facebook" in keys_of("Face Book") & keys_of("Facebook Inc")
    assert keys_of("Siemens") & keys_of("Simens")
    assert keys_of("🚀") == set()
